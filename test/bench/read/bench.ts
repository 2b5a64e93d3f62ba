import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/app/package-root.js';
import { type BenchDatabase, openDatabase } from '../database.js';
import { createProgress } from '../progress.js';
import { machineFacts } from '../report.js';
import { measureSize, secondsOf } from './measure.js';
import { help, type ReadOptions, readOptions } from './options.js';
import { type ReadResults, readFailures, readReport } from './report.js';
import type { Step } from './seed.js';
import { openPgliteSite, openPostgresSite, type Site } from './site.js';

const say = (text: string): boolean => process.stderr.write(text);
const options = readOptions(process.argv.slice(2));
if (!options || options.help) {
  process[options ? 'stdout' : 'stderr'].write(help);
  process.exitCode = options ? 0 : 2;
} else {
  try {
    const results = await measureAll(options);
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : readReport(results));
    const problems = readFailures(results);
    for (const problem of problems) say(`bench: FAILED: ${problem}\n`);
    process.exitCode = problems.length > 0 ? 1 : 0;
  } catch (error) {
    say(`bench: FAILED: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/** Fills one store after the other and asks it. Whatever happens, what was made is removed. */
async function measureAll({ engine, sizes, rounds }: ReadOptions): Promise<ReadResults> {
  const scratch = mkdtempSync(join(tmpdir(), 'signals-bench-'));
  const removeScratch = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeScratch);
  // What is measured is reading what lies in memory, as the newest months of a server in use do.
  const database =
    engine === 'postgres'
      ? await openDatabase(process.env.TEST_DATABASE_URL, { shared_buffers: '4GB' })
      : null;
  if (engine === 'postgres' && !database)
    throw new Error('there is no PostgreSQL here: no binaries and no TEST_DATABASE_URL');
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void database?.stop().finally(() => process.exit(130)));
  const facts = machineFacts(new Date(), database, false);
  const total = sizes.reduce((sum, size) => sum + secondsOf(size, rounds), 0);
  const { step } = createProgress(total, say, () => performance.now());
  try {
    const measured: ReadResults['sizes'][number][] = [];
    for (const [index, size] of sizes.entries()) {
      const site = await openSite(database, scratch, index);
      const named: Step = (label, seconds, work) =>
        step(`${size.events} events, ${size.visitors} visitors: ${label}`, seconds, work);
      try {
        measured.push(await measureSize(site, size, rounds, named));
      } finally {
        await site.close();
      }
    }
    return { facts, engine, rounds, sizes: measured };
  } finally {
    removeScratch();
    await database?.stop();
  }
}

async function openSite(database: BenchDatabase | null, scratch: string, index: number): Promise<Site> {
  const root = packageRoot();
  if (!database) return openPgliteSite(join(scratch, `store-${index}`), root);
  return openPostgresSite(await database.create(`read_${index}`), root);
}
