import { execute, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import type { Identity } from '../../src/auth/caller.js';
import { limits, readingLimits } from '../../src/contract/index.js';
import { StoreUnavailable } from '../../src/domain/ports/index.js';
import type { StatsAnswer } from '../../src/domain/reading/answer.js';
import type { Statistics } from '../../src/domain/reading/ask.js';
import type { StatsInput, WantedStats } from '../../src/domain/reading/question.js';
import { buildSchema } from '../../src/graphql/schema.js';
import { createErrorScrubber } from '../../src/graphql/scrub-errors.js';

const schema = buildSchema();
const scrub = createErrorScrubber(schema);

type Answer = Awaited<ReturnType<Statistics['ask']>>;

const counts = { events: 0, sumOfDailyVisitors: null, sumOfDailySessions: null, properties: new Map() };
const nothing: StatsAnswer = {
  buckets: [],
  total: { kind: 'VALUE', key: [], ...counts, previous: null, change: null, points: [] },
  rows: [],
  rowsAddUp: true,
  freshness: { asOf: new Date(0), comparableUntil: null },
  warnings: [],
};

/** Statistics that remember what they were asked and give the same answer to everything. */
function recording(answer: () => Promise<Answer> = async () => ({ ok: true, value: nothing })) {
  const asked: { readonly input: StatsInput; readonly wanted: WantedStats }[] = [];
  const statistics: Statistics = {
    ask: (input, wanted) => {
      asked.push({ input, wanted });
      return answer();
    },
  };
  return { statistics, asked };
}

const admin: Identity = {
  ok: true,
  value: { kind: 'admin', subject: 'boss', email: null, isAdmin: true, isService: false, mayBackfill: false },
};
const user: Identity = {
  ok: true,
  value: { kind: 'user', subject: 'u', email: null, isAdmin: false, isService: false, mayBackfill: false },
};
const nobody: Identity = { ok: true, value: { kind: 'anonymous' } };

interface Request {
  readonly identity?: Identity;
  readonly statistics?: Statistics;
  readonly variables?: Record<string, unknown>;
}

async function run(text: string, { identity = admin, statistics, variables = {} }: Request = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const contextValue = { identity, services: { statistics: statistics ?? recording().statistics } };
  const { data, errors } = await execute({ schema, document, variableValues: variables, contextValue });
  return { data, errors: errors?.map(scrub) };
}

async function wantedBy(text: string, variables: Record<string, unknown> = {}) {
  const { statistics, asked } = recording();
  const { errors } = await run(text, { statistics, variables });
  expect(errors).toBeUndefined();
  return asked.map(({ wanted }) => wanted);
}

const none: WantedStats = { visitors: false, sessions: false, points: false, properties: [] };
const stats = (selection: string): string => `{ eventStats(input: { last: "P1D" }) { ${selection} } }`;

it.each<[selection: string, wanted: Partial<WantedStats>]>([
  ['rowsAddUp', {}],
  ['total { events previous { events } change key kind }', {}],
  ['total { sumOfDailyVisitors }', { visitors: true }],
  ['rows { previous { sumOfDailyVisitors } }', { visitors: true }],
  ['rows { previous { visitors } }', { visitors: true }],
  ['rows { points { visitors } }', { visitors: true, points: true }],
  ['total { sumOfDailySessions }', { sessions: true }],
  ['total { points { sessions } }', { sessions: true, points: true }],
  ['total { points { previous { sumOfDailySessions } } }', { sessions: true, points: true }],
  ['total { points { events } }', { points: true }],
  ['total { a: sumOfDailyVisitors }', { visitors: true }],
  ['total { sumOfDailyVisitors: events }', {}],
  ['total { visitors: events sessions: change points: key }', {}],
  ['total { property(name: "size") { mean } }', { properties: ['size'] }],
  [
    'total { a: property(name: "size") { mean } b: property(name: "status") { p95 } } rows { property(name: "size") { count } points { property(name: "depth") { sum } } }',
    { points: true, properties: ['size', 'status', 'depth'] },
  ],
  ['total { points @skip(if: true) { visitors } property(name: "size") @include(if: false) { sum } }', {}],
  [
    'total { ... { sumOfDailyVisitors } } ... on EventStats { rows { points { sessions } } }',
    { visitors: true, sessions: true, points: true },
  ],
  ['... @include(if: false) { rows { sumOfDailyVisitors } } warnings { code }', {}],
  ['total { events } total { points { events } }', { points: true }],
])('of %s only what it names is asked for', async (selection, wanted) => {
  expect(await wantedBy(stats(selection))).toEqual([{ ...none, ...wanted }]);
});

it('names of properties and conditions come from variables, and selections from fragments', async () => {
  const wanted = await wantedBy(
    `query($name: String!, $with: Boolean!) { eventStats(input: { last: "P1D" }) { rows { ...Row } total { ...Row } } }
     fragment Row on EventStatsRow { property(name: $name) { sum } points @include(if: $with) { ...Point } }
     fragment Point on EventStatsPoint { visitors @skip(if: $with) sessions }`,
    { name: 'size', with: true },
  );
  expect(wanted).toEqual([{ visitors: false, sessions: true, points: true, properties: ['size'] }]);
});

it('each of several fields asks for its own', async () => {
  const wanted = await wantedBy(`{
    a: eventStats(input: { last: "P1D" }) { total { sumOfDailyVisitors } }
    b: eventStats(input: { last: "P1D" }) { total { sumOfDailySessions } }
  }`);
  expect(wanted).toEqual([
    { ...none, visitors: true },
    { ...none, sessions: true },
  ]);
});

it('the question arrives with the defaults of the contract, and nulls where null was sent', async () => {
  const { statistics, asked } = recording();
  await run(
    '{ eventStats(input: { last: "P7D", top: null, filter: { entityId: [7], not: {} } }) { rowsAddUp } }',
    {
      statistics,
    },
  );
  expect(asked[0]?.input).toEqual({
    last: 'P7D',
    interval: 'DAY',
    filter: { entityId: ['7'], not: {} },
    top: null,
    orderBy: 'EVENTS',
    completeOnly: false,
  });
});

it.each([
  ['nobody', nobody, 'UNAUTHENTICATED'],
  ['somebody who is no admin', user, 'FORBIDDEN'],
  [
    'a caller whose token cannot be judged',
    { ok: false, error: 'AUTH_UNAVAILABLE' } as const,
    'AUTH_UNAVAILABLE',
  ],
])('%s learns nothing, and nothing is counted', async (_, identity, code) => {
  const { statistics, asked } = recording();
  for (const question of [stats('total { events }'), '{ eventStatsLimits { maxDays } }']) {
    const { data, errors } = await run(question, { identity, statistics });
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, [code]]);
  }
  expect(asked).toEqual([]);
});

