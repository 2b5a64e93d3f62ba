/** One SQL statement. A name makes it a prepared statement that the connection remembers. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
}

/** What the store needs of a database that speaks PostgreSQL. Every call is bounded in time and rejects with the driver's error. */
export interface SqlEngine {
  /** How many statements `write` may run at once. */
  readonly lanes: number;
  /** Runs on a connection kept for ingestion: reads and jobs cannot take it away. After a failure the next call gets a fresh one. */
  write(statement: Statement): Promise<SqlResult>;
  /** Runs on any other connection. */
  query(statement: Statement): Promise<SqlResult>;
  /** As `Coordination.withLock`. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<{ ran: true; value: T } | { ran: false }>;
  /** The server's clock; null where it is the process's own. */
  now(): Promise<Date | null>;
  /** Ends every connection; statements in flight should have ended before. */
  close(): Promise<void>;
}
