import { type Coordination, type Log, type Reason, StoreUnavailable } from '../src/domain/ports/index.js';
import { describeError } from '../src/observability/log.js';
import type { Metrics } from '../src/observability/metrics.js';
import { type Job, JobRefusal, type JobReport, type JobRun } from './job.js';
import type { JobSuccesses } from './successes.js';

/** What running a job takes beside the job: the lock, and what is said of the run. */
export interface RunnerDeps {
  readonly coordination: Coordination;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly successes: JobSuccesses;
}

export type JobOutcome =
  | { readonly job: string; readonly outcome: 'done'; readonly report: JobReport }
  | { readonly job: string; readonly outcome: 'skipped'; readonly reason: 'runs_elsewhere' }
  | { readonly job: string; readonly outcome: 'refused'; readonly reason: string }
  | { readonly job: string; readonly outcome: 'failed'; readonly reason?: string; readonly why?: string };

/**
 * One run of one job under its lock, so that of all replicas and all manual calls only one works at a time.
 * Never rejects: what went wrong is the outcome, logged without messages and counted.
 */
export async function runJob(job: Job, deps: RunnerDeps, run: JobRun): Promise<JobOutcome> {
  const outcome = await attempt(job, deps, run);
  // Not what was skipped, and not what only said what it would do: whoever waits for the work must see it age.
  if (outcome.outcome === 'done' && !run.dryRun) deps.successes.succeeded(job.name);
  deps.metrics.count('signals_job_runs_total', { job: job.name, outcome: outcome.outcome });
  const { report, ...rest } = { report: {}, ...outcome };
  deps.log.info({ ...rest, ...report }, 'job ended');
  return outcome;
}

async function attempt(job: Job, deps: RunnerDeps, run: JobRun): Promise<JobOutcome> {
  try {
    const held = await deps.coordination.withLock(`job:${job.name}`, (lock) =>
      job.work({ ...run, stopped: () => run.stopped() || lock.lost() }),
    );
    if (!held.ran) return { job: job.name, outcome: 'skipped', reason: 'runs_elsewhere' };
    return { job: job.name, outcome: 'done', report: held.value };
  } catch (error) {
    if (error instanceof JobRefusal) return { job: job.name, outcome: 'refused', reason: error.message };
    const why = error instanceof StoreUnavailable && error.reason ? wordsOf(error.reason) : {};
    deps.log.error({ ...describeError(error), ...why, job: job.name }, 'job failed');
    return { job: job.name, outcome: 'failed', ...why };
  }
}

function wordsOf({ code, sentence }: Reason): { readonly reason: string; readonly why: string } {
  return { reason: code, why: sentence };
}