const fields = (count: number): string =>
  Array.from({ length: count }, (_, n) => `a${n}: eventStats(input: { last: "P1D" }) { rowsAddUp }`).join(
    ' ',
  );

it('a request holds as many statistics as a dashboard shows', async () => {
  const { statistics, asked } = recording();
  const left = 'b: eventStats(input: { last: "P1D" }) @skip(if: true) { rowsAddUp }';
  const { errors } = await run(
    `{ ${fields(readingLimits.maxStatsPerRequest)} ${left} eventStatsLimits { maxTop } }`,
    {
      statistics,
    },
  );
  expect([errors, asked.length]).toEqual([undefined, readingLimits.maxStatsPerRequest]);
});

it.each([
  ['as fields', `{ ${fields(readingLimits.maxStatsPerRequest + 1)} }`],
  ['in a fragment', `{ ...F } fragment F on Query { ${fields(60)} }`],
])('with more of them, %s, none is answered', async (_, text) => {
  const { statistics, asked } = recording();
  const { data, errors } = await run(text, { statistics });
  expect([data, asked]).toEqual([null, []]);
  expect(errors?.[0]).toMatchObject({
    message: 'eventStats stands more than 10 times in one request.',
    extensions: { code: 'BAD_USER_INPUT', retryable: false },
  });
});

