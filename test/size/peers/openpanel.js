import { OpenPanel } from '@openpanel/web';

const tracker = new OpenPanel({ clientId: 'id' });
tracker.track('button_clicked', { place: 'header' });
