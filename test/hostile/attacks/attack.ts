import type { Target, TargetOptions } from './target.js';

/** What an attack is given. */
export interface Field {
  /** Starts a service of the attack's own, on a database that all attacks share. */
  start(options?: TargetOptions): Promise<Target>;
  /** A connection string of that database. */
  readonly databaseUrl: string;
  /** Where a Redis listens; null where there is none. */
  readonly redisUrl: string | null;
}

export interface Outcome {
  /** What was measured, in a few words. */
  readonly figure: string;
  /** Whether it is within what is promised. */
  readonly holds: boolean;
}

/** One way to knock the service over, or to get out of it what it must not give. */
export interface Attack {
  readonly name: string;
  /** What the service of commit 7457833 answered, from the same program on 2026-11-28. */
  readonly before: string;
  /** What is promised, in a few words. */
  readonly promised: string;
  /** It mostly waits, so it may run beside the others. */
  readonly patient?: true;
  /** Null: something that the attack needs is missing on this machine. */
  run(field: Field): Promise<Outcome | null>;
}
