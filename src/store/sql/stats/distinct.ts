import type { HashColumn } from './raw-cells.js';

/**
 * Counts rows of `fine` into events (`n`), visitors (`v`) and sessions (`s`) by the columns; visitors and sessions are
 * the different ones of each day, added up. One pass gathers each hash on its own (`GROUPING SETS`), because
 * `count(DISTINCT)` would sort.
 */
export function countFine(from: string, columns: readonly string[], hashes: readonly HashColumn[]): string {
  const by = columns.join(', ');
  const listed = (names: readonly string[]): string => names.map((name) => `${name}, `).join('');
  if (hashes.length === 0)
    return `SELECT ${listed(columns)}sum(n) AS n, NULL::bigint AS v, NULL::bigint AS s FROM ${from}${by && ` GROUP BY ${by}`}`;
  const [first] = hashes;
  const sets = hashes.map((hash) => `(${listed(columns)}day, ${hash})`);
  const counted = (hash: HashColumn): string =>
    hashes.includes(hash) ? `count(${hash}) FILTER (WHERE what = '${hash}')` : 'NULL::bigint';
  const of = hashes.map((hash) => `WHEN GROUPING(${hash}) = 0 THEN '${hash}'`).join(' ');
  return `SELECT ${listed(columns)}sum(n) FILTER (WHERE what = '${first}') AS n, ${counted('user_hash')} AS v, ${counted('session_hash')} AS s
    FROM (SELECT ${listed(columns)}day, ${hashes.join(', ')}, CASE ${of} END AS what, sum(n) AS n FROM ${from} GROUP BY GROUPING SETS (${sets.join(', ')})) AS gathered${
      by &&
      `
    GROUP BY ${by}`
    }`;
}
