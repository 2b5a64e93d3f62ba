import type { Clock, Log } from '../domain/ports/index.js';
import { describeError } from '../observability/log.js';

/** How long Redis is not asked after it failed, in ms, so that not every request waits for an answer in vain. */
const restMs = 1_000;

/** Whether Redis can be asked, said once in the log for each change. */
export interface Outage {
  /** It failed. */
  began(error: unknown): void;
  /** It has answered. */
  ended(): void;
  /** It has failed a moment ago, and is not asked again yet. */
  rests(): boolean;
}

export function createOutage({ clock, log }: { readonly clock: Clock; readonly log: Log }): Outage {
  let failedAt: number | null = null;
  return {
    began(error) {
      if (failedAt === null) log.warn(describeError(error), 'redis is away; every replica counts for itself');
      failedAt = clock.now().getTime();
    },
    ended() {
      if (failedAt !== null) log.info({}, 'redis is back; it counts for all replicas');
      failedAt = null;
    },
    // A clock that was set back does not prolong the rest.
    rests: () => failedAt !== null && Math.abs(clock.now().getTime() - failedAt) < restMs,
  };
}
