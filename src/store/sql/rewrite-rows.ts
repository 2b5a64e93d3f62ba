import { randomInt } from 'node:crypto';
import { limits } from '../../contract/index.js';
import type { DayOf } from '../../domain/day.js';
import type { SqlEngine } from '../engine/sql-engine.js';
import { hasOldForm, newForm, sharedPart } from './old-form.js';

/**
 * Up to $1 rows of the old form and, with them, all others of their sessions, because the numbers of a session have
 * to be shifted by one amount. They are picked in the order of the HMAC, which is no order in time. `LATERAL` with
 * `OFFSET 0` makes the planner look each session up in the index, however large it takes the table to be.
 */
const pickText = `WITH picked AS (
  SELECT id, created_at, session_hash FROM events WHERE ${hasOldForm('id')} ORDER BY ${sharedPart('id')} LIMIT $1
)
SELECT id::text AS id, created_at AS at, NULL AS session, NULL::int AS seq FROM picked WHERE session_hash IS NULL
UNION ALL
SELECT e.id::text, e.created_at, encode(e.session_hash, 'hex'), e.seq
FROM (SELECT DISTINCT session_hash FROM picked WHERE session_hash IS NOT NULL) s
CROSS JOIN LATERAL (
  SELECT id, created_at, session_hash, seq FROM events
  WHERE session_hash = s.session_hash AND ${hasOldForm('id')}
  OFFSET 0
) e`;

/** A hexadecimal number of 12 digits: the milliseconds with which the UTC day of the row began (RFC 9562 section 5.7). */
const dayInMilliseconds =
  "lpad(to_hex((extract(epoch FROM date_trunc('day', e.created_at AT TIME ZONE 'UTC')) * 1000)::bigint), 12, '0')";

/** Whether the row's new id is there already. A subquery for each row, so that it is looked up and never joined. */
const hasTwin = `(SELECT true FROM events twin WHERE twin.id = ${newForm('a.id')} LIMIT 1)`;

/**
 * Rewrites the rows $1, shifting their numbers by $2.
 *
 * - The id gets its new form. A row whose new id is there already is the same event, stored again: it goes.
 * - In a client id of version 7 the UTC day of the row takes the place of the client's time. Versions that hold a
 *   network address or are unknown, and the ids of rows without visitor and session, go.
 * - `seq` is shifted, and goes where there is no session.
 *
 * Ids and `seq` are in no statistic. A row that goes was counted: the change log gets its salt day, of which $3 has one
 * for each row.
 */
const rewriteText = `WITH affected AS (
  SELECT id, shift, day FROM unnest($1::uuid[], $2::int[], $3::date[]) AS a(id, shift, day)
), gone AS (
  DELETE FROM events e USING affected a WHERE e.id = a.id AND ${hasTwin} RETURNING a.day
), logged AS (
  INSERT INTO stat_change (day) SELECT DISTINCT day FROM gone
), changed AS (
  UPDATE events e SET
    id = ${newForm('e.id')},
    client_event_id = CASE
      WHEN e.user_hash IS NULL AND e.session_hash IS NULL THEN NULL
      WHEN substring(e.client_event_id::text FROM 15 FOR 1) = '7'
        THEN (${dayInMilliseconds} || substring(replace(e.client_event_id::text, '-', '') FROM 13))::uuid
      WHEN substring(e.client_event_id::text FROM 15 FOR 1) IN ('4', '5', '8') THEN e.client_event_id
    END,
    seq = e.seq + a.shift
  FROM affected a
  WHERE e.id = a.id AND ${hasTwin} IS NULL
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed) AS rows`;

interface PickedRow {
  readonly id: string;
  readonly at: Date;
  readonly session: string | null;
  readonly seq: number | null;
}

/** As `RowUpgrade.rewriteOldRows`. `random` answers a whole number from 0 to below its argument. */
export async function rewriteOldRows(
  { query }: SqlEngine,
  dayOf: DayOf,
  limit: number,
  random: (below: number) => number = randomInt,
): Promise<number> {
  const picked = (await query({ text: pickText, values: [limit] })).rows as unknown as readonly PickedRow[];
  if (picked.length === 0) return 0;
  const shifts = shiftsOf(picked, random);
  const values = [
    picked.map(({ id }) => id),
    picked.map(({ session }) => (session === null ? null : (shifts.get(session) ?? null))),
    picked.map(({ at }) => dayOf(at)),
  ];
  return Number((await query({ text: rewriteText, values })).rows[0]?.rows);
}

/** One amount for each session, small enough that its largest number still fits the column. */
function shiftsOf(
  picked: readonly PickedRow[],
  random: (below: number) => number,
): ReadonlyMap<string, number> {
  const largest = new Map<string, number>();
  for (const { session, seq } of picked)
    if (session !== null) largest.set(session, Math.max(largest.get(session) ?? 0, seq ?? 0));
  return new Map(
    [...largest].map(([session, seq]) => [session, random(Math.min(limits.maxSeq + 1, 2 ** 31 - seq))]),
  );
}

/** As `RowUpgrade.countOldRows`. */
export async function countOldRows({ query }: SqlEngine): Promise<number> {
  const { rows } = await query({
    text: `SELECT count(*) AS count FROM events WHERE ${hasOldForm('id')}`,
    values: [],
  });
  return Number(rows[0]?.count);
}
