import type { JsonObject } from '../../../src/contract/index.js';
import type { Catalogue, EventTypePlan } from '../../../src/domain/catalogue.js';
import type { StatsAnswer } from '../../../src/domain/reading/answer.js';
import { createStatistics } from '../../../src/domain/reading/ask.js';
import type { AllowedPlan, FoundRow, StatsCounts, StatsFound } from '../../../src/domain/reading/plan.js';
import type { StatsInput, WantedStats } from '../../../src/domain/reading/question.js';

export const nothingWanted: WantedStats = { visitors: false, sessions: false, points: false, properties: [] };
export const allWanted: WantedStats = { visitors: true, sessions: true, points: true, properties: [] };

const properties: JsonObject = {
  size: { type: 'integer' },
  ratio: { type: 'number' },
  language: { type: 'string' },
  isNew: { type: 'boolean' },
  tags: { type: 'array', items: { type: 'string' } },
};

function eventType(name: string, declared: JsonObject): EventTypePlan {
  return {
    name,
    description: '',
    owner: '',
    apps: [],
    version: 1,
    versions: [1],
    deprecated: null,
    enabled: true,
    optIn: false,
    gpc: 'anonymise',
    maxBytes: 2_048,
    unknownProperties: 'cut',
    entityTypes: null,
    entityRequired: false,
    schema: { type: 'object', properties: declared },
    checkProperties: () => ({ ok: false, error: { reason: 'INVALID_PROPERTIES', path: '', rule: 'type' } }),
  };
}

export const catalogue: Catalogue = {
  fingerprint: '0'.repeat(16),
  apps: new Map(),
  entityTypes: new Map(),
  eventTypes: new Map([
    ['opened', eventType('opened', properties)],
    ['closed', eventType('closed', {})],
  ]),
};

export function counts(events: number, more: Partial<StatsCounts> = {}): StatsCounts {
  return { events, visitors: null, sessions: null, properties: new Map(), ...more };
}

/** A row that has the same counts in every bucket of the plan, and others before. */
export function rowOf(plan: AllowedPlan, now: StatsCounts, before: StatsCounts = counts(0)): FoundRow {
  return {
    key: plan.groupBy.map(() => 'a'),
    kind: 'VALUE',
    totals: now,
    points: plan.points ? plan.buckets.map(() => now) : [],
    previous: plan.previous && {
      totals: before,
      points: plan.points ? plan.previous.map((span) => span && before) : [],
    },
    folded: false,
  };
}

export interface Asking {
  readonly now?: string;
  readonly saltZone?: string;
  readonly wanted?: WantedStats;
  readonly isAdmin?: boolean;
  /** What the store finds; three events in the total and in each bucket unless given. */
  readonly find?: (plan: AllowedPlan) => Partial<StatsFound>;
}

/** Asks with a store that answers as told, and hands back the plans that it was given. */
export async function ask(input: StatsInput, asking: Asking = {}) {
  const { now = '2026-11-28T12:00:00Z', saltZone = 'UTC', wanted = nothingWanted, isAdmin = true } = asking;
  const plans: AllowedPlan[] = [];
  const statistics = createStatistics({
    stats: {
      stats: (plan) => {
        plans.push(plan);
        const found = { rows: [], since: '2000-01-01', folded: false, ...asking.find?.(plan) };
        return Promise.resolve({ ok: true, value: { total: rowOf(plan, counts(3)), ...found } });
      },
    },
    catalogue: { current: () => catalogue },
    clock: { now: () => new Date(now) },
    saltZone,
  });
  const result = await statistics.ask(input, wanted, { isAdmin });
  return { result, plans };
}

/** The plan of a question that is sound. */
export async function planOf(input: StatsInput, asking: Asking = {}): Promise<AllowedPlan> {
  const { result, plans } = await ask(input, asking);
  const [plan] = plans;
  if (!plan) throw new Error(`There is no plan: ${JSON.stringify(result)}`);
  return plan;
}

export async function answerOf(input: StatsInput, asking: Asking = {}): Promise<StatsAnswer> {
  const { result } = await ask(input, asking);
  if (!result.ok) throw new Error(`There is no answer: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The argument that a refusal names, and the problem; null where nothing is refused. */
export async function refusalOf(input: StatsInput, asking: Asking = {}) {
  const { result } = await ask(input, asking);
  return result.ok ? null : result.error;
}

/** `from` and `to`, or the parts of a question. */
export const between = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
