import { newTracker, trackSelfDescribingEvent } from '@snowplow/browser-tracker';

newTracker('t', 'https://collector.example.org', { appId: 'web' });
trackSelfDescribingEvent({
  event: { schema: 'iglu:org.example/button_clicked/jsonschema/1-0-0', data: { place: 'header' } },
});
