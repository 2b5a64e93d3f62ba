import type { EventDimension, Failure, Result } from '../../contract/index.js';
import type { CatalogueSource } from '../catalogue.js';
import type { Clock, EventStats } from '../ports/index.js';
import type { StatsAnswer } from './answer.js';
import { createCivilTime, createCivilTimes } from './civil-time.js';
import { makeAnswer } from './make-answer.js';
import { planQuestion } from './make-plan.js';
import type { StatsFound, StatsPlan, TooExpensive } from './plan.js';
import { allowPlan, type Reader } from './policy.js';
import type { BadArgument, StatsInput, WantedStats } from './question.js';

export interface StatisticsDeps {
  readonly stats: EventStats;
  readonly catalogue: CatalogueSource;
  readonly clock: Clock;
  /** `SIGNALS_DAY_ZONE`: the zone whose midnight turns the daily salt, and the default of a question. */
  readonly saltZone: string;
}

export interface Statistics {
  /** Rejects with `StoreUnavailable`. */
  ask(input: StatsInput, wanted: WantedStats, reader: Reader): Promise<Result<StatsAnswer, StatsRefusal>>;
}

export type StatsRefusal =
  | ({ readonly kind: 'BAD_ARGUMENT' } & BadArgument)
  | { readonly kind: 'FORBIDDEN' }
  | ({ readonly kind: 'TOO_EXPENSIVE' } & TooExpensive & {
        /** Arguments that would make it cheaper, such as `filter.appName`. */
        readonly narrow: readonly string[];
      });

/** Question, plan, run, answer: each step is a file of its own. Throws for a zone that Intl does not know. */
export function createStatistics({ stats, catalogue, clock, saltZone }: StatisticsDeps): Statistics {
  const civilTimes = createCivilTimes();
  const salt = createCivilTime(saltZone);
  return {
    async ask(input, wanted, reader) {
      const now = clock.now();
      const context = { catalogue: catalogue.current(), now, civilTimes, salt, saltZone };
      const question = planQuestion(input, wanted, context);
      if (!question.ok) return refused({ kind: 'BAD_ARGUMENT', ...question.error });
      const { plan } = question.value;
      const allowed = allowPlan(plan, reader);
      if (!allowed) return refused({ kind: 'FORBIDDEN' });
      const found: Result<StatsFound, TooExpensive> =
        plan.buckets.length === 0 ? { ok: true, value: foundNothing(plan) } : await stats.stats(allowed);
      if (!found.ok) return refused({ kind: 'TOO_EXPENSIVE', ...found.error, narrow: whatWouldHelp(plan) });
      return { ok: true, value: makeAnswer(question.value, found.value, { now, salt }) };
    },
  };
}

function refused(error: StatsRefusal): Failure<StatsRefusal> {
  return { ok: false, error };
}

/** Without buckets there is nothing to count, and no store is asked. */
function foundNothing({ measures }: StatsPlan): StatsFound {
  const none = { count: 0, sum: '0', min: null, max: null, histogram: [] };
  const totals = {
    events: 0,
    visitors: measures.visitors ? 0 : null,
    sessions: measures.sessions ? 0 : null,
    properties: new Map(measures.properties.map((name) => [name, none])),
  };
  const total = { key: [], kind: 'VALUE', totals, points: [], previous: null, folded: false } as const;
  return { total, rows: [], since: null, folded: false };
}

/** What the question leaves open that would have fewer rows read. */
function whatWouldHelp({ days, filter, groupBy }: StatsPlan): string[] {
  const isOpen = (dimension: EventDimension): boolean =>
    !filter.all.some((condition) => 'dimension' in condition && condition.dimension === dimension);
  return [
    ...(days.length > 1 ? ['range'] : []),
    ...(isOpen('APP') ? ['filter.appName'] : []),
    ...(isOpen('EVENT_TYPE') ? ['filter.eventType'] : []),
    ...(groupBy.length > 0 ? ['groupBy'] : []),
  ];
}
