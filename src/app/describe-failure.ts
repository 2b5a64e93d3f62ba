import { describeError } from '../observability/log.js';
import { reasonOf } from '../store/engine/reason-of.js';

/** What may be said of a failure: in words where the database is its reason, and else by class, code and place. */
export function describeFailure(error: unknown): Readonly<Record<string, string | null>> {
  const reason = reasonOf(error);
  return reason ? { reason: reason.code, why: reason.sentence } : describeError(error);
}
