import type { DayOf } from '../src/domain/day.js';
import type { Clock, EventStore, Log } from '../src/domain/ports/index.js';
import type { Metrics } from '../src/observability/metrics.js';

/** What a job may use. */
export interface JobDeps {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly retentionDays: number;
  /** The day of an instant, in the zone whose midnight turns the salt. */
  readonly dayOf: DayOf;
}

/** What a run did, as a program reads it. */
export type JobReport = Readonly<Record<string, string | number | boolean>>;

export interface JobRun {
  /** Says what would be done and changes nothing. */
  readonly dryRun: boolean;
  /** Asked between batches: true ends the run early, and cleanly. */
  readonly stopped: () => boolean;
}

export interface Job {
  readonly name: string;
  readonly description: string;
  /** Five fields, in UTC. */
  readonly cron: string;
  /** Throws `JobRefusal` where going on would be wrong. */
  readonly run: (deps: JobDeps, run: JobRun) => Promise<JobReport>;
}

/** A job that refuses to run, with a reason that may be shown. */
export class JobRefusal extends Error {
  override readonly name = 'JobRefusal';
}
