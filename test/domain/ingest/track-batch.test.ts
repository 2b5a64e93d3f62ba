import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackEventInput } from '../../../src/contract/index.js';
import type { Author, Origin } from '../../../src/domain/event.js';
import { createOwnership } from '../../../src/domain/ingest/ownership.js';
import type { RateLimiter } from '../../../src/domain/ports/index.js';
import { createKeyring } from '../../../src/domain/privacy/identity/keyring.js';
import { createMemoryStore } from '../../../src/store/memory/memory-store.js';
import { browser, createPipeline, freshId, pageViewed, person } from '../../support/pipeline.js';

const other: Author = { ...person, subject: 'user-2', email: null };

describe('exactly once', () => {
  it('answers a repeated id with DUPLICATE and keeps the first content', async () => {
    const pipeline = createPipeline();
    const event = pageViewed({ route: '/first' });
    expect((await pipeline.one(event)).status).toBe('ACCEPTED');
    expect((await pipeline.one({ ...event, route: '/second' })).status).toBe('DUPLICATE');
    expect(pipeline.rows().map((row) => row.dimensions.route)).toEqual(['/first']);
  });

  it('takes two spellings of one UUID for one event, and answers each as it was sent', async () => {
    const pipeline = createPipeline();
    const lower = freshId().replace(/^0190a000/, 'abcdef00');
    const { results } = await pipeline.batch([
      pageViewed({ clientEventId: lower }),
      pageViewed({ clientEventId: lower.toUpperCase() }),
    ]);
    expect(results.map(({ status, clientEventId }) => [status, clientEventId])).toEqual([
      ['ACCEPTED', lower],
      ['DUPLICATE', lower.toUpperCase()],
    ]);
  });

  it('stays one event over midnight', async () => {
    const pipeline = createPipeline();
    const event = pageViewed();
    await pipeline.one(event);
    pipeline.time.now = new Date('2026-11-21T00:00:01.000Z');
    expect((await pipeline.one(event)).status).toBe('DUPLICATE');
  });

  it('lets another caller use the same id: neither suppresses nor learns of the other', async () => {
    const pipeline = createPipeline();
    const event = pageViewed();
    expect((await pipeline.one(event)).status).toBe('ACCEPTED');
    expect((await pipeline.one(event, { author: other })).status).toBe('ACCEPTED');
    expect(new Set(pipeline.rows().map((row) => row.id)).size).toBe(2);
  });

  it('stores twenty concurrent equal events once', async () => {
    const pipeline = createPipeline();
    const event = pageViewed();
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => pipeline.one(event)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 'ACCEPTED')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'DUPLICATE')).toHaveLength(19);
  });

  it('gives the same rows for any split, order and repetition of a batch', async () => {
    const events = Array.from({ length: 8 }, (_, index) => pageViewed({ seq: index }));
    const expected = createPipeline();
    await expected.batch(events);
    const ids = (pipeline: typeof expected) =>
      pipeline
        .rows()
        .map((row) => `${row.id} ${row.seq}`)
        .sort();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(7), { maxLength: 6 }), { maxLength: 12 }),
        async (batches) => {
          const pipeline = createPipeline();
          for (const batch of batches) await pipeline.batch(batch.flatMap((index) => events[index] ?? []));
          await pipeline.batch(events);
          expect(ids(pipeline)).toEqual(ids(expected));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an event without an id, over REST', () => {
  const withoutId = (overrides: Partial<TrackEventInput> = {}): TrackEventInput => ({
    eventType: 'page_viewed',
    appName: 'web',
    route: '/a',
    ...overrides,
  });
  const call = { deriveIds: true };

  it('is the same event when the same batch is posted again, and a new one when a field changes', async () => {
    const pipeline = createPipeline();
    const batch = [withoutId(), withoutId({ route: '/b' }), withoutId({ properties: { status: 200 } })];
    expect(await pipeline.batch(batch, call)).toMatchObject({ accepted: 3 });
    expect(await pipeline.batch(batch, call)).toMatchObject({ accepted: 0, duplicates: 3 });
    const changed = [withoutId(), withoutId({ route: '/c' }), withoutId({ properties: { status: 200 } })];
    expect(await pipeline.batch(changed, call)).toMatchObject({ accepted: 1, duplicates: 2 });
  });
  it('does not depend on the order of its keys', async () => {
    const pipeline = createPipeline();
    const [first, second] = [
      await pipeline.one(
        { appName: 'web', eventType: 'page_viewed', properties: { status: 200, referrerHost: 'a.example' } },
        call,
      ),
      await pipeline.one(
        { properties: { referrerHost: 'a.example', status: 200 }, eventType: 'page_viewed', appName: 'web' },
        call,
      ),
    ];
    expect(second).toMatchObject({ status: 'DUPLICATE', clientEventId: first?.clientEventId });
  });
  it('is the same event when only sentAt is another one', async () => {
    const pipeline = createPipeline();
    await pipeline.one(withoutId({ sentAt: '2026-11-20T11:59:59Z' }), call);
    const again = await pipeline.one(withoutId({ sentAt: '2026-11-20T12:00:09Z' }), call);
    expect(again.status).toBe('DUPLICATE');
  });
  it('belongs to its author', async () => {
    const pipeline = createPipeline();
    await pipeline.one(withoutId(), call);
    expect((await pipeline.one(withoutId(), { ...call, author: other })).status).toBe('ACCEPTED');
  });
});

