import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventDimensions } from '../../src/contract/index.js';
import { answerOf } from '../hostile/client.js';
import { openPostgresWorld, openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';

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
