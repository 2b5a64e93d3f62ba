import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jobs } from '../../jobs/index.js';
import { type JobOutcome, runJob } from '../../jobs/run-job.js';
import { askForJob } from '../app/embedded/control-socket.js';
import { packageRoot } from '../app/package-root.js';
import { type Config, loadConfig } from '../config/index.js';
import { createDayOf } from '../domain/day.js';
import { createLog, describeError } from '../observability/log.js';
import { createMetrics } from '../observability/metrics.js';
import { openStore } from '../store/open-store.js';
import type { CliIo, Command } from './io.js';

const help = `Usage: npm run job -- <name> [--dry-run]

Runs one job once, under the same lock as the schedule, and prints its report as JSON.
Exit: 0 done (or it runs elsewhere), 1 refused or failed, 2 no such job.

Jobs:
${jobs.map(({ name, description }) => `  ${name.padEnd(12)}${description}`).join('\n')}
`;

/** Settings that a job needs: the rest, secrets included, may be absent where jobs run. */
const needed = [
  'DATABASE_URL',
  'DATABASE_URL_FILE',
  'SIGNALS_DATA_DIR',
  'SIGNALS_RETENTION_DAYS',
  'SIGNALS_MAX_AGE_HOURS',
  'SIGNALS_DAY_ZONE',
  'SIGNALS_LOG_LEVEL',
  'SIGNALS_POOL_MAX',
];

/** `npm run job`. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (options?.help) {
    io.stdout.write(help);
    return 0;
  }
  const job = jobs.find(({ name }) => name === options?.name);
  if (!options || !job) {
    io.stderr.write(help);
    return 2;
  }
  const env = Object.fromEntries(needed.map((name) => [name, io.env[name]]));
  const loaded = loadConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!loaded.ok) {
    io.stdout.write(`${JSON.stringify({ job: job.name, outcome: 'refused', problems: loaded.problems })}\n`);
    return 1;
  }
  const outcome = await runIn(loaded.config, io, options.dryRun, job);
  io.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  return outcome.outcome === 'done' || outcome.outcome === 'skipped' ? 0 : 1;
};

async function runIn(
  config: Config,
  io: CliIo,
  dryRun: boolean,
  job: (typeof jobs)[number],
): Promise<JobOutcome> {
  const log = createLog({
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
    destination: io.stderr,
  });
  const clock = { now: io.now };
  const { databaseUrl, dataDir, retentionDays } = config;
  // The embedded database belongs to one process: a running service does the work.
  const delegated = databaseUrl ? null : await askForJob(dataDir, { job: job.name, dryRun, retentionDays });
  if (delegated) return delegated;
  try {
    const opened = await openStore({
      ...(databaseUrl && { databaseUrl: databaseUrl.reveal().toString('utf8') }),
      dataDir: join(dataDir, 'pglite'),
      migrationsDir: join(packageRoot(), 'prisma', 'migrations'),
      log,
      clock,
    });
    try {
      const deps = {
        store: opened.store,
        clock,
        log,
        metrics: createMetrics(),
        retentionDays: config.retentionDays,
        dayOf: createDayOf(config.dayZone),
      };
      return await runJob(job, deps, { dryRun, stopped: () => false });
    } finally {
      await opened.store.close();
    }
  } catch (error) {
    log.error(describeError(error), 'the store cannot be opened');
    return { job: job.name, outcome: 'failed' };
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
