import type { StatsAnswer } from '../../../src/domain/reading/answer.js';
import type { FilterInput, StatsInput, WantedStats } from '../../../src/domain/reading/question.js';
import type { Statement } from '../../../src/store/engine/sql-engine.js';
import { differenceOf, propertyDifferenceOf, type RawLine } from './compare.js';
import { type RawQuestion, rawPropertyStatement, rawStatement } from './raw.js';
import { benchNow } from './seed.js';
import { apps, entityId, entityType, numberProperty, routeName, typeName } from './world.js';

/** What has come in since the days were counted. */
export const states = ['closed', 'today', 'late'] as const;
export type State = (typeof states)[number];

/** A question as the product is asked, the same of raw rows, and how fast it should be. */
export interface Question {
  readonly name: string;
  readonly input: StatsInput;
  readonly wanted: WantedStats;
  readonly raw: Statement;
  /** Milliseconds; none where nothing was promised. */
  readonly goals: Partial<Readonly<Record<State, number>>>;
  /** How the two answers differ; null where they do not. */
  differ(answer: StatsAnswer, raw: readonly RawLine[]): string | null;
}

const dayMs = 86_400_000;
const [app] = apps;
const ofApp = `d.app_name = '${app}'`;
const end = new Date(benchNow.getTime() + 1);
const daysAgo = (days: number): Date => new Date(end.getTime() - days * dayMs);
const [common, middling] = [typeName(0), typeName(7)];
const ofCommon = `${ofApp} AND d.event_type = '${common}'`;
const ofMiddling = `${ofApp} AND d.event_type = '${middling}'`;

interface Series {
  readonly name: string;
  readonly goals?: Question['goals'];
  readonly days?: number;
  readonly filter?: FilterInput;
  readonly where?: string;
  readonly groupBy?: { readonly dimension: 'DEVICE' | 'ROUTE'; readonly column: string };
  readonly hourly?: boolean;
  readonly visitors?: boolean;
}

/** Points by the day, or by the hour. */
function series(of: Series): Question {
  const {
    name,
    goals = {},
    days = 30,
    filter,
    where = 'true',
    groupBy,
    hourly = false,
    visitors = true,
  } = of;
  const question: RawQuestion = {
    from: daysAgo(days),
    to: end,
    bucket: hourly ? 'hour' : 'day',
    visitors,
    where,
    key: groupBy?.column ?? null,
    top: groupBy ? 10 : null,
  };
  return {
    name,
    goals,
    input: {
      last: hourly ? `PT${days * 24}H` : `P${days}D`,
      interval: hourly ? 'HOUR' : 'DAY',
      ...(filter && { filter }),
      ...(groupBy && { groupBy: [{ dimension: groupBy.dimension }] }),
    },
    wanted: { visitors, sessions: false, points: true, properties: [] },
    raw: rawStatement(question),
    differ: differenceOf,
  };
}

/** Mean and percentile of a property over 30 days. */
function property(name: string, eventType: string, where: string): Question {
  return {
    name,
    goals: {},
    input: { last: 'P30D', interval: 'NONE', filter: { appName: [app], eventType: [eventType] } },
    wanted: { visitors: false, sessions: false, points: false, properties: [numberProperty] },
    raw: rawPropertyStatement(daysAgo(30), end, where, numberProperty),
    differ: (answer, raw) => propertyDifferenceOf(answer, numberProperty, raw),
  };
}

const entity = (name: string, rank: number): Question =>
  series({
    name,
    goals: { today: 10 },
    filter: { entityType, entityId: [entityId(rank)] },
    where: `d.entity_type = '${entityType}' AND e.entity_id = '${entityId(rank)}'`,
  });

/** With visitors unless it says otherwise. The first app has half of all events. */
export const questions: readonly Question[] = [
  series({
    name: '30 days of one app by the day',
    goals: { closed: 3, today: 25, late: 90 },
    filter: { appName: [app] },
    where: ofApp,
  }),
  series({ name: '30 days of all apps by the day', goals: { closed: 3, today: 25, late: 90 } }),
  series({
    name: '– of one app by device',
    goals: { today: 30 },
    filter: { appName: [app] },
    where: ofApp,
    groupBy: { dimension: 'DEVICE', column: 'd.device_type' },
  }),
  series({
    name: '– of one app by route, top 10 and OTHER',
    goals: { today: 40 },
    filter: { appName: [app] },
    where: ofApp,
    groupBy: { dimension: 'ROUTE', column: 'd.route' },
  }),
  entity('– of the hottest entity', 0),
  entity('– of an entity with 100 events', 1_000),
  series({ name: '180 days of all apps by the day', goals: { today: 30 }, days: 180 }),
  series({
    name: '7 days of one app by the hour, events only',
    goals: { today: 60 },
    days: 7,
    hourly: true,
    visitors: false,
    filter: { appName: [app] },
    where: ofApp,
  }),
  series({
    name: '7 days of one app by the hour',
    goals: { today: 150 },
    days: 7,
    hourly: true,
    filter: { appName: [app] },
    where: ofApp,
  }),
  series({
    name: '30 days of three words, few events',
    goals: { today: 450 },
    filter: {
      appName: [app],
      eventType: [middling],
      route: [routeName(7, 2)],
      deviceType: ['mobile'],
    },
    where: `${ofMiddling} AND d.route = '${routeName(7, 2)}' AND d.device_type = 'mobile'`,
  }),
  series({
    name: '30 days of three words, many events',
    goals: { today: 450 },
    filter: {
      appName: [app],
      eventType: [common],
      deviceType: ['desktop'],
      browserFamily: ['Chrome', 'Safari'],
    },
    where: `${ofCommon} AND d.device_type = 'desktop' AND d.browser_family IN ('Chrome', 'Safari')`,
  }),
  property('mean and p95 of a number, 30 days of a middling type', middling, ofMiddling),
  property('mean and p95 of a number, 30 days of the commonest type', common, ofCommon),
];