describe('the visitor hash', () => {
  const hash = async (
    options: Parameters<typeof createPipeline>[0] & {
      at?: string;
      author?: Author;
      origin?: Partial<Origin>;
      event?: Partial<TrackEventInput>;
    } = {},
  ): Promise<string | null | undefined> => {
    const { at, author = person, origin, event, ...rest } = options;
    const pipeline = createPipeline(rest);
    if (at) pipeline.time.now = new Date(at);
    await pipeline.one(pageViewed(event), { author, origin: { ...browser, ...origin } });
    return pipeline.rows()[0]?.userHash;
  };

  it('is 128 bits, equal within a day and different on the next', async () => {
    expect(await hash()).toMatch(/^[0-9a-f]{32}$/);
    expect(await hash({ at: '2026-11-20T00:00:00.000Z' })).toBe(
      await hash({ at: '2026-11-20T23:59:59.999Z' }),
    );
    expect(await hash({ at: '2026-11-21T00:00:00.000Z' })).not.toBe(await hash());
  });
  it('turns at midnight of the configured zone, also when a day has 23 or 25 hours', async () => {
    const zone = 'Europe/Berlin';
    const spring = ['2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z'];
    const [start, end, next] = await Promise.all(spring.map((at) => hash({ zone, at })));
    expect(end).toBe(start);
    expect(next).not.toBe(start);
    const autumn = ['2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z'];
    const [first, last, after] = await Promise.all(autumn.map((at) => hash({ zone, at })));
    expect(last).toBe(first);
    expect(after).not.toBe(first);
  });
  it('comes back when the clock goes back over midnight', async () => {
    const pipeline = createPipeline();
    const at = async (time: string) => {
      pipeline.time.now = new Date(time);
      await pipeline.one(pageViewed());
      return pipeline.rows().at(-1)?.userHash;
    };
    const before = await at('2026-11-20T23:59:59.000Z');
    expect(await at('2026-11-21T00:00:00.000Z')).not.toBe(before);
    expect(await at('2026-11-20T23:59:59.500Z')).toBe(before);
  });
  it('tells hosts, addresses and browsers apart, and not their spellings', async () => {
    const base = await hash();
    expect(await hash({ event: { host: 'a.example' } })).not.toBe(base);
    expect(await hash({ event: { host: 'A.example' } })).toBe(await hash({ event: { host: 'a.example' } }));
    expect(await hash({ origin: { ip: '203.0.113.8' } })).not.toBe(base);
    expect(
      await hash({
        origin: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' },
      }),
    ).not.toBe(base);
    expect(await hash({ origin: { ip: '2001:db8:1:2::1' } })).toBe(
      await hash({ origin: { ip: '2001:db8:1:2:ffff::9' } }),
    );
    expect(await hash({ origin: { ip: '2001:db8:1:2::1' } })).not.toBe(
      await hash({ origin: { ip: '2001:db8:1:3::1' } }),
    );
  });
  it('is not there where nobody is known: no address, a server emitter', async () => {
    expect(await hash({ origin: { ip: null } })).toBeNull();
    expect(await hash({ author: { ...person, isService: true } })).toBeNull();
  });
  it('is the subject’s in subject mode, whatever the address', async () => {
    const subject = { identity: 'subject' as const };
    expect(await hash({ ...subject, origin: { ip: null } })).toBe(await hash(subject));
    expect(await hash({ ...subject, author: other })).not.toBe(await hash(subject));
  });
  it('is another under another secret', async () => {
    expect(await hash({ secret: 'another secret for tests, longer than 32' })).not.toBe(await hash());
  });
});

