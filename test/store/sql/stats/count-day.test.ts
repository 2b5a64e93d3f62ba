import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDayOf } from '../../../../src/domain/day.js';
import type { AnonymousEvent, EventDimensions } from '../../../../src/domain/event.js';
import { histogramBucket } from '../../../../src/domain/reading/histogram.js';
import type { SqlEngine } from '../../../../src/store/engine/sql-engine.js';
import { countDay, countedTables } from '../../../../src/store/sql/stats/count-day.js';
import { kinds, propertiesOverflow, setKinds } from '../../../../src/store/sql/stats/kinds.js';
import { anonymousEvent } from '../../../support/events.js';
import { describeSqlEngines, saltDayOf } from './engines.js';

const fields = {
  ROUTE: 'route',
  DEVICE: 'deviceType',
  BROWSER: 'browserFamily',
  OS: 'osFamily',
  APP_VERSION: 'appVersion',
  SOURCE: 'source',
} as const satisfies Record<string, keyof EventDimensions>;

/** A repeatable source of numbers from 0 to below 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const hash = (text: string): string => createHash('md5').update(text).digest('hex');

/** Events of few words and visitors, so that they collide; some have no visitor, no word or no property. */
function randomDay(seed: number, count: number, { day = '2026-11-20', zone = 'UTC' } = {}): AnonymousEvent[] {
  const next = random(seed);
  const { start, end } = saltDayOf(day, zone);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  return Array.from({ length: count }, () =>
    anonymousEvent({
      day,
      createdAt: new Date(start.getTime() + Math.floor(next() * (end.getTime() - start.getTime()))),
      userHash: next() < 0.1 ? null : hash(`v${day}${Math.floor(next() * 40)}`),
      sessionHash: next() < 0.1 ? null : hash(`s${day}${Math.floor(next() * 70)}`),
      entityId: pick([null, null, 'one', 'two']),
      properties: pick([null, { n: pick([0.1, 0.2, -3, 1e21, 0, 5e-324]), t: 'x' }, { n: 'text', m: 7 }]),
      dimensions: {
        appName: pick(['web', 'shop']),
        eventType: pick(['seen', 'done', 'left']),
        route: pick([null, '/a', '/ä', '(none)']),
        deviceType: pick([null, 'desktop']),
        browserFamily: pick(['Firefox', 'Chrome']),
        osFamily: pick([null, 'Linux']),
        appVersion: pick(['1.0', '1.1', null]),
        source: pick(['web', null]),
        entityType: pick([null, 'journey']),
      },
    }),
  );
}

interface Counted {
  readonly events: number;
  readonly visitors: number;
  readonly sessions: number;
}

