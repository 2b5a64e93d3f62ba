import type { Result } from '../../contract/index.js';
import type { CatalogueSource } from '../catalogue.js';
import type { Clock, EventStats } from '../ports/index.js';
import type { StatsAnswer } from './answer.js';
import type { TooExpensive } from './plan.js';
import type { Reader } from './policy.js';
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

/** Question, plan, run, answer: each step is a file of its own. */
export function createStatistics(_deps: StatisticsDeps): Statistics {
  return { ask: () => Promise.resolve({ ok: false, error: { kind: 'FORBIDDEN' } }) };
}
