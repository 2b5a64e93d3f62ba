import type { Row } from './row.js';

/** Runs one statement. */
export type Query = (sql: string) => Promise<unknown>;

/** Books of the migration engine: what was applied when, the same for everybody. */
const notOurs = ['_prisma_migrations'];

/**
 * Every row of every table of the schema, every column: the catalogue of the database says which there are, so that
 * one that is added later is seen, too. Times are ISO 8601 in UTC to the microsecond, bytes `\x…`.
 */
export async function readRows(query: Query): Promise<readonly Row[]> {
  const columns = (await query(
    `SELECT table_name::text AS t, column_name::text AS c, data_type::text AS d FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
  )) as { t: string; c: string; d: string }[];
  const tables = [...new Set(columns.map(({ t }) => t))].filter((table) => !notOurs.includes(table));
  const rows: Row[] = [];
  for (const table of tables) {
    const list = columns.filter(({ t }) => t === table).map(({ c, d }) => asText(c, d));
    const found = (await query(`SELECT ${list.join(', ')} FROM "${table}"`)) as Row['columns'][];
    for (const row of found) rows.push({ table, columns: row });
  }
  return rows;
}

function asText(column: string, type: string): string {
  const name = `"${column}"`;
  if (type === 'bytea') return `'\\x' || encode(${name}, 'hex') AS ${name}`;
  if (type === 'timestamp with time zone')
    return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${name}`;
  return `${name}::text AS ${name}`;
}