/** The oracle: plain sets over rows. */
function countBy(events: readonly AnonymousEvent[], keyOf: (event: AnonymousEvent) => readonly unknown[]) {
  const groups = new Map<string, AnonymousEvent[]>();
  for (const event of events) {
    const key = JSON.stringify(keyOf(event));
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return new Map([...groups].map(([key, rows]) => [key, countOf(rows)]));
}

function countOf(rows: readonly AnonymousEvent[]): Counted {
  const different = (values: readonly (string | null)[]) =>
    new Set(values.filter((value) => value !== null)).size;
  return {
    events: rows.length,
    visitors: different(rows.map(({ userHash }) => userHash)),
    sessions: different(rows.map(({ sessionHash }) => sessionHash)),
  };
}

function slicesOf(events: readonly AnonymousEvent[]): Map<string, Counted> {
  return new Map(
    kinds.flatMap(({ number, within, word }) => [
      ...countBy(events, ({ dimensions }) => [
        number,
        within.includes('APP') ? dimensions.appName : null,
        within.includes('EVENT_TYPE') ? dimensions.eventType : null,
        word === null ? null : dimensions[fields[word]],
      ]),
    ]),
  );
}

const day = saltDayOf('2026-11-20');
const count = (engine: SqlEngine, of = day, limits?: Parameters<typeof countDay>[2]) =>
  engine.snapshot('work', (query) => countDay(query, of, limits));

await describeSqlEngines('the count of a day', ({ engine, store, rows }) => {
  const stored = async (table: 'stat_day'): Promise<Map<string, Counted>> =>
    new Map(
      (await rows(`SELECT * FROM ${table}`)).map(({ kind, app, type, word, events, visitors, sessions }) => [
        JSON.stringify([kind, app, type, word]),
        { events: Number(events), visitors: Number(visitors), sessions: Number(sessions) },
      ]),
    );

  it.each([1, 2, 3])('equals a loop over the rows in every slice, random day %s', async (seed) => {
    const events = randomDay(seed, 300);
    await store().append([...events, ...randomDay(seed, 50, { day: '2026-11-21' })]);
    expect(await count(engine())).toBe('COUNTED');
    expect(await stored('stat_day')).toEqual(slicesOf(events));
    expect(await rows('SELECT day::text AS day FROM stat_change')).toEqual([{ day: '2026-11-21' }]);
    expect(await rows('SELECT day::text AS day, sealed, overflow FROM stat_state')).toEqual([
      { day: '2026-11-20', sealed: false, overflow: [] },
    ]);
  });
  it('is the same when it is made again after more events', async () => {
    const [events, more] = [randomDay(4, 100), randomDay(5, 100)];
    await store().append(events);
    await count(engine());
    await store().append(more);
    await count(engine());
    expect(await stored('stat_day')).toEqual(slicesOf([...events, ...more]));
  });
  it('has more visitors than one bitmap holds', async () => {
    const events = Array.from({ length: 4_200 }, (_, n) =>
      anonymousEvent({ userHash: hash(`v${n}`), sessionHash: null }),
    );
    await store().append(events);
    await count(engine());
    expect(await stored('stat_day')).toEqual(slicesOf(events));
    const sets = await rows(
      'SELECT kind, sum(bit_count(visitors))::int AS visitors, max(length(visitors)) AS bits, sum(events)::int AS events, count(*)::int AS rows FROM stat_set GROUP BY 1',
    );
    expect(sets).toHaveLength(setKinds.length);
    for (const set of sets)
      expect(set).toMatchObject({ visitors: 4_200, bits: 4_096, events: 4_200, rows: 2 });
  });
  it('has hours whose sums are those of the rows, also where the day begins within an hour', async () => {
    const zone = 'Asia/Kolkata';
    const events = randomDay(6, 200, { zone });
    const of = saltDayOf('2026-11-20', zone);
    await store({ dayZone: zone }).append(events);
    await count(engine(), of);
    const found = await rows('SELECT hour, kind, app, type, events FROM stat_hour');
    const hourOf = ({ createdAt }: AnonymousEvent) =>
      Math.max(of.start.getTime(), Math.floor(createdAt.getTime() / 3_600_000) * 3_600_000);
    for (const { number } of kinds.filter(({ number: kind }) => kind <= 2)) {
      const expected = countBy(events, (event) => [
        hourOf(event),
        number > 0 ? event.dimensions.appName : null,
        number > 1 ? event.dimensions.eventType : null,
      ]);
      const ours = found.filter(({ kind }) => kind === number);
      expect(
        new Map(
          ours.map((row) => [
            JSON.stringify([(row.hour as Date).getTime(), row.app, row.type]),
            Number(row.events),
          ]),
        ),
      ).toEqual(new Map([...expected].map(([key, { events: sum }]) => [key, sum])));
    }
  });
  it('has entities, and none for events without one', async () => {
    const events = randomDay(7, 200);
    await store().append(events);
    await count(engine());
    const found = await rows('SELECT * FROM entity_day');
    expect(
      new Map(
        found.map((row) => [
          JSON.stringify([row.entity_type, row.entity_id]),
          { events: Number(row.events), visitors: row.visitors, sessions: row.sessions },
        ]),
      ),
    ).toEqual(
      countBy(
        events.filter(({ entityId }) => entityId !== null),
        ({ entityId, dimensions }) => [dimensions.entityType ?? '', entityId],
      ),
    );
  });
  it('has numbers with exact sums and the histogram of the domain', async () => {
    const values = [0.1, 0.2, -3, 1e21, 0, 5e-324, 1e-6, 1.02e-6, -1e15, 1e300];
    await store().append([
      ...values.map((n) => anonymousEvent({ properties: { n } })),
      anonymousEvent({ properties: { n: 'text' } }),
    ]);
    await count(engine());
    const [row, ...others] = await rows(
      `SELECT name, count::int AS count, sum - 1e300 - 1e21 + 1e15 + 3 AS rest, min, max, buckets, counts::int[] AS counts FROM stat_property`,
    );
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: 'n', count: 10, min: -1e15, max: 1e300 });
    expect(String(row?.rest)).toMatch(/^0\.30000202(0+)5$/);
    const buckets = [...new Set(values.map(histogramBucket))].sort((a, b) => a - b);
    expect(row?.buckets).toEqual(buckets);
    expect(row?.counts).toEqual(
      buckets.map((bucket) => values.filter((n) => histogramBucket(n) === bucket).length),
    );
  });
  it('has bits whose unions are the visitors of unions of words, and which no two slices share', async () => {
    const events = randomDay(8, 400);
    await store().append(events);
    await count(engine());
    for (const { number, word } of setKinds) {
      const wordOf = ({ dimensions }: AnonymousEvent) =>
        word === null ? dimensions.eventType : dimensions[fields[word]];
      const [union] = await rows(
        'SELECT bit_count(bit_or(visitors))::int AS visitors FROM stat_set WHERE kind = $1 AND app = $2',
        number,
        'web',
      );
      expect(union?.visitors).toBe(
        countOf(events.filter(({ dimensions }) => dimensions.appName === 'web')).visitors,
      );
      const sets = await rows(
        'SELECT app, word, events, bit_count(visitors)::int AS visitors FROM stat_set WHERE kind = $1',
        number,
      );
      const expected = countBy(events, (event) => [event.dimensions.appName, wordOf(event)]);
      expect(
        new Map(sets.map((row) => [JSON.stringify([row.app, row.word]), [Number(row.events), row.visitors]])),
      ).toEqual(new Map([...expected].map(([key, of]) => [key, [of.events, of.visitors]])));
    }
  });
  it('has bits in an order of its own for each slice', async () => {
    const events = Array.from({ length: 64 }, (_, n) =>
      anonymousEvent({
        userHash: hash(`v${n}`),
        dimensions: n % 2 === 0 ? {} : { deviceType: null, osFamily: null },
      }),
    );
    await store().append(events);
    await count(engine());
    const [row] = await rows(
      `SELECT count(*)::int AS sets, count(DISTINCT visitors)::int AS orders FROM stat_set WHERE word IN ('desktop', 'Linux')`,
    );
    expect(row).toEqual({ sets: 2, orders: 2 });
  });
  it('has one row for words beyond the limit, with the visitors of all of them', async () => {
    const events = randomDay(9, 300);
    await store().append(events);
    await count(engine(), day, { words: 3, properties: 1 });
    for (const { number, within } of kinds.filter(({ number: kind }) => kind > 0)) {
      const found = await rows('SELECT * FROM stat_day WHERE kind = $1', number);
      expect(found.filter(({ folded }) => folded !== true).length).toBeLessThanOrEqual(3);
      expect(found.reduce((sum, row) => sum + Number(row.events), 0)).toBe(300);
      const named = new Set(
        found
          .filter(({ folded }) => folded !== true)
          .map(({ app, type, word }) => JSON.stringify([app, type, word])),
      );
      const kind = kinds.find(({ number: other }) => other === number);
      const rest = events.filter(({ dimensions }) => {
        const key = [
          dimensions.appName,
          within.includes('EVENT_TYPE') ? dimensions.eventType : null,
          kind?.word ? dimensions[fields[kind.word]] : null,
        ];
        return !named.has(JSON.stringify(key));
      });
      const folded = new Map(
        found
          .filter((row) => row.folded === true)
          .map((row) => [
            JSON.stringify([row.app]),
            { events: Number(row.events), visitors: row.visitors, sessions: row.sessions },
          ]),
      );
      expect(folded).toEqual(countBy(rest, ({ dimensions }) => [dimensions.appName]));
    }
    const [state] = await rows('SELECT overflow FROM stat_state');
    expect(state?.overflow).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, propertiesOverflow]);
    expect(await rows('SELECT DISTINCT name FROM stat_property')).toHaveLength(1);
  });
  it('holds no hash', async () => {
    const events = randomDay(10, 50);
    await store().append(events);
    await count(engine());
    const hashes = events.flatMap(({ userHash, sessionHash }) => [userHash, sessionHash]);
    for (const table of countedTables) {
      const found = JSON.stringify(await rows(`SELECT to_json(t)::text AS row FROM ${table} t`));
      expect(hashes.filter((text) => text !== null && found.includes(text))).toEqual([]);
    }
    expect(
      await rows(
        `SELECT table_name FROM information_schema.columns WHERE data_type IN ('bytea', 'uuid') AND table_name = ANY ($1)`,
        [...countedTables, 'stat_state', 'stat_change', 'stat_zone'],
      ),
    ).toEqual([]);
  });
  it('is never made of a sealed day, whose changes go', async () => {
    await store().append(randomDay(11, 20));
    await rows(`INSERT INTO stat_state (day, counted_at, sealed) VALUES ('2026-11-20', now(), true)`);
    expect(await count(engine())).toBe('SEALED');
    expect(await rows('SELECT * FROM stat_day')).toEqual([]);
    expect(await rows('SELECT * FROM stat_change')).toEqual([]);
  });
  it('changes nothing where it fails at any of its statements', async () => {
    await store().append(randomDay(12, 40));
    await count(engine());
    await store().append(randomDay(13, 40));
    const all = async () =>
      Promise.all(
        [...countedTables, 'stat_state', 'stat_change'].map((table) =>
          rows(`SELECT to_json(t)::text FROM ${table} t ORDER BY 1`),
        ),
      );
    const before = await all();
    let statements = 0;
    for (let failAt = 1; ; failAt++) {
      statements = 0;
      const outcome = await engine()
        .snapshot('work', (query) =>
          countDay((statement) => {
            if (++statements === failAt) throw new Error('killed');
            return query(statement);
          }, day),
        )
        .catch(() => 'KILLED');
      if (outcome === 'COUNTED') break;
      expect(await all()).toEqual(before);
    }
    expect(statements).toBeGreaterThan(10);
  });
});

describe('the days of the tests', () => {
  it('are those of the zone', () => {
    const { start, end } = saltDayOf('2026-11-20', 'Asia/Kolkata');
    const dayOf = createDayOf('Asia/Kolkata');
    expect([dayOf(start), dayOf(new Date(end.getTime() - 1))]).toEqual(['2026-11-20', '2026-11-20']);
    expect(dayOf(end)).toBe('2026-11-21');
  });
});
