// A backend: the tracker of the package's main entry.
import { createServer } from 'node:http';
import { createTracker, limits, type Tracker, type TrackReason, trackReasons } from 'signals-client/node';

const tracker: Tracker = createTracker({
  endpoint: 'https://signals.example.org',
  token: async () => 'token',
  appName: 'conversations',
  flushAt: limits.maxBatch,
  onError: ({ reason, count }) => process.stderr.write(`${reason} ${count}\n`),
});
export const reason: TrackReason = 'RATE_LIMITED';
export const { retryable } = trackReasons[reason];

createServer((_, response) => {
  tracker.track('message_sent', { properties: { length: 3 } });
  response.end();
});
await tracker.close({ timeoutMs: 1 });

// @ts-expect-error a backend's tracker has a token
createTracker({ endpoint: 'https://signals.example.org', appName: 'conversations' });
// @ts-expect-error not a reason
export const other: TrackReason = 'NO_REASON';
// @ts-expect-error a property must be JSON
tracker.track('message_sent', { properties: { sent: new Map() } });
