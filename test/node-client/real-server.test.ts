import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracker } from '../../src/node-client/index.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';

describe('the tracker of a backend, on a real Signals', () => {
  let opened: OpenedStore;
  let app: TestApp;
  beforeAll(async () => {
    opened = await openTestStore();
    app = await createTestApp({ store: opened });
  });
  afterAll(async () => {
    await app.close();
    await opened.store.close();
  });

  it('stores every event once, counts the refused, and makes no visitor of the server', async () => {
    const tracker = createTracker({
      endpoint: app.url,
      token: await app.token('billing-service', 'service'),
      appName: 'conversations',
      appVersion: '1.2.3',
    });
    for (let length = 0; length < 120; length++) tracker.track('message_sent', { properties: { length } });
    tracker.track('message_sent', { properties: { length: 'many' } });
    tracker.track('unheard_of');
    await tracker.close({ timeoutMs: 10_000 });
    expect(tracker.stats()).toMatchObject({
      tracked: 122,
      accepted: 120,
      queued: 0,
      inFlight: 0,
      dropped: { INVALID_PROPERTIES: 1, UNKNOWN_EVENT_TYPE: 1 },
    });
    const rows = await opened.prisma.event.findMany({ include: { dimensions: true } });
    expect(rows).toHaveLength(120);
    expect(
      new Set(
        rows.map(
          ({ userHash, dimensions }) => `${userHash} ${dimensions.source} ${dimensions.browserFamily}`,
        ),
      ),
    ).toEqual(new Set(['null server null']));
  });
});
