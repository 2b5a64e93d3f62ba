import type { Clock } from '../src/domain/ports/index.js';

/** When each job succeeded last in this process. */
export interface JobSuccesses {
  succeeded(job: string): void;
  /** Seconds since then; since the process began where it has not succeeded yet. */
  secondsSince(job: string): number;
}

export function createJobSuccesses(clock: Clock): JobSuccesses {
  const began = clock.now().getTime();
  const last = new Map<string, number>();
  return {
    succeeded: (job) => void last.set(job, clock.now().getTime()),
    secondsSince: (job) => Math.max(0, (clock.now().getTime() - (last.get(job) ?? began)) / 1_000),
  };
}
