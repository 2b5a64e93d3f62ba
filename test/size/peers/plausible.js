import { init, track } from '@plausible-analytics/tracker';

init({ domain: 'example.org' });
track('button_clicked', { props: { place: 'header' } });
