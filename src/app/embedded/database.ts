import type { JobName } from '../../../jobs/index.js';
import type { JobOutcome } from '../../../jobs/run-job.js';
import type { Config } from '../../config/index.js';
import type { OpenedStore } from '../../store/open-store.js';
import { type AppJobs, runNamedJob } from '../jobs.js';
import type { Closable } from '../opened.js';
import { askForJob, listenForJobs } from './control-socket.js';

/**
 * The embedded database belongs to one process. So the service that has it open always migrates it, and runs the jobs
 * that somebody at the same machine asks for.
 */
export async function tendEmbeddedDatabase(
  { dataDir }: Config,
  stores: OpenedStore,
  jobs: AppJobs,
): Promise<Closable> {
  await stores.migrate();
  jobs.migrated();
  return listenForJobs(dataDir, ({ job, dryRun, retentionDays }) =>
    runNamedJob(job, { ...jobs.parts, retentionDays }, dryRun),
  );
}

/** Has a running service do the job; null where nobody has the embedded database open, or where there is none. */
export async function delegateJob(config: Config, job: JobName, dryRun: boolean): Promise<JobOutcome | null> {
  const { databaseUrl, dataDir, retentionDays } = config;
  return databaseUrl ? null : askForJob(dataDir, { job, dryRun, retentionDays });
}
