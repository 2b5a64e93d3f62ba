import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/app/package-root.js';
import { type BenchContext, createHome, engines, type Sizing } from './bench-context.js';
import { openDatabase } from './database.js';
import { help, type Options, type Part, readOptions } from './options.js';
import { clientSeconds, measureClient } from './parts/client.js';
import { idsSeconds, measureIds } from './parts/ids.js';
import { loadSeconds, measureLoad } from './parts/load.js';
import { measureStart, startSeconds } from './parts/start.js';
import { measureSteps, stepsSeconds } from './parts/steps.js';
import { measureStorage, storageSeconds } from './parts/storage.js';
import { createProcesses } from './processes.js';
import { createProgress } from './progress.js';
import { failures, machineFacts, type Results, report } from './report.js';

const say = (text: string): boolean => process.stderr.write(text);
const options = readOptions(process.argv.slice(2));
if (!options || options.help) {
  process[options ? 'stdout' : 'stderr'].write(help);
  process.exitCode = options ? 0 : 2;
} else {
  try {
    const results = await measureAll(options);
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : report(results));
    const problems = failures(results);
    for (const problem of problems) say(`bench: FAILED: ${problem}\n`);
    process.exitCode = problems.length > 0 ? 1 : 0;
  } catch (error) {
    say(`bench: FAILED: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/** Runs the wanted parts. Whatever happens, every child is ended and the folder removed. */
async function measureAll({ parts, plan, quick, profile }: Options): Promise<Results> {
  const processes = createProcesses(dirname(fileURLToPath(import.meta.url)));
  const scratch = mkdtempSync(join(tmpdir(), 'signals-bench-'));
  const cleanUp = (): void => {
    processes.killAll();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', cleanUp);

  const stores = parts.some((part) => part !== 'steps' && part !== 'client');
  if (stores) say('bench: starting PostgreSQL\n');
  const database = stores ? await openDatabase(process.env.TEST_DATABASE_URL) : null;
  if (stores && !database)
    say('bench: SKIPPED: everything on PostgreSQL (no binaries, no TEST_DATABASE_URL)\n');
  const end = async (): Promise<void> => {
    cleanUp();
    await database?.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(130)));
  try {
    const base = { root: packageRoot(), scratch, plan, processes, database, profile };
    const seconds: Record<Part, (sizing: Sizing) => number> = {
      start: startSeconds,
      load: loadSeconds,
      storage: storageSeconds,
      steps: stepsSeconds,
      client: clientSeconds,
      ids: idsSeconds,
    };
    const total = parts.reduce((sum, part) => sum + seconds[part](base), 0);
    const homes = new Map(engines.map((engine) => [engine, once(() => createHome(base, engine, 'main'))]));
    const context: BenchContext = {
      ...base,
      progress: createProgress(total, say, () => performance.now()),
      home: (engine) => homes.get(engine)?.() ?? Promise.reject(new Error('no such engine')),
    };
    const wants = (part: Part): boolean => parts.includes(part);
    return {
      facts: machineFacts(new Date(), database, quick),
      ...(wants('start') && { start: await measureStart(context) }),
      ...(wants('load') && { load: await measureLoad(context) }),
      ...(wants('storage') && { storage: await measureStorage(context) }),
      ...(wants('steps') && { steps: await measureSteps(context) }),
      ...(wants('client') && { client: await measureClient(context, say) }),
      ...(wants('ids') && { ids: await measureIds(context) }),
    };
  } finally {
    await end();
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
