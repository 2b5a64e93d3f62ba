import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventDimensions } from '../../src/contract/index.js';
import { answerOf } from '../hostile/client.js';
import { openPostgresWorld, openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { anonymousEvents } from '../support/events.js';

let worlds: readonly World[];
let apps: readonly TestApp[];

beforeAll(async () => {
  worlds = [await openWorld(), await openPostgresWorld()].filter((world) => world !== null);
  apps = await Promise.all(worlds.map((world) => world.start()));
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '\udfff',
    '\ufeff',
    '%',
    "'",
    '\\',
    'x'.repeat(600),
    '00000000-0000-0000-0000-000000000000',
  ),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a', '\u0301'), maxLength: 6 }),
);
const two = (number: number) => String(number).padStart(2, '0');
const instant = fc
  .tuple(
    fc.nat(9_999),
    fc.nat(13),
    fc.nat(32),
    fc.nat(24),
    fc.constantFrom('Z', '+23:59', '-23:59', '+00:00'),
  )
  .map(
    ([year, month, day, hour, zone]) =>
      `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:00:00${zone}`,
  );
const edge = fc.constantFrom(
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-00:01',
);
const texts = fc.array(text, { maxLength: 4 });
const cursor = fc.oneof(
  text,
  fc
    .tuple(fc.bigInt(-(10n ** 16n), 10n ** 16n), fc.uuid())
    .map((parts) => Buffer.from(parts.join(':')).toString('base64url')),
);
const size = fc.oneof(fc.integer({ min: -3, max: 205 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

/** One argument: with more, one of them would nearly always be refused, and hide what the others do. */
const oneOf = (values: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.oneof(...Object.entries(values).map(([name, value]) => value.map((one) => ({ [name]: one }))));
const filter = oneOf({
  ...{ appName: texts, eventType: texts, deviceType: texts, browserFamily: texts, osFamily: texts },
  ...{ entityType: text, entityId: text, route: text, userHash: text, sessionId: text },
  ...{ source: texts, appVersion: texts, none: fc.subarray(Object.keys(eventDimensions)) },
  eventVersion: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 4 }),
  ...{ from: fc.oneof(instant, edge), to: fc.oneof(instant, edge) },
});
const representation = fc.oneof(
  fc.record({ __typename: fc.constant('AnalyticsEvent'), id: fc.oneof(text, fc.uuid(), fc.jsonValue()) }),
  fc.record({ __typename: fc.oneof(text, fc.jsonValue()) }),
);
const variables = fc.oneof(
  { weight: 2, arbitrary: filter.map((one) => ({ filter: one })) },
  oneOf({
    first: size,
    last: size,
    after: cursor,
    before: cursor,
    r: fc.array(representation, { maxLength: 4 }),
  }),
);

const query = `query($filter: EventsFilter, $first: Int, $after: String, $last: Int, $before: String, $r: [_Any!] = []) {
  events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { totalCount edges { cursor } }
  _entities(representations: $r) { ... on AnalyticsEvent { id } }
}`;

const dimension = fc.constantFrom(...Object.keys(eventDimensions));
const byDimension = dimension.map((one) => ({ dimension: one }));
const known = fc.constantFrom('web', 'page_viewed', '/journeys/[id]', 'desktop', 'Firefox', 'Linux');
const someKnown = fc.uniqueArray(known, { minLength: 1, maxLength: 6 });
const none = fc.subarray(Object.keys(eventDimensions));
/** Questions that are answered, nearly all of them. */
const plainQuestion = fc.record(
  {
    last: fc.constantFrom('P1D', 'P9D', 'P40D', 'PT30H'),
    zone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'Antarctica/Troll'),
    interval: fc.constantFrom('NONE', 'HOUR', 'DAY', 'WEEK', 'MONTH'),
    filter: fc.oneof(
      oneOf({ appName: someKnown, eventType: someKnown, route: someKnown, osFamily: someKnown, none }),
      oneOf({ routePrefix: fc.constantFrom('', '/', '/j', '%'), eventVersion: fc.constant([1]) }),
      oneOf({ browserFamily: someKnown, deviceType: someKnown, none }).map((not) => ({ not })),
    ),
    groupBy: fc.uniqueArray(byDimension, { maxLength: 3, selector: (one) => one.dimension }),
    top: fc.integer({ min: 1, max: 20 }),
    orderBy: fc.constantFrom('EVENTS', 'VISITORS', 'KEY'),
    compare: fc.constantFrom('PREVIOUS_PERIOD', 'PREVIOUS_YEAR'),
    completeOnly: fc.boolean(),
  },
  { requiredKeys: ['last'] },
);

const word = fc.oneof(text, known);
const words = fc.array(word, { maxLength: 3 });
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, 1e308, -1e308, 2 ** 53, 0.1),
);
const property = fc
  .tuple(
    fc.oneof(word, fc.constantFrom('status', 'referrerHost', '__proto__')),
    fc.oneof(
      fc.record({ gte: number, lt: number }, { requiredKeys: [] }),
      fc.array(fc.oneof(fc.jsonValue({ maxDepth: 1 }), number, text), { maxLength: 3 }).map((values) => ({
        in: values,
      })),
    ),
  )
  .map(([name, condition]) => ({ name, ...condition }));