describe('the session', () => {
  const sessionId = '018f4e7a-1111-7222-8333-444455556666';
  it('is stored as a hash that links nothing over midnight', async () => {
    const pipeline = createPipeline();
    await pipeline.batch([pageViewed({ sessionId }), pageViewed({ sessionId: sessionId.toUpperCase() })]);
    pipeline.time.now = new Date('2026-11-21T00:00:00.000Z');
    await pipeline.one(pageViewed({ sessionId }));
    const hashes = pipeline.rows().map((row) => row.sessionHash);
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
    expect(JSON.stringify(pipeline.rows())).not.toContain(sessionId);
  });
});

describe('the kill switch', () => {
  it('makes every new hash unlinkable, and uses one secret for all events of a call', async () => {
    const keyrings = ['first secret, of more than 32 bytes!', 'second secret, of more than 32 bytes'].map(
      (text) => createKeyring(Buffer.from(text)),
    );
    let current = keyrings[0] ?? null;
    const pipeline = createPipeline({ keys: () => current });
    const sessionId = freshId();
    const three = () => [pageViewed({ sessionId }), pageViewed({ sessionId }), pageViewed({ sessionId })];
    await pipeline.batch(three());
    current = keyrings[1] ?? null;
    await pipeline.batch(three());
    const sets = (field: 'userHash' | 'sessionHash') => [
      new Set(
        pipeline
          .rows()
          .slice(0, 3)
          .map((row) => row[field]),
      ),
      new Set(
        pipeline
          .rows()
          .slice(3)
          .map((row) => row[field]),
      ),
    ];
    for (const field of ['userHash', 'sessionHash'] as const) {
      const [before, after] = sets(field);
      expect([before?.size, after?.size]).toEqual([1, 1]);
      expect([...(before ?? [])][0]).not.toBe([...(after ?? [])][0]);
    }
    current = null;
    expect(
      await pipeline.track({
        author: person,
        origin: browser,
        events: [pageViewed()],
        sentAt: null,
        deriveIds: false,
      }),
    ).toEqual({
      ok: false,
      error: 'SERVICE_UNAVAILABLE',
    });
  });
});

describe('the rate limit', () => {
  it('charges every event, also those that are refused, and says when to come back', async () => {
    const pipeline = createPipeline({ perMinute: 4 });
    const { results } = await pipeline.batch([
      pageViewed(),
      pageViewed({ appName: 'nope' }),
      pageViewed(),
      pageViewed(),
      pageViewed(),
      pageViewed(),
    ]);
    expect(results.map(({ reason, status }) => reason ?? status)).toEqual([
      'ACCEPTED',
      'UNKNOWN_APP',
      'ACCEPTED',
      'ACCEPTED',
      'RATE_LIMITED',
      'RATE_LIMITED',
    ]);
    expect(results[5]?.retryAfterMs).toBeGreaterThan(0);
    expect(results[5]?.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await pipeline.one(pageViewed())).reason).toBe('RATE_LIMITED');
  });
  it('is per subject, and not for servers and importers', async () => {
    const pipeline = createPipeline({ perMinute: 1 });
    await pipeline.one(pageViewed());
    expect((await pipeline.one(pageViewed(), { author: other })).status).toBe('ACCEPTED');
    for (const author of [
      { ...person, isService: true },
      { ...person, mayBackfill: true },
    ]) {
      expect(await pipeline.batch([pageViewed(), pageViewed(), pageViewed()], { author })).toMatchObject({
        accepted: 3,
      });
    }
  });
});

