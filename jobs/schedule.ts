import { schedule } from 'node-cron';
import type { Job } from './job.js';
import { type RunnerDeps, runJob } from './run-job.js';

export interface Schedule {
  /** Runs a job now, beside its cron line; nothing once it was stopped. */
  run(job: Job): void;
  /** No new run begins; a running one ends after its current batch. */
  stop(): Promise<void>;
}

/** Runs every job that has a cron line by it, in UTC. The one file that knows node-cron. */
export function startSchedule(jobs: readonly Job[], deps: RunnerDeps): Schedule {
  let stopped = false;
  const running = new Set<Promise<unknown>>();
  const start = async (job: Job): Promise<void> => {
    const run = runJob(job, deps, { dryRun: false, stopped: () => stopped });
    running.add(run);
    await run;
    running.delete(run);
  };
  const tasks = jobs.flatMap((job) =>
    job.cron === null
      ? []
      : schedule(
          job.cron,
          () => start(job),
          // noOverlap: a run that takes longer than its interval is not started a second time in this process.
          { name: job.name, timezone: 'UTC', noOverlap: true },
        ),
  );
  return {
    run(job) {
      if (!stopped) void start(job);
    },
    async stop() {
      stopped = true;
      await Promise.all(tasks.map((task) => task.destroy()));
      await Promise.all(running);
    },
  };
}
