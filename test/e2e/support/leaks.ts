import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.js';

/** Every way in which a text is likely to be written down. */
const spellings: Readonly<Record<string, (needle: string) => string>> = {
  'as it is': (needle) => needle,
  'as JSON': (needle) => JSON.stringify(needle).slice(1, -1),
  'without hyphens': (needle) => needle.replaceAll('-', ''),
  'in hex': (needle) => Buffer.from(needle).toString('hex'),
  'in base64': (needle) => Buffer.from(needle).toString('base64').replace(/=+$/, '').slice(0, -1),
};

/** Which of the needles stand in the haystack, in any spelling and letter case, and how. */
export function leaksIn(haystack: string, needles: Iterable<string>): readonly string[] {
  const text = haystack.toLowerCase();
  return [...needles].flatMap((needle) =>
    Object.entries(spellings)
      .filter(([, spell]) => text.includes(spell(needle).toLowerCase()))
      .map(([how]) => `${needle} ${how}`),
  );
}

/**
 * The whole database as text, by the newest `pg_dump` of the machine. Where there is none that knows the server
 * (it came from npm), every row of every table, and a line that says so; not where nothing may be left out.
 */
export async function dumpDatabase(url: string, { query }: Database): Promise<string> {
  try {
    const env = { ...process.env, PGOPTIONS: '-c bytea_output=hex' };
    const options = { env, encoding: 'utf8', maxBuffer: 256 << 20, stdio: 'pipe' } as const;
    return execFileSync(newestPgDump(), ['--inserts', url], options);
  } catch (error) {
    if (process.env.SIGNALS_TEST_REQUIRE_ALL) throw error;
    console.error('e2e: no pg_dump for this server; reading every table instead');
  }
  const tables = await query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const texts = await query<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM ${name} t`);
    rows.push(...texts.map(({ text }) => text));
  }
  return rows.join('\n');
}

function newestPgDump(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const paths = versions.map((version) => join(debian, version, 'bin', 'pg_dump'));
  return paths.find((path) => existsSync(path)) ?? 'pg_dump';
}
