import type { Result } from '../../contract/index.js';
import type { AllowedPlan, StatsFound, TooExpensive } from '../reading/plan.js';

/** Counts events. */
export interface EventStats {
  /**
   * Answers from one snapshot, exact to its last committed event, whatever is written, refreshed or purged meanwhile.
   * Refuses before it reads what would be too much. Rejects with `StoreUnavailable`.
   */
  stats(plan: AllowedPlan): Promise<Result<StatsFound, TooExpensive>>;
}
