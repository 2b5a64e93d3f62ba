import pg from 'pg';

/** Rows that an app could have sent in a few weeks, on the entity `filled`, once for all attacks that read. */
export function fillRows(databaseUrl: string, count: number): Promise<void> {
  return fill(databaseUrl, 'filled', count, { referrerHost: `${'a'.repeat(60)}.example`, status: 200 });
}

/** A few rows that are as large as rows may be, on the entity `large`. */
export function fillLargeRows(databaseUrl: string): Promise<void> {
  return fill(databaseUrl, 'large', 200, { text: 'a'.repeat(3_500) });
}

async function fill(databaseUrl: string, entity: string, count: number, properties: object): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*) AS count FROM events WHERE entity_id = $1', [
      entity,
    ]);
    if (Number(rows[0]?.count) >= count) return;
    await client.query(
      `INSERT INTO event_dimensions (id, last_used, event_version, app_name, event_type)
       VALUES (1, current_date, 1, 'web', 'page_viewed') ON CONFLICT DO NOTHING`,
    );
    await client.query(
      `INSERT INTO events (created_at, dimension_id, id, entity_id, properties)
       SELECT now() - n * interval '1 second', 1, gen_random_uuid(), $2, $3::json
       FROM generate_series(1, $1::int) AS n`,
      [count, entity, JSON.stringify(properties)],
    );
    await client.query('ANALYZE events');
  } finally {
    await client.end();
  }
}
