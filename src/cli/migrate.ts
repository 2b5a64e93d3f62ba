import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rewriteRows } from '../../jobs/rewrite-rows.js';
import { runJob } from '../../jobs/run-job.js';
import { packageRoot } from '../app/package-root.js';
import { loadConfig } from '../config/index.js';
import { createDayOf } from '../domain/day.js';
import { createLog, describeError } from '../observability/log.js';
import { createMetrics } from '../observability/metrics.js';
import { openStore } from '../store/open-store.js';
import type { Command } from './io.js';

const help = `Usage: npm run migrate

Applies prisma/migrations with Prisma's own engine, to PostgreSQL at DATABASE_URL or to the embedded database.
Safe when several replicas do it at once: one works, the others wait and find nothing left to do.
Then runs the job rewrite-rows, which gives rows of older versions the form of today: in batches, beside a service
that is running, with its progress on standard error. Stopped in between, it goes on at the next call.
Reads DATABASE_URL (or DATABASE_URL_FILE) and SIGNALS_DATA_DIR only. Prints {"applied": [...], "rewritten": …}.
`;

/** `npm run migrate`. Exit 1 when the database cannot be reached or a migration fails. */
export const run: Command = async (argv, io) => {
  if (argv.includes('--help')) {
    io.stdout.write(help);
    return 0;
  }
  // A migration needs no salt and no keys: only what it reads is checked.
  const { DATABASE_URL, DATABASE_URL_FILE, SIGNALS_DATA_DIR } = io.env;
  const loaded = loadConfig({ DATABASE_URL, DATABASE_URL_FILE, SIGNALS_DATA_DIR }, (path) =>
    readFileSync(path, 'utf8'),
  );
  if (!loaded.ok) {
    io.stderr.write(`${loaded.problems.join('\n')}\n`);
    return 1;
  }
  const { databaseUrl, dataDir } = loaded.config;
  const log = createLog({ level: 'info', destination: io.stderr });
  const clock = { now: io.now };
  try {
    const opened = await openStore({
      ...(databaseUrl && { databaseUrl: databaseUrl.reveal().toString('utf8') }),
      dataDir: join(dataDir, 'pglite'),
      migrationsDir: join(packageRoot(), 'prisma', 'migrations'),
      log,
      clock,
    });
    try {
      const { applied } = await opened.migrate();
      const { dayZone, retentionDays } = loaded.config;
      const deps = {
        ...{ store: opened.store, clock, log, metrics: createMetrics() },
        ...{ retentionDays, dayOf: createDayOf(dayZone) },
      };
      const rewritten = await runJob(rewriteRows, deps, { dryRun: false, stopped: () => false });
      io.stdout.write(`${JSON.stringify({ applied, rewritten })}\n`);
      return rewritten.outcome === 'failed' ? 1 : 0;
    } finally {
      await opened.store.close();
    }
  } catch (error) {
    io.stderr.write(`${JSON.stringify({ failed: 'migrate', ...describeError(error) })}\n`);
    return 1;
  }
};
