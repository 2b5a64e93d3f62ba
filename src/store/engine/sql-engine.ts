import type { Coordination } from '../../domain/ports/index.js';

/** One SQL statement. */
export interface Statement {
  /** It comes again and again with the same text, so that planning it once is worth while. */
  readonly repeated?: boolean;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
}

/** `read`: changes nothing, on a connection for reading. `work`: changes what it likes, on a connection for jobs, and may take minutes. */
export type SnapshotKind = 'read' | 'work';

/** What the store needs of a database that speaks PostgreSQL. Every call is bounded in time and rejects with the driver's error. */
export interface SqlEngine {
  /** How many statements `write` may run at once. */
  readonly lanes: number;
  /** Runs on a connection kept for ingestion: reads and jobs cannot take it away. After a failure the next call gets a fresh one. */
  write(statement: Statement): Promise<SqlResult>;
  /** Runs on a connection kept for readiness, one at a time: nothing that is slow can make a probe wait. */
  probe(statement: Statement): Promise<SqlResult>;
  /** Runs on any other connection. */
  query(statement: Statement): Promise<SqlResult>;
  /**
   * Runs statements in one transaction that sees one snapshot (REPEATABLE READ). A rejection of `work` rolls everything
   * back. Rejects with a serialisation failure (40001) where another transaction has changed the same rows meanwhile.
   */
  snapshot<T>(
    kind: SnapshotKind,
    work: (query: (statement: Statement) => Promise<SqlResult>) => Promise<T>,
  ): Promise<T>;
  withLock: Coordination['withLock'];
  /** The server's clock; null where it is the process's own. */
  now(): Promise<Date | null>;
  /** Ends every connection; statements in flight should have ended before. */
  close(): Promise<void>;
}
