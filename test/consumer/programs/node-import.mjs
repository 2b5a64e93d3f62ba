// The installed package in Node: as a module, and by require(), which Node 20.19 and newer give ES modules to.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createTracker, limits } from 'signals-client/node';

const tracker = createTracker({ endpoint: 'http://127.0.0.1:9', token: 't', appName: 'web', maxAttempts: 1 });
tracker.track('message_sent');
assert.equal(tracker.stats().queued, 1);
await tracker.close({ timeoutMs: 200 });
assert.equal(tracker.stats().tracked, 1);
assert.ok(limits.maxBatch > 0);

const required = createRequire(import.meta.url)('signals-client/node');
assert.equal(required.createTracker, createTracker);
assert.equal(typeof createRequire(import.meta.url)('signals-client').createTracker, 'function');
assert.equal(typeof createRequire(import.meta.url)('signals-client/testing').createTestTracker, 'function');
