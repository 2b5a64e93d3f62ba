import { createTracker } from 'signals-subgraph/sdk';
import { createOfflineStore } from 'signals-subgraph/sdk/offline';

const tracker = createTracker({
  endpoint: '/graphql',
  appName: 'web',
  user: { id: 1 },
  consent: 'granted',
  offline: createOfflineStore(),
});
tracker.track('button_clicked', { properties: { place: 'header' } });
