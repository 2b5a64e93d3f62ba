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

/** The truth behind the answers: what is in the table. */
export interface Database {
  query<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Rows with this client event id; there must never be two of one author. */
  stored(clientEventId: string): Promise<readonly StoredEvent[]>;
  /** The one row with this client event id. Throws when there are none or several. */
  only(clientEventId: string): Promise<StoredEvent>;
  /** Holds a lock that lets nobody write events until it is released. */
  blockWrites(): Promise<{ readonly waiting: () => Promise<number>; readonly release: () => Promise<void> }>;
  close(): Promise<void>;
}

/** Opens a small pool of our own beside the service's. */
export function openDatabase(connectionString: string): Database {
  const pool = new pg.Pool({ connectionString, max: 3 });
  const query: Database['query'] = async (sql, values) => (await pool.query(sql, values)).rows;
  const stored = (clientEventId: string): Promise<StoredEvent[]> =>
    query(
      'SELECT * FROM events e JOIN event_dimensions d ON d.id = e.dimension_id WHERE client_event_id = $1',
      [clientEventId],
    ).then((rows) => rows as unknown as StoredEvent[]);
  return {
    query,
    stored,
    async only(clientEventId) {
      const [row, ...more] = await stored(clientEventId);
      if (!row || more.length > 0) throw new Error(`${row ? more.length + 1 : 0} rows with ${clientEventId}`);
      return row;
    },
    async blockWrites() {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('LOCK TABLE events IN EXCLUSIVE MODE');
      return {
        waiting: async () =>
          (await query<{ n: number }>('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted'))[0]?.n ??
          0,
        release: async () => {
          await client.query('ROLLBACK');
          client.release();
        },
      };
    },
    close: () => pool.end(),
  };
}