describe('the name of an allowance', () => {
  it('is of the day in the zone: it tells callers apart and links no two days', async () => {
    const names: string[] = [];
    const limiter: RateLimiter = {
      async take(key, wanted) {
        names.push(key);
        return { granted: wanted, retryAfterMs: 1 };
      },
    };
    const pipeline = createPipeline({ zone: 'Europe/Berlin', limiter });
    for (const at of ['2026-11-20T22:59:59.999Z', '2026-11-20T12:00:00.000Z', '2026-11-20T23:00:00.000Z']) {
      pipeline.time.now = new Date(at);
      await pipeline.one(pageViewed());
    }
    await pipeline.one(pageViewed(), { author: other });
    const [evening, noonOfIt, nextDay, another] = names;
    expect(evening).toBe(noonOfIt);
    expect(new Set([evening, nextDay, another]).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('ownership', () => {
  const sessionId = '018f4e7a-1111-7222-8333-444455556666';
  const entity = { entityType: 'journey', entityId: freshId() };

  it('asks for events on a session or an entity, with what was sent', async () => {
    const asked: unknown[] = [];
    const ownership = createOwnership((question) => {
      asked.push(question);
      return question.subject === 'user-1';
    });
    const pipeline = createPipeline({ ownership });
    expect((await pipeline.one(pageViewed(entity))).status).toBe('ACCEPTED');
    expect((await pipeline.one(pageViewed(entity), { author: other })).reason).toBe('INVALID_ENTITY');
    expect((await pipeline.one(pageViewed({ sessionId }), { author: other })).reason).toBe('INVALID_SESSION');
    expect((await pipeline.one(pageViewed(), { author: other })).status).toBe('ACCEPTED');
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatchObject({ subject: 'user-1', entityId: entity.entityId, appName: 'web' });
  });
  it('loses nothing and lets nothing through when the rule fails', async () => {
    const ownership = createOwnership(() => Promise.reject(new Error('down')));
    const pipeline = createPipeline({ ownership });
    const answer = await pipeline.track({
      author: person,
      origin: browser,
      events: [pageViewed(entity)],
      sentAt: null,
      deriveIds: false,
    });
    expect(answer).toEqual({ ok: false, error: 'SERVICE_UNAVAILABLE' });
    expect(pipeline.rows()).toHaveLength(0);
  });
});

describe('counting', () => {
  it('counts every event once as received and once by what became of it, under names of the catalogue only', async () => {
    const pipeline = createPipeline({ perMinute: 6 });
    const twice = pageViewed();
    await pipeline.batch([
      twice,
      twice,
      pageViewed({ appName: 'evil "label"' }),
      pageViewed({ eventType: 'x'.repeat(500) }),
    ]);
    await pipeline.batch([pageViewed(), pageViewed({ seq: -1 }), pageViewed()]);
    const received = pipeline.counts.filter((line) => line.startsWith('received'));
    const settled = pipeline.counts.filter((line) =>
      /^(accepted|duplicate|dropped|rejected|failed)/.test(line),
    );
    expect(received).toHaveLength(7);
    expect(settled.map((line) => line.split(' ').slice(1, 3).join(' ')).sort()).toEqual(
      received.map((line) => line.split(' ').slice(1).join(' ')).sort(),
    );
    expect(pipeline.counts.join()).not.toContain('evil');
  });
  it('counts a call that the store could not take as failed', async () => {
    const store = {
      ...createMemoryStore(),
      append: async (events: readonly unknown[]) => events.map(() => 'UNAVAILABLE' as const),
    };
    const pipeline = createPipeline({ sink: store });
    const answer = await pipeline.track({
      author: person,
      origin: browser,
      events: [pageViewed(), pageViewed()],
      sentAt: null,
      deriveIds: false,
    });
    expect(answer).toEqual({ ok: false, error: 'SERVICE_UNAVAILABLE' });
    expect(pipeline.counts.filter((line) => line.startsWith('failed'))).toHaveLength(2);
  });
  it('answers OVERLOADED with a time to come back', async () => {
    const store = {
      ...createMemoryStore(),
      append: async (events: readonly unknown[]) => events.map(() => 'OVERLOADED' as const),
    };
    const result = await createPipeline({ sink: store }).one(pageViewed());
    expect(result).toMatchObject({ status: 'DROPPED', reason: 'OVERLOADED', retryAfterMs: 1_000 });
  });
  it.each([
    ['too few', ['ACCEPTED']],
    ['none', []],
    ['too many', ['ACCEPTED', 'ACCEPTED', 'ACCEPTED']],
  ] as const)('acknowledges nothing where the store gives %s verdicts', async (_, verdicts) => {
    const store = { ...createMemoryStore(), append: async () => verdicts };
    const pipeline = createPipeline({ sink: store });
    const call = { author: person, origin: browser, sentAt: null, deriveIds: false };
    expect(await pipeline.track({ ...call, events: [pageViewed(), pageViewed()] })).toEqual({
      ok: false,
      error: 'SERVICE_UNAVAILABLE',
    });
    expect(pipeline.counts.filter((line) => line.startsWith('failed'))).toHaveLength(2);
  });
  it('tells a misspelt event name from an unknown app, and both from an app without that event', async () => {
    const pipeline = createPipeline();
    await pipeline.batch([
      pageViewed({ appName: 'wep' }),
      pageViewed({ eventType: 'page_veiwed' }),
      pageViewed({ eventType: 'video_published' }),
    ]);
    expect(pipeline.counts.filter((line) => line.startsWith('rejected'))).toEqual([
      'rejected unknown page_viewed UNKNOWN_APP unknown',
      'rejected web unknown UNKNOWN_EVENT_TYPE unknown',
      'rejected web video_published UNKNOWN_EVENT_TYPE app',
    ]);
  });
  it('refuses a row that the engine cannot store, and only that row', async () => {
    const store = {
      ...createMemoryStore(),
      append: async () => ['ACCEPTED', 'UNSTORABLE'] as const,
    };
    const { results } = await createPipeline({ sink: store }).batch([pageViewed(), pageViewed()]);
    expect(results.map(({ reason, status }) => reason ?? status)).toEqual(['ACCEPTED', 'INVALID_TEXT']);
  });
  it('refuses an event whose day the store has forgotten, as it refuses one of a day before', async () => {
    const store = { ...createMemoryStore(), append: async () => ['TOO_OLD'] as const };
    expect(await createPipeline({ sink: store }).one(pageViewed())).toMatchObject({
      ...{ status: 'REJECTED', reason: 'TOO_OLD', field: '/occurredAt', rule: 'retention' },
    });
  });
});

describe('any input at all', () => {
  it('gets one verdict per event and never throws', async () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant(undefined),
      fc.double(),
    );
    const event = fc.record(
      {
        eventType: fc.oneof(fc.constant('page_viewed'), junk),
        appName: fc.oneof(fc.constant('web'), junk),
        clientEventId: fc.oneof(fc.uuid(), junk),
        eventVersion: junk,
        appVersion: junk,
        source: junk,
        host: junk,
        route: junk,
        entityType: fc.oneof(fc.constant('journey'), junk),
        entityId: junk,
        sessionId: junk,
        seq: junk,
        occurredAt: junk,
        properties: fc.oneof(fc.object(), junk),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 5 }), fc.boolean(), async (events, deriveIds) => {
        const pipeline = createPipeline();
        const result = await pipeline.batch(events as TrackEventInput[], { deriveIds });
        expect(result.results).toHaveLength(events.length);
        expect(result.accepted + result.duplicates + result.dropped + result.rejected).toBe(events.length);
      }),
      { numRuns: 300 },
    );
  });
});