const { anyFilter } = fc.letrec((tie) => ({
  anyFilter: fc.oneof(
    { maxDepth: 5 },
    oneOf({
      ...{ appName: words, eventType: words, route: words, deviceType: words, browserFamily: words },
      ...{ osFamily: words, source: words, appVersion: words, entityId: words },
      ...{ routePrefix: word, entityType: word },
      eventVersion: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 3 }),
    }),
    property.map((one) => ({ eventType: ['page_viewed'], properties: [one] })),
    tie('anyFilter').map((not) => ({ not })),
  ),
}));
const duration = fc.oneof(
  text,
  fc.tuple(fc.nat(3_000), fc.constantFrom('D', 'W', 'M')).map(([count, unit]) => `P${count}${unit}`),
  fc.nat(4_000).map((count) => `PT${count}H`),
);
const moment = fc.oneof(instant, edge);
const anyGroup = fc.oneof(byDimension, fc.record({ property: fc.oneof(word, fc.constant('status')) }));
/** One thing that is out of the ordinary. */
const oddity = fc.oneof(
  oneOf({ last: duration, zone: word, from: moment, top: size, filter: anyFilter }),
  anyFilter.map((filter) => ({ filter })),
  fc
    .array(anyGroup, { maxLength: 4 })
    .map((groupBy) => ({ groupBy, filter: { eventType: ['page_viewed'] } })),
  fc.tuple(moment, fc.nat(60)).map(([from, days]) => ({ last: null, from, to: later(from, days) })),
);
const question = fc.tuple(plainQuestion, fc.option(oddity, { freq: 2 })).map(([plain, odd]) => ({
  ...plain,
  ...odd,
}));

function later(from: string, days: number): string {
  const time = Date.parse(from) + days * 86_400_000;
  return time < Date.parse('+010000-01-01T00:00:00Z') ? new Date(time).toISOString() : from;
}

const statsQuery = `query($input: EventStatsInput!) {
  eventStats(input: $input) {
    buckets { label start end incompleteBecause } rowsAddUp warnings { code argument }
    total { ...Row } rows { ...Row }
  }
}
fragment Row on EventStatsRow {
  kind key events sumOfDailyVisitors sumOfDailySessions change previous { events visitors }
  points { events visitors sessions previous { events } }
}`;
/** Each names the argument that it is about, or its place in it where it is no value of its type. */
const namesArgument = /^(input(\.[a-zA-Z]+|\[\d+\])* |A variable does not fit its type at "[a-zA-Z.\d]+"\.$)/;

it('no question about statistics looks like an outage or a fault, and every refusal names its argument', async () => {
  for (const [place, app] of apps.entries()) {
    const { store } = (worlds[place] as World).store;
    const today = new Date();
    await store.append(anonymousEvents(5, { createdAt: today, day: today.toISOString().slice(0, 10) }));
    const admin = bearer(await app.token('boss', 'admin'));
    let [answered, found] = [0, 0];
    const asked = fc.asyncProperty(question, async (input) => {
      const variables = { input };
      const { status, errors, codes, data } = await answerOf(
        await app.post('/graphql', { query: statsQuery, variables }, admin),
      );
      expect([status, codes.filter((code) => code !== 'BAD_USER_INPUT')]).toEqual([200, []]);
      for (const { message } of errors ?? []) expect(message).toMatch(namesArgument);
      if (data) answered++;
      if (data?.eventStats.total.events > 0) found++;
    });
    await fc.assert(asked, { numRuns: 150, seed: 20261128 });
    await store.beginCounting();
    for (const { day } of await store.changedDays()) await store.countDay(day);
    await fc.assert(asked, { numRuns: 150, seed: 20261129 });
    expect([answered > 60, found > 10], `${answered} answered, ${found} found`).toEqual([true, true]);
    expect(app.logs()).not.toMatch(/"level":"(warn|error)"/);
  }
}, 120_000);

it('no argument of a query looks like an outage or a fault, and none is logged', async () => {
  for (const app of apps) {
    const admin = bearer(await app.token('boss', 'admin'));
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(variables, async (sent) => {
        const { status, codes, data } = await answerOf(
          await app.post('/graphql', { query, variables: sent }, admin),
        );
        expect(status).toBe(200);
        expect(codes.filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
        if (data?.events) answered++;
      }),
      { numRuns: 150 },
    );
    expect(answered).toBeGreaterThan(0);
    expect(app.logs()).not.toMatch(/"level":"(warn|error)"/);
  }
}, 60_000);