const refused = (error: Extract<Answer, { ok: false }>['error']) =>
  recording(async () => ({ ok: false, error })).statistics;

it('a question that cannot be asked is refused by the argument’s name', async () => {
  const statistics = refused({ kind: 'BAD_ARGUMENT', argument: 'input.zone', problem: 'is no zone' });
  const { data, errors } = await run(stats('rowsAddUp'), { statistics });
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    { message: 'input.zone is no zone.', path: ['eventStats'], extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

it('a question that would read too much says how much, how much may be, and what to narrow', async () => {
  const cost = { estimatedRows: 9_000_000, limit: 5_000_000, narrow: ['range', 'filter.appName'] };
  const { errors } = await run(stats('rowsAddUp'), {
    statistics: refused({ kind: 'TOO_EXPENSIVE', ...cost }),
  });
  expect(errors).toMatchObject([
    {
      message:
        'The question would read about 9000000 raw rows, and may read 5000000. Narrow range, filter.appName.',
      extensions: { code: 'QUERY_TOO_EXPENSIVE', retryable: false, ...cost },
    },
  ]);
});

it('what nothing makes cheaper advises nothing', async () => {
  const cost = { estimatedRows: 9, limit: 5, narrow: [] };
  const { errors } = await run(stats('rowsAddUp'), {
    statistics: refused({ kind: 'TOO_EXPENSIVE', ...cost }),
  });
  expect(errors?.[0]?.message).toBe('The question would read about 9 raw rows, and may read 5.');
});

it('a question that the domain forbids is forbidden', async () => {
  const { errors } = await run(stats('rowsAddUp'), { statistics: refused({ kind: 'FORBIDDEN' }) });
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

it('a store that is away is SERVICE_UNAVAILABLE, and passes', async () => {
  const { statistics } = recording(() => Promise.reject(new StoreUnavailable(new Error('secret host'))));
  const { errors } = await run(stats('rowsAddUp'), { statistics });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true });
  expect(JSON.stringify(errors)).not.toContain('secret');
});

it('counts beyond 32 bits, fractions and gaps come through as they are', async () => {
  const sizes = { count: 3, sum: 0.3, mean: 0.1, min: -1, max: 1e21, p50: null, p95: null };
  const totals = {
    events: 2 ** 53 - 1,
    visitors: null,
    sumOfDailyVisitors: 5_000_000_000,
    sumOfDailySessions: null,
  };
  const row: StatsAnswer['total'] = {
    ...nothing.total,
    kind: 'NONE',
    key: [null, 'x'],
    properties: new Map([['size', sizes]]),
    previous: totals,
    change: -0.5,
    points: [{ events: null, visitors: null, sessions: null, properties: new Map(), previous: null }],
  };
  const { statistics } = recording(async () => ({ ok: true, value: { ...nothing, rows: [row] } }));
  const { data, errors } = await run(
    stats(`rows {
      kind key change previous { events visitors sumOfDailyVisitors sumOfDailySessions }
      a: property(name: "size") { count sum mean min max p50 p95 } b: property(name: "toString") { count }
      points { events visitors property(name: "size") { sum } previous { events } }
    }`),
    { statistics },
  );
  expect(errors).toBeUndefined();
  expect(JSON.parse(JSON.stringify(data)).eventStats.rows).toEqual([
    {
      kind: 'NONE',
      key: [null, 'x'],
      change: -0.5,
      previous: totals,
      a: sizes,
      b: null,
      points: [{ events: null, visitors: null, property: null, previous: null }],
    },
  ]);
});

it('the limits are those that questions are held against', async () => {
  const { data } = await run('{ eventStatsLimits { maxDays maxTop maxPoints maxFilterValues maxRowsRead } }');
  expect({ ...(data?.eventStatsLimits as object) }).toEqual({
    maxDays: readingLimits.maxStatsDays,
    maxTop: readingLimits.maxStatsTop,
    maxPoints: readingLimits.maxStatsPoints,
    maxFilterValues: limits.maxFilterValues,
    maxRowsRead: readingLimits.maxStatsRowsRead,
  });
});
