import { join } from 'node:path';
import type { BenchDatabase } from './database.js';
import type { Plan } from './options.js';
import type { Processes } from './processes.js';
import type { Progress } from './progress.js';

/** What decides how long a part takes. */
export interface Sizing {
  readonly plan: Plan;
  /** Null: no PostgreSQL on this machine. */
  readonly database: BenchDatabase | null;
}

/** What every part of the run is given. */
export interface BenchContext extends Sizing {
  readonly root: string;
  /** A folder that is removed afterwards. */
  readonly scratch: string;
  readonly processes: Processes;
  readonly progress: Progress;
  /** Where CPU profiles of the load go; null: none. */
  readonly profile: string | null;
  /** The data of one engine that is started and loaded; the same for every part. */
  readonly home: (engine: Engine) => Promise<Home>;
}

/** Where one Signals keeps its data. */
export interface Home {
  readonly engine: Engine;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
}

/** A folder, and a database where the engine has one, that no other home uses. */
export async function createHome(
  { database, scratch }: Pick<BenchContext, 'database' | 'scratch'>,
  engine: Engine,
  name: string,
): Promise<Home> {
  const databaseUrl = engine === 'PostgreSQL' && database ? await database.create(name) : null;
  return { engine, dataDir: join(scratch, `${name}-${engine}`), databaseUrl };
}

export const engines = ['PostgreSQL', 'PGlite'] as const;
export type Engine = (typeof engines)[number];

/** The engines that can be measured here. */
export function enginesOf({ database }: Sizing): readonly Engine[] {
  return engines.filter((engine) => engine === 'PGlite' || database !== null);
}
