import { describeFailure } from '../app/describe-failure.js';
import { jobParts, runNamedJob } from '../app/jobs.js';
import { settingFiles } from '../app/setting-files.js';
import { withStores } from '../app/stores.js';
import { loadCommandConfig } from '../config/index.js';
import { createLog } from '../observability/log.js';
import { createMetrics } from '../observability/metrics.js';
import type { Command } from './io.js';

const help = `Usage: signals migrate

Applies prisma/migrations with Prisma's own engine, to PostgreSQL at DATABASE_URL or to the embedded database.
Safe when several replicas do it at once: one works, the others wait and find nothing left to do.
Then runs the job rewrite-rows, which gives rows of older versions the form of today, and the job count-statistics,
which counts the days that have not been counted: in batches, beside a service that is running, with progress on
standard error. Stopped in between, they go on at the next call.
Reads NODE_ENV, DATABASE_URL (or DATABASE_URL_FILE), SIGNALS_STORE, SIGNALS_DATA_DIR and SIGNALS_DAY_ZONE only.
Prints {"applied": [...], "rewritten": …, "counted": …}.

Exit code 0: done; 1: the database cannot be reached, or a migration or the job fails; 2: used wrongly.
`;

/** `signals migrate`. It refuses every argument: a misspelt option must not change a database. */
export const run: Command = async (argv, io) => {
  const [option, ...rest] = argv;
  if (rest.length > 0 || (option !== undefined && option !== '--help')) {
    io.stderr.write(`migrate: it takes no arguments\n\n${help}`);
    return 2;
  }
  if (option === '--help') {
    io.stdout.write(help);
    return 0;
  }
  const loaded = loadCommandConfig('migrate', io.env, settingFiles);
  if (!loaded.ok) {
    io.stderr.write(loaded.error.map((problem) => `migrate: ${problem}\n`).join(''));
    return 1;
  }
  const config = loaded.value;
  const log = createLog({ level: 'info', destination: io.stderr });
  for (const warning of loaded.warnings) log.warn({}, warning);
  const deps = { log, clock: { now: io.now }, metrics: createMetrics() };
  try {
    return await withStores(config, deps, async (stores) => {
      const { applied } = await stores.migrate();
      const parts = jobParts(config, stores.store, deps);
      const rewritten = await runNamedJob('rewrite-rows', parts);
      const counted = await runNamedJob('count-statistics', parts);
      io.stdout.write(`${JSON.stringify({ applied, rewritten, counted })}\n`);
      return [rewritten, counted].some(({ outcome }) => outcome === 'failed') ? 1 : 0;
    });
  } catch (error) {
    io.stderr.write(`${JSON.stringify({ failed: 'migrate', ...describeFailure(error) })}\n`);
    return 1;
  }
};
