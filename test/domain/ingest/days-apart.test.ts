import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits, type TrackEventInput } from '../../../src/contract/index.js';
import { createDayOf } from '../../../src/domain/day.js';
import type { AnonymousEvent, Author } from '../../../src/domain/event.js';
import { browser, createPipeline, pageViewed, person } from '../../support/pipeline.js';

// What the contract promises under "Time" and "What is stored": nothing in a row leads from one day to the next.

const sessionId = '018f4e7a-1111-4222-8333-444455556666';
const journey = { entityType: 'journey', entityId: randomUUID() };
const importer: Author = { ...person, mayBackfill: true };
const server: Author = { ...person, isService: true };

/** A version 7 id as a device makes it whose clock shows this. */
function uuid7(shown: Date): string {
  const time = shown.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** What is stored of the events, each at its own time of arrival. */
async function stored(
  arrivals: readonly { readonly at: string; readonly event?: Partial<TrackEventInput> }[],
  {
    author = person,
    sentAt,
    zone = 'UTC',
    optedOut = false,
  }: {
    author?: Author;
    sentAt?: string;
    zone?: string;
    optedOut?: boolean;
  } = {},
): Promise<readonly AnonymousEvent[]> {
  const pipeline = createPipeline({ zone });
  for (const { at, event } of arrivals) {
    pipeline.time.now = new Date(at);
    const call = {
      author,
      origin: { ...browser, optedOut },
      sentAt: sentAt === undefined ? null : new Date(sentAt),
    };
    const result = await pipeline.one(pageViewed({ clientEventId: randomUUID(), ...event }), call);
    if (result.status !== 'ACCEPTED') throw new Error(`${result.reason} ${result.field} ${result.rule}`);
  }
  return pipeline.rows();
}

describe('an event that arrives on a later day', () => {
  it('is stored as one of its own day: hashes, createdAt and numbers, as if it had come then', async () => {
    const evening = '2026-11-19T23:59:59.000Z';
    const event = { occurredAt: evening, sessionId, seq: 7 };
    const [inTime] = await stored([{ at: evening, event: { ...event, seq: 6 } }]);
    const [late] = await stored([{ at: '2026-11-20T00:00:01.000Z', event }], {
      sentAt: '2026-11-20T00:00:01.000Z',
    });
    expect(late).toMatchObject({
      day: '2026-11-19',
      userHash: inTime?.userHash,
      sessionHash: inTime?.sessionHash,
      createdAt: new Date(evening),
      occurredAt: new Date(evening),
      seq: (inTime?.seq ?? 0) + 1,
    });
  });

  it('does not tell when it arrived', async () => {
    const event = { occurredAt: '2026-11-18T18:00:00.000Z', clientEventId: randomUUID() };
    const [first] = await stored([{ at: '2026-11-19T09:00:00.000Z', event }], {
      sentAt: '2026-11-19T09:00:00.000Z',
    });
    const [second] = await stored([{ at: '2026-11-20T17:23:11.456Z', event }], {
      sentAt: '2026-11-20T17:23:11.456Z',
    });
    expect(second).toEqual(first);
  });

  it('is of the day of the zone, also where a day has 23 or 25 hours', async () => {
    const zone = 'Europe/Berlin';
    const dayOf = createDayOf(zone);
    for (const [at, occurredAt] of [
      ['2026-03-29T22:00:01.000Z', '2026-03-29T21:59:59.000Z'],
      ['2026-10-25T23:00:01.000Z', '2026-10-25T22:59:59.000Z'],
    ] as const) {
      const [row] = await stored([{ at, event: { occurredAt } }], { zone, sentAt: at });
      expect(row).toMatchObject({ day: dayOf(new Date(occurredAt)), createdAt: new Date(occurredAt) });
    }
  });

  it('lies on the day of its salt, whatever the clocks say', async () => {
    const dayOf = createDayOf('Asia/Kolkata');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 71 * 3_600_000 }),
        fc.integer({ min: -400 * 86_400_000, max: 86_400_000 }),
        fc.boolean(),
        fc.boolean(),
        async (age, skew, says, optedOut) => {
          const now = Date.parse('2026-11-20T18:40:00.000Z');
          const [row] = await stored(
            [
              {
                at: new Date(now).toISOString(),
                event: { occurredAt: new Date(now - age + (says ? skew : 0)).toISOString() },
              },
            ],
            {
              zone: 'Asia/Kolkata',
              optedOut,
              ...(says && { sentAt: new Date(now + skew).toISOString() }),
            },
          );
          expect(dayOf(row?.createdAt ?? new Date(0))).toBe(row?.day);
          if (row?.occurredAt) expect(dayOf(row.occurredAt)).toBe(row.day);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a sequence number', () => {
  const seqs = async (
    arrivals: Parameters<typeof stored>[0],
    options?: Parameters<typeof stored>[1],
  ): Promise<(number | null)[]> => (await stored(arrivals, options)).map(({ seq }) => seq);
  const evening = '2026-11-19T12:00:00.000Z';
  const morning = '2026-11-20T12:00:00.000Z';
  const numbers = [3, 4, 9];

  it.each<[string, Partial<TrackEventInput>]>([
    ['of a session', { sessionId }],
    ['of a visitor on an entity', journey],
  ])('%s keeps order and gaps within a day, and does not go on on the next', async (_, event) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = (await seqs([
      ...numbers.map((seq) => ({ at: evening, event: { ...event, seq } })),
      ...[10, 12].map((seq) => ({ at: morning, event: { ...event, seq } })),
    ])) as number[];
    expect([b - a, c - b, e - d]).toEqual([1, 5, 2]);
    expect(d - c).not.toBe(1);
    for (const seq of [a, b, c, d, e]) expect(seq).toBeLessThanOrEqual(2 ** 31 - 2);
  });

  it('of a session is shifted the same way on an entity', async () => {
    const [a = 0, b = 0] = (await seqs([
      { at: morning, event: { sessionId, seq: 1 } },
      { at: morning, event: { sessionId, seq: 2, ...journey } },
    ])) as number[];
    expect(b - a).toBe(1);
  });

  it('of two visitors on one entity are shifted apart', async () => {
    const pipeline = createPipeline();
    await pipeline.one(pageViewed({ ...journey, seq: 1 }));
    await pipeline.one(pageViewed({ ...journey, seq: 2 }), { origin: { ...browser, ip: '203.0.113.8' } });
    const [a, b] = pipeline.rows().map(({ seq }) => seq ?? 0);
    expect((b ?? 0) - (a ?? 0)).not.toBe(1);
  });

  it('without session and entity is not kept', async () => {
    expect(await seqs([{ at: morning, event: { seq: 5 } }])).toEqual([null]);
  });

  it('of a server emitter without a session stays as it was sent, and is shifted with one', async () => {
    const at = morning;
    const [alone, onEntity, inSession] = await seqs(
      [
        { at, event: { seq: 5 } },
        { at, event: { seq: 6, ...journey } },
        { at, event: { seq: 7, sessionId } },
      ],
      { author: server },
    );
    expect([alone, onEntity]).toEqual([5, 6]);
    expect(inSession).toBeGreaterThan(limits.maxBatch);
  });

  it('fits the column, whatever is sent', async () => {
    const [seq] = await seqs([{ at: morning, event: { sessionId, seq: limits.maxSeq } }]);
    expect(seq).toBeLessThanOrEqual(2 ** 31 - 1);
  });
});

describe('the ids of a row', () => {
  const skews = {
    'a clock that is right': 0,
    '−37 s': -37_251,
    '+40 min': 2_400_000,
    '−9 h': -32_400_000,
    '−400 days': -400 * 86_400_000,
  };

  it.each(Object.entries(skews))('hold no clock: %s', async (_, skew) => {
    const at = '2026-11-20T12:34:56.789Z';
    const shown = new Date(Date.parse(at) + skew);
    const [row] = await stored(
      [{ at, event: { clientEventId: uuid7(shown), occurredAt: shown.toISOString() } }],
      { sentAt: shown.toISOString() },
    );
    const day = Date.UTC(2026, 10, 20).toString(16).padStart(12, '0');
    expect(row?.clientEventId?.replaceAll('-', '').slice(0, 12)).toBe(day);
    expect(row?.id.slice(0, 13).replace('-', '')).toBe(row?.id.slice(24));
    expect(row?.occurredAt).toEqual(new Date(at));
  });

  it.each([1, 2, 3, 6, 0, 9, 15])('no UUID of version %s is taken', async (version) => {
    const clientEventId = `018f4e7a-1111-${version.toString(16)}222-8333-444455556666`;
    const result = await createPipeline().one(pageViewed({ clientEventId }));
    expect(result).toMatchObject({ reason: 'INVALID_CLIENT_EVENT_ID', rule: 'uuidVersion' });
  });

  it.each(['0', '7', 'c', 'e', 'f'])(
    'no UUID of the variant %s is taken, whatever it says',
    async (variant) => {
      const clientEventId = `018f4e7a-1111-4222-${variant}333-444455556666`;
      const result = await createPipeline().one(pageViewed({ clientEventId }));
      expect(result).toMatchObject({ reason: 'INVALID_CLIENT_EVENT_ID', rule: 'uuidVersion' });
    },
  );

  it.each([4, 5, 8])('one of version %s is kept as it was sent', async (version) => {
    const clientEventId = `018f4e7a-1111-${version}222-8333-444455556666`;
    const [row] = await stored([{ at: '2026-11-20T12:00:00.000Z', event: { clientEventId } }]);
    expect(row?.clientEventId).toBe(clientEventId);
  });
});

describe('a visitor who opted out', () => {
  it('leaves that somebody did this in this hour, and nothing else', async () => {
    const at = '2026-11-20T12:34:56.789Z';
    const rows = await stored(
      [
        { at, event: { sessionId, seq: 4, occurredAt: at, ...journey } },
        {
          at: '2026-11-20T12:59:59.999Z',
          event: { sessionId, seq: 5, occurredAt: '2026-11-19T18:30:00.000Z' },
        },
      ],
      { optedOut: true },
    );
    for (const row of rows) {
      expect(row).toMatchObject({
        ...{ userHash: null, sessionHash: null, seq: null, clientEventId: null, occurredAt: null },
      });
    }
    expect(rows.map(({ createdAt }) => createdAt.toISOString())).toEqual([
      '2026-11-20T12:00:00.000Z',
      '2026-11-19T18:00:00.000Z',
    ]);
  });

  it('is still counted once, however often the event is sent', async () => {
    const pipeline = createPipeline();
    const event = pageViewed({ sessionId });
    const call = { origin: { ...browser, optedOut: true } };
    expect((await pipeline.one(event, call)).status).toBe('ACCEPTED');
    expect((await pipeline.one(event, call)).status).toBe('DUPLICATE');
  });

  it('stays on the day of the event where the hour would lie in the day before', async () => {
    const [row] = await stored([{ at: '2026-11-20T18:40:00.000Z' }], {
      optedOut: true,
      zone: 'Asia/Kolkata',
    });
    expect(row).toMatchObject({ day: '2026-11-21', createdAt: new Date('2026-11-20T18:30:00.000Z') });
  });
});

describe('an import', () => {
  const at = '2026-11-20T12:00:00.000Z';
  const event = { occurredAt: '2026-11-19T12:00:00.000Z', sessionId };

  it('makes hashes in a domain of its own, so that an importer can test no guess', async () => {
    const [live] = await stored([{ at, event }], { sentAt: at });
    const [imported] = await stored([{ at, event }], { author: importer, sentAt: at });
    expect(imported?.userHash).toMatch(/^[0-9a-f]{32}$/);
    expect(imported?.userHash).not.toBe(live?.userHash);
    expect(imported?.sessionHash).not.toBe(live?.sessionHash);
  });

  it('has the same id as the event itself: what was sent before is a duplicate', async () => {
    const pipeline = createPipeline();
    const sent = pageViewed(event);
    expect((await pipeline.one(sent, { sentAt: pipeline.time.now })).status).toBe('ACCEPTED');
    expect((await pipeline.one(sent, { author: importer })).status).toBe('DUPLICATE');
  });

  it('has no visitor in subject mode: the subject is the importer’s', async () => {
    const pipeline = createPipeline({ identity: 'subject' });
    await pipeline.one(pageViewed(), { author: importer });
    await pipeline.one(pageViewed());
    expect(pipeline.rows().map(({ userHash }) => userHash !== null)).toEqual([false, true]);
  });
});
