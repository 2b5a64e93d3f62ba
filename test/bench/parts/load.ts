import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { type BenchContext, type Engine, enginesOf, type Sizing } from '../bench-context.js';
import { query } from '../database.js';
import { cpuSeconds, residentBytes } from '../processes.js';
import { startSignals, tokensOf } from '../signals-server.js';
import type { LoadResult } from '../workers/jobs.js';
import { createTargets, type Kept, type RunningHome, type Target } from './targets.js';

/** One target at one number of connections; a value for each repetition. */
export interface LoadRow {
  readonly target: string;
  readonly connections: number;
  readonly eventsPerSecond: readonly number[];
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly clientCpu: readonly number[];
  /** Microseconds of CPU that the Node process of Signals used for an event. */
  readonly serverMicros: readonly number[];
}

export interface StoredCheck {
  /** Who acknowledged: an engine of ours, or what it is compared with. */
  readonly what: string;
  readonly acknowledged: number;
  readonly stored: number;
}

export interface MemoryAfterLoad {
  readonly engine: Engine;
  /** Of the Node process, after the load and a rest. */
  readonly residentBytes: number;
}

export interface LoadPart {
  readonly rows: readonly LoadRow[];
  readonly checks: readonly StoredCheck[];
  readonly memory: readonly MemoryAfterLoad[];
  /** Answers that did not acknowledge everything, with the first one of each target. */
  readonly refusals: readonly string[];
}

const visitorsWithTokens = 1_000;
const setUpSeconds = 12;
const checkSeconds = 6;
const targetsPerEngine = 2;
const otherTargets = 3;

function caseSeconds({ plan }: Sizing): number {
  return (plan.rampMs + plan.measureMs) / 1_000 + 0.1;
}

/** Seconds that the part will take. */
export function loadSeconds(context: Sizing): number {
  const { plan } = context;
  const targets = enginesOf(context).length * targetsPerEngine + otherTargets;
  const cases = targets * plan.connections.length * plan.repetitions;
  return setUpSeconds + checkSeconds + cases * caseSeconds(context);
}

/** Events per second and latency of every target, in turns, and whether everything acknowledged was stored. */
export async function measureLoad(context: BenchContext): Promise<LoadPart> {
  const { progress } = context;
  const { running, targets } = await progress.step('starting what is measured', setUpSeconds, () =>
    setUp(context),
  );
  const acknowledged = new Map<Kept, number>();
  const refusals: string[] = [];
  const note = ({ name, keptIn }: Target, result: LoadResult): void => {
    if (keptIn) acknowledged.set(keptIn, (acknowledged.get(keptIn) ?? 0) + result.acknowledged);
    if (result.refused > 0)
      refusals.push(`${name}: ${result.refused} refused, such as ${result.firstRefusal}`);
  };
  for (const target of targets) note(target, await target.load(16, 0, context.plan.warmUpMs));
  const rows = await inTurns(context, targets, running, note);
  const { memory, checks } = await progress.step('counting the rows', checkSeconds, async () => ({
    memory: await endServers(context, running),
    checks: await Promise.all(
      [...acknowledged].map(async ([kept, sum]) => ({
        what: kept.what,
        acknowledged: sum,
        stored: await countRows(kept),
      })),
    ),
  }));
  return { rows, checks, memory, refusals };
}

async function setUp(context: BenchContext) {
  const running: RunningHome[] = [];
  const nodeArgs = context.profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(context.profile)}`] : [];
  for (const engine of enginesOf(context)) {
    const home = await context.home(engine);
    const server = await startSignals(context, home, { args: ['--migrate'], nodeArgs });
    running.push({ home, server, tokens: await tokensOf(home, visitorsWithTokens) });
  }
  const databaseUrl = running.find(({ home }) => home.databaseUrl)?.home.databaseUrl ?? null;
  if (databaseUrl) await query(databaseUrl, 'CREATE TABLE bench_events (LIKE events INCLUDING ALL)');
  return { running, targets: await createTargets(context, running) };
}

async function inTurns(
  context: BenchContext,
  targets: readonly Target[],
  running: readonly RunningHome[],
  note: (target: Target, result: LoadResult) => void,
): Promise<readonly LoadRow[]> {
  const { plan, progress } = context;
  const rows = targets.flatMap((target) =>
    plan.connections.map((connections) => ({
      target,
      connections,
      results: [] as LoadResult[],
      micros: [] as number[],
    })),
  );
  const pidOf = ({ home }: Target): number => running.find((one) => one.home === home)?.server.pid ?? 0;
  for (let turn = 1; turn <= plan.repetitions; turn++) {
    for (const connections of plan.connections) {
      for (const row of rows.filter((one) => one.connections === connections)) {
        const label = `${row.target.name.replaceAll('`', '')}, ${connections} connections, ${turn} of ${plan.repetitions}`;
        await progress.step(label, caseSeconds(context), async () => {
          const before = cpuSeconds(pidOf(row.target));
          const result = await row.target.load(connections, plan.rampMs, plan.measureMs);
          row.micros.push(((cpuSeconds(pidOf(row.target)) - before) / result.acknowledged) * 1e6);
          row.results.push(result);
          note(row.target, result);
        });
      }
    }
  }
  return rows.map(({ target, connections, results, micros }) => ({
    target: target.name,
    connections,
    eventsPerSecond: results.map((result) => result.eventsPerSecond),
    p50: results.map(({ p50 }) => p50),
    p99: results.map(({ p99 }) => p99),
    clientCpu: results.map(({ clientCpu }) => clientCpu),
    serverMicros: micros,
  }));
}

async function endServers(
  { plan }: BenchContext,
  running: readonly RunningHome[],
): Promise<readonly MemoryAfterLoad[]> {
  await sleep(plan.restMs);
  const memory = running.map(({ home, server }) => ({
    engine: home.engine,
    residentBytes: residentBytes(server.pid),
  }));
  for (const { server } of running) await server.stop();
  return memory;
}

/** Asks the database itself; PGlite's folder can be opened once the server has let go of it. */
async function countRows({ table, home: { databaseUrl, dataDir } }: Kept): Promise<number> {
  const sql = `SELECT count(*)::int AS rows FROM ${table}`;
  if (databaseUrl) return Number((await query(databaseUrl, sql))[0]?.rows);
  const database = await PGlite.create(join(dataDir, 'pglite'));
  const { rows } = await database.query<{ rows: number }>(sql);
  await database.close();
  return rows[0]?.rows ?? 0;
}
