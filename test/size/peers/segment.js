import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load({ writeKey: 'key' });
analytics.track('button_clicked', { place: 'header' });
