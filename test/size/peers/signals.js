import { createTracker } from 'signals-client';

const tracker = createTracker({ endpoint: '/graphql', appName: 'web', user: { id: 1 }, consent: 'granted' });
tracker.track('button_clicked', { properties: { place: 'header' } });
