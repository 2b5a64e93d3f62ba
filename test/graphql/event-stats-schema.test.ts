import { readFileSync } from 'node:fs';
import { type DefinitionNode, parse, print, visit } from 'graphql';
import { expect, it } from 'vitest';

const sdl = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

/** The names that users of statistics see: changed only with everybody who asks. */
const contract = `
  input EventStatsInput {
    last: String  from: DateTime  to: DateTime  zone: String  interval: EventStatsInterval = DAY
    filter: EventStatsFilter  groupBy: [EventStatsGroupInput!]  top: Int = 10  orderBy: EventStatsOrder = EVENTS
    compare: EventStatsCompare  completeOnly: Boolean = false
  }
  enum EventStatsInterval { NONE HOUR DAY WEEK MONTH }
  enum EventStatsOrder { EVENTS VISITORS KEY }
  enum EventStatsCompare { PREVIOUS_PERIOD PREVIOUS_YEAR }
  enum EventStatsRowKind { VALUE NONE OTHER }
  enum EventStatsIncomplete { IN_PROGRESS CUT_BY_RANGE BEFORE_DATA }
  enum EventStatsWarningCode { VISITORS_NOT_IN_ZONE VISITORS_NOT_IN_INTERVAL FOLDED_DAYS BEFORE_DATA }
  enum EventDimension { APP EVENT_TYPE EVENT_VERSION ROUTE ENTITY_TYPE ENTITY DEVICE BROWSER OS SOURCE APP_VERSION }
  input EventStatsGroupInput { dimension: EventDimension  property: String }
  input EventStatsFilter {
    appName: [String!]  eventType: [String!]  eventVersion: [Int!]  route: [String!]  routePrefix: String
    entityType: String  entityId: [ID!]  deviceType: [String!]  browserFamily: [String!]  osFamily: [String!]
    source: [String!]  appVersion: [String!]  none: [EventDimension!]  not: EventStatsFilter
    properties: [EventPropertyFilterInput!]
  }
  input EventPropertyFilterInput { name: String!  in: [JSON]  gte: Float  lt: Float }
  type EventStats {
    buckets: [EventStatsBucket!]!  total: EventStatsRow!  rows: [EventStatsRow!]!  rowsAddUp: Boolean!
    freshness: EventStatsFreshness!  warnings: [EventStatsWarning!]!
  }
  type EventStatsBucket {
    label: String!  start: DateTime!  end: DateTime!  complete: Boolean!  incompleteBecause: EventStatsIncomplete
  }
  type EventStatsRow {
    kind: EventStatsRowKind!  key: [String]!
    events: SafeInt  sumOfDailyVisitors: SafeInt  sumOfDailySessions: SafeInt
    property(name: String!): EventPropertyStats
    previous: EventStatsTotals  change: Float  points: [EventStatsPoint!]!
  }
  type EventStatsPoint {
    events: SafeInt  visitors: SafeInt  sessions: SafeInt
    property(name: String!): EventPropertyStats  previous: EventStatsTotals
  }
  type EventStatsTotals {
    events: SafeInt  visitors: SafeInt  sumOfDailyVisitors: SafeInt  sumOfDailySessions: SafeInt
  }
  type EventPropertyStats {
    count: SafeInt!  sum: Float  mean: Float  min: Float  max: Float  p50: Float  p95: Float
  }
  type EventStatsFreshness { asOf: DateTime!  comparableUntil: DateTime }
  type EventStatsWarning { code: EventStatsWarningCode!  argument: String }
  type EventStatsLimits { maxDays: Int!  maxTop: Int!  maxPoints: Int!  maxFilterValues: Int!  maxRowsRead: SafeInt! }
`;

/** Each type of a document by its name, without descriptions and directives. */
function typesOf(text: string): Map<string, string> {
  const bare = visit(parse(text), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    Directive: () => null,
  });
  const named = (type: DefinitionNode) =>
    'name' in type && type.name ? [[type.name.value, print(type)]] : [];
  return new Map(bare.definitions.flatMap(named) as [string, string][]);
}

it.each([...typesOf(contract)])(
  '%s is as the contract has it: names, order, defaults and nulls',
  (name, type) => {
    expect(typesOf(sdl).get(name)).toBe(type);
  },
);

it('both questions are fields of the root', () => {
  expect(typesOf(sdl).get('Query')).toContain('eventStats(input: EventStatsInput!): EventStats!');
  expect(typesOf(sdl).get('Query')).toContain('eventStatsLimits: EventStatsLimits!');
});
