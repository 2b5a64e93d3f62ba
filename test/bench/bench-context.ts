import type { BenchDatabase } from './database.js';
import type { Plan } from './options.js';
import type { Processes } from './processes.js';
import type { Progress } from './progress.js';

/** What every part of the run is given. */
export interface BenchContext {
  readonly root: string;
  /** A folder that is removed afterwards. */
  readonly scratch: string;
  readonly plan: Plan;
  readonly processes: Processes;
  readonly progress: Progress;
  /** Null: no PostgreSQL on this machine. */
  readonly database: BenchDatabase | null;
}

export const engines = ['PostgreSQL', 'PGlite'] as const;
export type Engine = (typeof engines)[number];

/** The engines that can be measured here. */
export function enginesOf({ database }: BenchContext): readonly Engine[] {
  return engines.filter((engine) => engine === 'PGlite' || database !== null);
}
