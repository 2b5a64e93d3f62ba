import type { AllowedPlan, StatsPlan } from './plan.js';

/** Who asks, as far as the reading rules care. */
export interface Reader {
  readonly isAdmin: boolean;
}

/** The only way to a plan that an engine runs. Admins may ask everything; nobody else may ask anything. */
export function allowPlan(plan: StatsPlan, reader: Reader): AllowedPlan | null {
  return reader.isAdmin ? (plan as AllowedPlan) : null;
}
