import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnonymousEvent } from '../../../../src/domain/event.js';
import type { ForgettingRules } from '../../../../src/domain/ports/index.js';
import type { SqlEngine } from '../../../../src/store/engine/sql-engine.js';
import { countDay, type Query } from '../../../../src/store/sql/stats/count-day.js';
import { kinds } from '../../../../src/store/sql/stats/kinds.js';
import { anonymousEvent } from '../../../support/events.js';
import { usualRules, utcDay } from '../../../support/forget.js';
import { describeSqlEngines } from './engines.js';

const day = utcDay('2026-05-31');

type Row = Readonly<Record<string, unknown>>;

/** A random event of the day: few visitors, apps and words, so that groups of every size come up. */
const arbitraryEvent = fc.record({
  visitor: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 6 }),
  minute: fc.integer({ min: 0, max: 1_439 }),
  app: fc.constantFrom('a', 'a', 'b', 'c'),
  type: fc.constantFrom('t', 't', 'u', 'v'),
  route: fc.constantFrom('/x', '/x', '/y', '/ü', null),
  device: fc.constantFrom('desktop', 'mobile', null),
  amount: fc.option(fc.integer({ min: -5, max: 5 })),
});

type Drawn = typeof arbitraryEvent extends fc.Arbitrary<infer Value> ? Value : never;

function toEvent({ visitor, minute, app, type, route, device, amount }: Drawn): AnonymousEvent {
  return anonymousEvent({
    day: day.day,
    createdAt: new Date(day.start.getTime() + minute * 60_000),
    userHash: visitor === null ? null : String(visitor).padStart(32, '0'),
    sessionHash: visitor === null ? null : String(visitor % 4).padStart(32, '0'),
    properties: amount === null ? null : { amount, note: 'text' },
    dimensions: { appName: app, eventType: type, route, deviceType: device, source: 'web' },
  });
}

/** What an event is called in a kind: the group in which it competes, and its name there. */
function placeOf(kind: number, { dimensions }: AnonymousEvent): { group: string | null; name: string } {
  const { within = [], word = null } = kinds.find(({ number }) => number === kind) ?? {};
  if (kind === 1) return { group: null, name: JSON.stringify([dimensions.appName, null, null]) };
  const words = {
    ROUTE: dimensions.route,
    DEVICE: dimensions.deviceType,
    BROWSER: dimensions.browserFamily,
    OS: dimensions.osFamily,
    APP_VERSION: dimensions.appVersion,
    SOURCE: dimensions.source,
  };
  const type = within.includes('EVENT_TYPE') ? dimensions.eventType : null;
  const { appName } = dimensions;
  return { group: appName, name: JSON.stringify([appName, type, word && words[word]]) };
}

const different = (values: readonly (string | null)[]): number =>
  new Set(values.filter((value) => value !== null)).size;
const visitorsOf = (events: readonly AnonymousEvent[]) => different(events.map(({ userHash }) => userHash));

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly T[])[] {
  return [...new Set(values.map(keyOf))].map((key) => values.filter((value) => keyOf(value) === key));
}

/** The rows that should be left of one kind, worked out one value after the other. */
function expectedRows(kind: number, events: readonly AnonymousEvent[], minGroup: number): readonly unknown[] {
  const rows: unknown[] = [];
  for (const group of groupBy(events, (event) => String(placeOf(kind, event).group))) {
    let named = groupBy(group, (event) => placeOf(kind, event).name);
    let other: readonly AnonymousEvent[] = [];
    let isFolded = false;
    const lose = (value: readonly AnonymousEvent[]): void => {
      named = named.filter((one) => one !== value);
      other = [...other, ...value];
      isFolded = true;
    };
    for (const value of named) if (visitorsOf(value) < minGroup) lose(value);
    while (isFolded && visitorsOf(other) < minGroup && named.length > 0) {
      const [smallest] = [...named].sort(
        (a, b) => visitorsOf(a) - visitorsOf(b) || a.length - b.length || compareNames(kind, a, b),
      );
      if (smallest) lose(smallest);
    }
    for (const value of named)
      rows.push([false, value[0] && placeOf(kind, value[0]).name, ...countsOf(value)]);
    const app = group[0] ? placeOf(kind, group[0]).group : null;
    if (isFolded && visitorsOf(other) >= minGroup)
      rows.push([true, JSON.stringify([app, null, null]), ...countsOf(other)]);
  }
  return sorted(rows);
}

