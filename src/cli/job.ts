import { parseArgs } from 'node:util';
import { isJobName, type JobName, jobs } from '../../jobs/index.js';
import type { JobOutcome } from '../../jobs/run-job.js';
import { describeFailure } from '../app/describe-failure.js';
import { delegateJob } from '../app/embedded/database.js';
import { jobParts, runNamedJob } from '../app/jobs.js';
import { settingFiles } from '../app/setting-files.js';
import { withStores } from '../app/stores.js';
import { type Config, loadCommandConfig } from '../config/index.js';
import { createLog } from '../observability/log.js';
import { createMetrics } from '../observability/metrics.js';
import type { CliIo, Command } from './io.js';

const help = `Usage: signals job NAME [--dry-run]

Runs one job once, under the same lock as the schedule, and prints its report as JSON.

  --dry-run   change nothing; say what would be done
  --help      this text

Jobs:
${Object.entries(jobs)
  .map(([name, { description }]) => `  ${name.padEnd(14)}${description}`)
  .join('\n')}

Exit code 0: done, or it runs elsewhere; 1: refused or failed; 2: used wrongly, or no such job.
`;

/** `signals job`. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (options?.help) {
    io.stdout.write(help);
    return 0;
  }
  if (!options?.name || !isJobName(options.name)) {
    io.stderr.write(help);
    return 2;
  }
  const job = options.name;
  const loaded = loadCommandConfig('job', io.env, settingFiles);
  if (!loaded.ok) {
    io.stdout.write(`${JSON.stringify({ job, outcome: 'refused', problems: loaded.error })}\n`);
    return 1;
  }
  const config = loaded.value;
  for (const warning of loaded.warnings) io.stderr.write(`job: ${warning}\n`);
  const outcome =
    (await delegateJob(config, job, options.dryRun)) ?? (await runHere(config, io, job, options.dryRun));
  io.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  return outcome.outcome === 'done' || outcome.outcome === 'skipped' ? 0 : 1;
};

/** Runs the job in this process, on the database that the settings name. */
async function runHere(config: Config, io: CliIo, job: JobName, dryRun: boolean): Promise<JobOutcome> {
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  const log = createLog({ level, destination: io.stderr });
  const deps = { log, clock: { now: io.now }, metrics: createMetrics() };
  try {
    return await withStores(config, deps, ({ store }) =>
      runNamedJob(job, jobParts(config, store, deps), dryRun),
    );
  } catch (error) {
    log.error(describeFailure(error), 'the store cannot be opened');
    return { job, outcome: 'failed' };
  }
}

function parse(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return { name: positionals[0], dryRun: values['dry-run'], help: values.help };
  } catch {
    return null;
  }
}
