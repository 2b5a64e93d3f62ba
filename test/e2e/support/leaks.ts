import { execFileSync } from 'node:child_process';

/** Every way in which a text is likely to be written down. */
const spellings: Readonly<Record<string, (needle: string) => string>> = {
  'as it is': (needle) => needle,
  'as JSON': (needle) => JSON.stringify(needle).slice(1, -1),
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

/** The whole database as `pg_dump` writes it: schema, rows, comments. */
export function dumpDatabase(url: string): string {
  return execFileSync('pg_dump', ['--inserts', '--no-sync', url], { encoding: 'utf8', maxBuffer: 256 << 20 });
}
