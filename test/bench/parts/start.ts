import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchContext, type Engine, enginesOf, type Home, type Sizing } from '../bench-context.js';
import { residentBytes } from '../processes.js';
import { startSignals } from '../signals-server.js';
import { type Spread, spread } from '../stats.js';

export interface StartResult {
  readonly engine: Engine;
  readonly readyMs: Spread;
  /** Resident memory of the Node process after a rest without requests. */
  readonly restBytes: Spread;
}

const seconds = { PostgreSQL: 2, PGlite: 3 } as const;

/** Seconds that the part will take. */
export function startSeconds(context: Sizing): number {
  const { starts, restMs } = context.plan;
  const once = enginesOf(context).map((engine) => seconds[engine] * (starts + 1) + (starts * restMs) / 1_000);
  return once.reduce((sum, each) => sum + each, 0);
}

/** From the start of the process until it is ready, on a data folder that has been used before; the engines in turn. */
export async function measureStart(context: BenchContext): Promise<readonly StartResult[]> {
  const { plan, progress } = context;
  const found: { home: Home; ready: number[]; bytes: number[] }[] = [];
  for (const engine of enginesOf(context)) {
    await progress.step(`${engine}: first start`, seconds[engine], async () => {
      const home = await context.home(engine);
      await (await startSignals(context, home, { args: ['--migrate'] })).stop();
      found.push({ home, ready: [], bytes: [] });
    });
  }
  for (let turn = 1; turn <= plan.starts; turn++) {
    for (const { home, ready, bytes } of found) {
      const label = `${home.engine}: start ${turn} of ${plan.starts}`;
      await progress.step(label, seconds[home.engine] + plan.restMs / 1_000, async () => {
        const server = await startSignals(context, home);
        ready.push(server.readyAfterMs);
        await sleep(plan.restMs);
        bytes.push(residentBytes(server.pid));
        await server.stop();
      });
    }
  }
  return found.map(({ home, ready, bytes }) => ({
    engine: home.engine,
    readyMs: spread(ready),
    restBytes: spread(bytes),
  }));
}
