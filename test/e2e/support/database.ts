import pg from 'pg';

/** A stored event with the words of its dimension row, as SQL tells it. */
export interface StoredEvent {
  readonly id: string;
  readonly created_at: Date;
  readonly client_event_id: string;
  readonly user_hash: Buffer | null;
  readonly session_hash: Buffer | null;
  readonly event_type: string;
  readonly app_name: string;
  readonly route: string | null;
  readonly device_type: string | null;
  readonly browser_family: string | null;
  readonly os_family: string | null;
}

export interface Lock {
  readonly locktype: string;
  readonly granted: boolean;
}

export interface Block {
  /** Statements that wait for a lock. */
  waiting(): Promise<number>;
  release(): Promise<void>;
}

/** The truth behind the answers: what is in the table. */
export interface Database {
  query<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Rows with this client event id; there must never be two of one author. */
  stored(clientEventId: string): Promise<readonly StoredEvent[]>;
  /** The one row with this client event id. Throws when there are none or several. */
  only(clientEventId: string): Promise<StoredEvent>;
  /** Locks on this database, held and waited for. */
  locks(): Promise<readonly Lock[]>;
  /** Nobody can write events while the work runs, unless it lets them before it ends. */
  whileWritesAreBlocked<T>(work: (block: Block) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens a small pool of our own beside the service's. */
export function openDatabase(connectionString: string): Database {
  const pool = new pg.Pool({
    connectionString,
    max: 3,
    options: '-c DateStyle=ISO -c TimeZone=UTC -c bytea_output=hex',
  });
  const query: Database['query'] = async (sql, values) => (await pool.query(sql, values)).rows;
  const locks: Database['locks'] = () =>
    query(
      `SELECT locktype, granted FROM pg_locks
       WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  const stored = (clientEventId: string): Promise<StoredEvent[]> =>
    query(
      'SELECT d.*, e.* FROM events e JOIN event_dimensions d ON d.id = e.dimension_id WHERE client_event_id = $1',
      [clientEventId],
    ).then((rows) => rows as unknown as StoredEvent[]);
  return {
    query,
    locks,
    stored,
    async only(clientEventId) {
      const [row, ...more] = await stored(clientEventId);
      if (!row || more.length > 0) throw new Error(`${row ? more.length + 1 : 0} rows with ${clientEventId}`);
      return row;
    },
    async whileWritesAreBlocked(work) {
      const client = await pool.connect();
      const release = async (): Promise<void> => void (await client.query('ROLLBACK'));
      try {
        await client.query('BEGIN');
        await client.query('LOCK TABLE events IN EXCLUSIVE MODE');
        return await work({
          release,
          waiting: async () => (await locks()).filter(({ granted }) => !granted).length,
        });
      } finally {
        await release();
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
