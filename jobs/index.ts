import type { Job, JobKind } from './job.js';
import { createPurge } from './purge.js';
import { createCountStatistics, createRebuild } from './rebuild.js';
import { createRefreshStatistics } from './refresh-statistics.js';
import { createRewriteRows } from './rewrite-rows.js';

/** Every job there is. */
export const jobs = {
  purge: {
    cron: '17 3 * * *',
    description: 'Forgets days that SIGNALS_RETENTION_DAYS no longer keeps; totals of the day stay.',
    create: createPurge,
  },
  'rewrite-rows': {
    cron: '43 * * * *',
    description: 'Rewrites rows of versions before November 2026 so that nothing in them links two days.',
    create: createRewriteRows,
  },
  'refresh-statistics': {
    cron: '* * * * *',
    description: 'Counts days that have changed, so that statistics need not read their events one by one.',
    create: createRefreshStatistics,
  },
  'count-statistics': {
    cron: null,
    description: 'Counts every day that has changed, with progress; migrate runs it.',
    create: createCountStatistics,
  },
  rebuild: {
    cron: null,
    description: 'Counts every day anew that still has its events, also for another SIGNALS_DAY_ZONE.',
    create: createRebuild,
  },
} as const satisfies Readonly<Record<string, JobKind<never>>>;

export type JobName = keyof typeof jobs;

/** Their names, in the order of the table. */
export const jobNames = Object.keys(jobs) as readonly JobName[];

/** Whether there is a job of this name. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

type Create = (typeof jobs)[JobName]['create'];

/** What all factories of the table need together: TypeScript infers the intersection of their parameters. */
export type JobNeeds = Create extends (needs: infer Needs) => unknown ? Needs : never;

/** The job of this name, ready to run. */
export function createJob(name: JobName, needs: JobNeeds): Job {
  const { cron, create } = jobs[name];
  return { name, cron, work: create(needs) };
}