function compareNames(kind: number, a: readonly AnonymousEvent[], b: readonly AnonymousEvent[]): number {
  const nameOf = (events: readonly AnonymousEvent[]): (string | null)[] =>
    JSON.parse(events[0] ? placeOf(kind, events[0]).name : '[]');
  const [one, two] = [nameOf(a), nameOf(b)];
  for (const [place, part] of one.entries()) {
    const otherPart = two[place] ?? null;
    if (part === otherPart) continue;
    if (part === null) return 1;
    if (otherPart === null) return -1;
    return Buffer.compare(Buffer.from(part), Buffer.from(otherPart));
  }
  return 0;
}

function countsOf(events: readonly AnonymousEvent[]): readonly number[] {
  return [events.length, visitorsOf(events), different(events.map(({ sessionHash }) => sessionHash))];
}

function sorted(rows: readonly unknown[]): readonly unknown[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

await describeSqlEngines('a forgotten day', (database) => {
  const clear = () =>
    database.rows(
      'TRUNCATE events, event_dimensions, stat_change, stat_state, stat_day, stat_hour, stat_property, stat_set, entity_day, kept_from',
    );
  const fill = async (events: readonly AnonymousEvent[]): Promise<void> => {
    const verdicts = await database.store().append(events);
    expect(new Set(verdicts).size).toBeLessThanOrEqual(1);
  };
  const dayRows = async (kind: number): Promise<readonly unknown[]> =>
    sorted(
      (
        await database.rows(
          'SELECT app, type, word, folded, events::int AS events, visitors, sessions FROM stat_day WHERE kind = $1',
          kind,
        )
      ).map(({ app, type, word, folded, events, visitors, sessions }: Row) => [
        folded,
        JSON.stringify([app, type, word]),
        events,
        visitors,
        sessions,
      ]),
    );
  const everything = async (): Promise<string> => {
    const tables = [
      'stat_day',
      'stat_hour',
      'stat_property',
      'stat_set',
      'entity_day',
      'stat_change',
      'events',
    ];
    const texts = tables.map((table) => `SELECT '${table}' || t::text AS row FROM ${table} t`);
    const rows = await database.rows(texts.join(' UNION ALL '));
    return rows
      .map(({ row }) => String(row))
      .sort()
      .join('\n');
  };

  it('has true totals, and no name of a group of few visitors', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 6 }),
        async (drawn, minGroup) => {
          await clear();
          const events = drawn.map(toEvent);
          await fill(events);
          await database.store().forgetDay(day, 1_000, { ...usualRules, minGroup });
          expect(await dayRows(0)).toEqual(
            sorted([[false, JSON.stringify([null, null, null]), ...countsOf(events)]]),
          );
          for (const { number } of kinds.slice(1))
            expect(await dayRows(number), `kind ${number}`).toEqual(expectedRows(number, events, minGroup));
          await expectHours(events, minGroup);
          await expectProperties(events, minGroup);
          await expectFoldedKinds(events, minGroup);
        },
      ),
      { numRuns: 12, seed: 20261128 },
    );
  });

  /** Of every hour and kind: the names that are left have visitors enough there, and totals are those of the hour or gone. */
  async function expectHours(events: readonly AnonymousEvent[], minGroup: number): Promise<void> {
    const hourOf = ({ createdAt }: AnonymousEvent): string => createdAt.toISOString().slice(0, 13);
    for (const kind of [1, 2]) {
      const rows = await database.rows(
        'SELECT hour, app, type, folded, events::int AS events FROM stat_hour WHERE kind = $1',
        kind,
      );
      const expected = groupBy(events, hourOf).flatMap((ofHour) =>
        expectedRows(kind, ofHour, minGroup).map((row) => {
          const [folded, name, count] = JSON.parse(String(row));
          return [ofHour[0] && hourOf(ofHour[0]), folded, name, count];
        }),
      );
      const found = rows.map(({ hour, app, type, folded, events: count }) => [
        (hour as Date).toISOString().slice(0, 13),
        folded,
        JSON.stringify([app, type, null]),
        count,
      ]);
      expect(sorted(found), `hours of kind ${kind}`).toEqual(sorted(expected));
    }
  }

  async function expectProperties(events: readonly AnonymousEvent[], minGroup: number): Promise<void> {
    const rows = await database.rows('SELECT app, type, name FROM stat_property');
    const told = groupBy(events, ({ dimensions: d }) => JSON.stringify([d.appName, d.eventType])).filter(
      (ofType) => visitorsOf(ofType.filter(({ properties }) => properties !== null)) >= minGroup,
    );
    const named = new Set(expectedRows(2, events, minGroup).map((row) => JSON.parse(String(row))[1]));
    const expected = told
      .map((ofType) => ofType[0]?.dimensions)
      .filter((d) => named.has(JSON.stringify([d?.appName, d?.eventType, null])))
      .map((d) => [d?.appName, d?.eventType, 'amount']);
    expect(sorted(rows.map(({ app, type, name }) => [app, type, name]))).toEqual(sorted(expected));
  }

  async function expectFoldedKinds(events: readonly AnonymousEvent[], minGroup: number): Promise<void> {
    const [state] = await database.rows('SELECT sealed, folded FROM stat_state');
    const isFolded = (kind: number): boolean =>
      groupBy(events, (event) => placeOf(kind, event).name).some((value) => visitorsOf(value) < minGroup);
    expect(state).toEqual({
      sealed: true,
      folded: kinds.map(({ number }) => number).filter((number) => number > 0 && isFolded(number)),
    });
  }

  const fewEvents = (): AnonymousEvent[] =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((visitor) =>
      toEvent({
        ...{ visitor, minute: visitor, app: 'a', type: 't', device: null, amount: 1 },
        route: visitor < 6 ? '/x' : '/y',
      }),
    );

  it('keeps every name where the minimum is one visitor', async () => {
    await fill([...fewEvents(), toEvent({ ...{ visitor: null, minute: 9, app: 'b', type: 'u' }, ...none })]);
    await database.store().forgetDay(day, 100, { ...usualRules, minGroup: 1 });
    expect(await database.rows('SELECT 1 FROM stat_day WHERE folded')).toEqual([]);
    expect(await database.rows("SELECT visitors FROM stat_day WHERE kind = 1 AND app = 'b'")).toEqual([
      { visitors: 0 },
    ]);
  });

  it('has words beyond the day’s top in its OTHER', async () => {
    await fill(fewEvents());
    await database.engine().snapshot('work', (query) => countDay(query, day));
    await database.rows("UPDATE stat_day SET folded = true, word = NULL WHERE kind = 3 AND word = '/y'");
    await database.rows('TRUNCATE stat_change');
    await database.store().forgetDay(day, 100, { ...usualRules, minGroup: 2 });
    expect(await dayRows(3)).toEqual(
      sorted([
        [false, JSON.stringify(['a', null, '/x']), 6, 6, 4],
        [true, JSON.stringify(['a', null, null]), 2, 2, 2],
      ]),
    );
    expect(await database.rows('SELECT 3 = ANY (folded) AS folded FROM stat_state')).toEqual([
      { folded: false },
    ]);
  });

  it('leaves nothing that tells visitors apart, and no mark in the change log', async () => {
    await fill(fewEvents());
    await database.store().forgetDay(day, 100, usualRules);
    for (const hash of [0, 1, 2, 3, 4, 5, 6, 7].map((visitor) => String(visitor).padStart(32, '0')))
      expect(await everything()).not.toContain(hash);
    for (const table of ['stat_set', 'stat_change', 'events', 'entity_day'])
      expect(await database.rows(`SELECT * FROM ${table}`), table).toEqual([]);
  });

  it('keeps the totals of entities as long as the rules say', async () => {
    const about = (entityType: string | null, entityId: string) =>
      anonymousEvent({ day: day.day, createdAt: day.start, entityId, dimensions: { entityType } });
    await fill([about('journey', 'j'), about('video', 'v'), about(null, 'n')]);
    const rules: ForgettingRules = {
      minGroup: 5,
      totalsKeptFrom: new Map([
        ['journey', day.day],
        ['video', '2026-06-01'],
      ]),
    };
    await database.store().forgetDay(day, 100, rules);
    const left = () => database.rows('SELECT entity_type, entity_id, events::int AS events FROM entity_day');
    expect(await left()).toEqual([{ entity_type: 'journey', entity_id: 'j', events: 1 }]);
    expect(await database.store().forgetTotals('2026-06-01', rules)).toBe(0);
    expect(await database.store().forgetTotals('2026-06-01', usualRules)).toBe(1);
    expect(await left()).toEqual([]);
  });

  it('is sealed too where all of its rows were gone already', async () => {
    await fill(fewEvents());
    await database.engine().snapshot('work', (query) => countDay(query, day));
    await database.rows('TRUNCATE events');
    const next = utcDay('2026-06-01');
    expect(await database.store().oldestBefore(next)).toEqual({ event: null, counts: day.day });
    expect(await database.store().forgetDay(day, 100, usualRules)).toBe(0);
    expect(await database.rows('SELECT sealed FROM stat_state')).toEqual([{ sealed: true }]);
    expect(await database.store().oldestBefore(next)).toEqual({ event: null, counts: null });
  });

  it('stays as it was where its sealing fails at any statement', { timeout: 60_000 }, async () => {
    await fill(fewEvents());
    const before = await everything();
    const engine = database.engine();
    let statements = 0;
    for (let failing = 0; ; failing += 1) {
      statements = 0;
      const broken: SqlEngine = {
        ...engine,
        snapshot: (kind, work) =>
          engine.snapshot(kind, (query) => {
            const counted: Query = (statement) => {
              statements += 1;
              return statements > failing ? Promise.reject(new Error('killed')) : query(statement);
            };
            return work(counted);
          }),
      };
      const outcome = await database
        .store({ engine: broken })
        .forgetDay(day, 100, usualRules)
        .catch(() => 'killed');
      if (outcome !== 'killed') break;
      expect(await everything()).toBe(before);
    }
    expect(statements).toBeGreaterThan(20);
    expect(await database.rows('SELECT sealed FROM stat_state')).toEqual([{ sealed: true }]);
  });

  it('is the same when two purges and a count of the day meet', async () => {
    const events = Array.from({ length: 40 }, (_, n) =>
      toEvent({
        ...{ visitor: n % 9, minute: n, app: 'a', type: 't', device: null },
        ...{ route: '/x', amount: n },
      }),
    );
    await fill(events);
    const store = database.store();
    const count = database
      .engine()
      .snapshot('work', (query) => countDay(query, day))
      .catch((error: { code?: string }) => error.code);
    const [one, two, counted] = await Promise.all([
      store.forgetDay(day, 15, usualRules),
      store.forgetDay(day, 15, usualRules),
      count,
    ]);
    expect(['COUNTED', 'SEALED', '40001']).toContain(counted);
    const three = await store.forgetDay(day, 100, usualRules);
    expect(one + two + three).toBe(40);
    expect(await dayRows(0)).toEqual(sorted([[false, JSON.stringify([null, null, null]), 40, 9, 4]]));
    expect(await dayRows(3)).toEqual(sorted([[false, JSON.stringify(['a', null, '/x']), 40, 9, 4]]));
  });
});

const none = { route: null, device: null, amount: null };
