import { init, track } from '@amplitude/analytics-browser';

init('key');
track('button_clicked', { place: 'header' });
