import pg from 'pg';

/** Which ids the rows of a store have: those of today, or ones that begin with the time. */
export type IdOrder = 'random' | 'ordered';

export interface Fill {
  readonly order: IdOrder;
  /** Ids of the combinations of words, which are there already. */
  readonly dimensionIds: readonly string[];
  /** `created_at` of row 0, and from one row to the next, in ms. */
  readonly startMs: number;
  readonly stepMs: number;
}

/** The form of `eventId`: 48 bits, version and variant with 26 bits between them, and the first 48 bits again. */
const shape = (ends: string): string =>
  `${ends} || '8' || substr(h, 14, 3) || translate(substr(h, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(h, 18, 3) || ${ends}`;

const ids: Readonly<Record<IdOrder, string>> = {
  random: shape('substr(h, 21, 12)'),
  ordered: shape("lpad(to_hex(ms), 12, '0')"),
};

/**
 * Rows $1 to $2. MD5 stands for the HMAC, because every PostgreSQL has it, and because every store so gets the same
 * rows but for their ids. OFFSET 0 keeps PostgreSQL from computing it once per use.
 */
const fillText = (order: IdOrder): string => `
INSERT INTO events (created_at, dimension_id, occurred_at, id, client_event_id, seq, user_hash, session_hash, properties)
SELECT to_timestamp(ms / 1000.0), ($3::bigint[])[1 + i % cardinality($3::bigint[])], to_timestamp((ms - 40) / 1000.0),
  (${ids[order]})::uuid,
  (lpad(to_hex(ms - ms % 86400000), 12, '0') || '7' || substr(c, 14, 3) || 'a' || substr(c, 18))::uuid,
  i % 6, decode(md5('visitor ' || i / 6), 'hex'), decode(md5('session ' || i / 6), 'hex'),
  '{"status":200,"referrerHost":"search.example"}'
FROM (
  SELECT i, floor($4::float8 + i * $5::float8)::bigint AS ms, md5('event ' || i) AS h, md5('client ' || i) AS c
  FROM generate_series($1::int, $2::int) AS i OFFSET 0
) AS source`;

export interface Filler {
  /** Adds the rows of these numbers, the last one included. */
  add(first: number, last: number): Promise<void>;
  /** Makes the indexes again, collects statistics and ends the connection. */
  finish(): Promise<void>;
}

/**
 * Fills `events` of a migrated database. Only the primary key is there meanwhile, which so becomes what random or
 * ordered ids make of it; all other indexes are made afterwards, which is faster and alike in all stores.
 */
export async function startFill(
  url: string,
  { order, dimensionIds, startMs, stepMs }: Fill,
): Promise<Filler> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' AND indexname <> 'events_pkey'",
  );
  for (const { indexname } of indexes) await client.query(`DROP INDEX ${indexname}`);
  const text = fillText(order);
  return {
    async add(first, last) {
      await client.query(text, [first, last, dimensionIds, startMs, stepMs]);
    },
    async finish() {
      for (const { indexdef } of indexes) await client.query(indexdef);
      await client.query('VACUUM (ANALYZE) events');
      await client.query('CHECKPOINT');
      await client.end();
    },
  };
}
