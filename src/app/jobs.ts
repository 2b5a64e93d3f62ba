import { createCountWatch } from '../../jobs/count-watch.js';
import { createJob, type JobName, type JobNeeds, jobNames, jobs } from '../../jobs/index.js';
import { JobRefusal, type JobRun } from '../../jobs/job.js';
import { type JobOutcome, type RunnerDeps, runJob } from '../../jobs/run-job.js';
import { type Schedule, startSchedule } from '../../jobs/schedule.js';
import { createJobSuccesses } from '../../jobs/successes.js';
import { type Config, ConfigurationError } from '../config/index.js';
import type { Catalogue, CatalogueSource } from '../domain/catalogue.js';
import { createDayOf } from '../domain/day.js';
import type { EventStore } from '../domain/ports/index.js';
import { openCatalogue } from './catalogue.js';
import type { StoreDeps } from './stores.js';

/** What jobs are made of and run with. */
export type JobParts = JobNeeds & RunnerDeps;

/**
 * The one place that gives jobs what their factories ask for. Without `catalogue` the file is read when a job asks for
 * it.
 */
export function jobParts(
  config: Config,
  store: EventStore,
  deps: StoreDeps & { readonly catalogue?: CatalogueSource },
): JobParts {
  const { clock, log, metrics, catalogue } = deps;
  return {
    retention: store,
    upgrade: store,
    changed: store,
    coordination: store,
    clock,
    log,
    metrics,
    successes: createJobSuccesses(clock),
    countWatch: createCountWatch(metrics),
    retentionDays: config.retentionDays,
    minGroup: config.minGroup,
    readCatalogue: async () => catalogue?.current() ?? (await readCatalogue(config, deps)),
    dayOf: createDayOf(config.dayZone),
  };
}

async function readCatalogue({ catalogue }: Config, deps: StoreDeps): Promise<Catalogue> {
  try {
    const { source, close } = await openCatalogue(catalogue, deps);
    close();
    return source.current();
  } catch (error) {
    // Its problems name places in the file; `signals catalog check` prints them.
    if (error instanceof ConfigurationError) throw new JobRefusal('catalogue_unusable');
    throw error;
  }
}

/** One run of one job, outside of the schedule and under the same lock. */
export function runNamedJob(name: JobName, parts: JobParts, dryRun = false): Promise<JobOutcome> {
  const run: JobRun = { dryRun, stopped: () => false };
  return runJob(createJob(name, parts), parts, run);
}

export interface AppJobs {
  readonly parts: JobParts;
  /** Starts the schedule; a second call does nothing. */
  start(): void;
  /** Says that migrations were applied: rows of older versions are rewritten, and days counted, as soon as the schedule runs. */
  migrated(): void;
  /** No new run begins; a running one ends after its current batch. */
  close(): Promise<void>;
}

/** All jobs of the table, on a schedule. */
export function openJobs(parts: JobParts): AppJobs {
  let schedule: Schedule | null = null;
  let isMigrated = false;
  const afterMigration = [createJob('rewrite-rows', parts), createJob('count-statistics', parts)];
  const runAfterMigration = (): void => {
    for (const job of afterMigration) schedule?.run(job);
  };
  for (const job of jobNames)
    if (jobs[job].cron !== null)
      parts.metrics.gauge('signals_job_last_success_seconds', () => parts.successes.secondsSince(job), {
        job,
      });
  return {
    parts,
    start() {
      if (schedule) return;
      schedule = startSchedule(
        jobNames.map((name) => createJob(name, parts)),
        parts,
      );
      if (isMigrated) runAfterMigration();
    },
    migrated() {
      isMigrated = true;
      runAfterMigration();
    },
    close: async () => schedule?.stop(),
  };
}
