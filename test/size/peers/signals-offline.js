import { createTracker } from 'signals-client';
import { createOfflineStore } from 'signals-client/offline';

const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'web',
  user: { id: 1 },
  consent: 'granted',
  offline: createOfflineStore(),
});
tracker.track('button_clicked', { properties: { place: 'header' } });
