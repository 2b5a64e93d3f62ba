import { addDays, type DayOf } from '../../../domain/day.js';
import type { ChangedDays } from '../../../domain/ports/index.js';
import type { SaltDay } from '../../../domain/reading/plan.js';
import { saltDay } from '../../../domain/retention.js';
import { isSameZone } from '../../../domain/same-zone.js';
import type { SqlEngine } from '../../engine/sql-engine.js';
import { failureCode } from '../../engine/sql-failure.js';
import { type CountLimits, countDay, countedTables, type Query } from './count-day.js';
import { keptZone } from './kept-zone.js';

/** Another transaction changed the same rows, or both waited for each other. */
const busyCodes = new Set(['40001', '40P01']);
const attempts = 4;

const changedText = `SELECT c.day::text AS day, extract(epoch FROM now() - s.counted_at)::float8 AS ago
FROM (SELECT DISTINCT day FROM stat_change) c LEFT JOIN stat_state s ON s.day = c.day ORDER BY c.day`;

/** Days that have raw rows, and days that were counted when they had some; not those that nothing can count again. */
const changeAllText = `INSERT INTO stat_change (day)
SELECT day FROM unnest($1::date[], $2::timestamptz[], $3::timestamptz[]) AS d(day, start_at, end_at)
WHERE EXISTS (SELECT FROM events WHERE created_at >= start_at AND created_at < end_at)
  AND NOT EXISTS (SELECT FROM stat_state s WHERE s.day = d.day AND s.sealed)
UNION
SELECT day FROM stat_state WHERE NOT sealed`;

const setZoneText = `INSERT INTO stat_zone (zone) VALUES ($1) ON CONFLICT (one) DO UPDATE SET zone = excluded.zone`;

/** As `ChangedDays`, with days of the zone. */
export function createChangedDays(
  { query, snapshot }: Pick<SqlEngine, 'query' | 'snapshot'>,
  { zone, dayOf, limits }: { readonly zone: string; readonly dayOf: DayOf; readonly limits?: CountLimits },
): ChangedDays {
  const inSnapshot = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    unlessBusy(() => snapshot('work', work));
  return {
    beginCounting: () =>
      inSnapshot(async (inside) => {
        const kept = await keptZone(inside);
        if (kept !== null) return isSameZone(kept, zone) ? 'GOES_ON' : 'OTHER_ZONE';
        await begin(inside, zone, dayOf);
        return 'BEGUN';
      }),
    changeAllDays: () =>
      inSnapshot(async (inside) => {
        const kept = await keptZone(inside);
        if (kept !== null && !isSameZone(kept, zone)) await forgetCounts(inside);
        await begin(inside, zone, dayOf);
      }),
    async changedDays() {
      const { rows } = await query({ text: changedText, values: [] });
      return rows.map(({ day, ago }) => ({
        day: String(day),
        countedSecondsAgo: ago === null ? null : Number(ago),
      }));
    },
    async countDay(day) {
      try {
        return await inSnapshot((inside) => countDay(inside, saltDay(day, dayOf), limits));
      } catch (error) {
        if (isBusy(error)) return 'BUSY';
        throw error;
      }
    },
  };
}

/**
 * Sets the zone and changes every day, in one snapshot. Events committed before it are among the rows it sees, so that
 * their days are changed ones; events committed after it come with a row of the log of their own. Only a replica of a
 * version without the log writes past it, for which the days are counted again when the last of them is gone.
 */
async function begin(query: Query, zone: string, dayOf: DayOf): Promise<void> {
  await query({ text: setZoneText, values: [zone] });
  const { rows } = await query({
    text: 'SELECT min(created_at) AS oldest, max(created_at) AS newest FROM events',
    values: [],
  });
  const { oldest, newest } = rows[0] as { oldest: Date | null; newest: Date | null };
  const days = oldest && newest ? daysBetween(dayOf(oldest), dayOf(newest), dayOf) : [];
  const values = [days.map(({ day }) => day), days.map(({ start }) => start), days.map(({ end }) => end)];
  await query({ text: changeAllText, values });
}

function daysBetween(first: string, last: string, dayOf: DayOf): readonly SaltDay[] {
  const days: SaltDay[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(saltDay(day, dayOf));
  return days;
}

/** Forgets the counts of days that can be counted again. */
async function forgetCounts(query: Query): Promise<void> {
  const sealed = 'SELECT FROM stat_state s WHERE s.sealed AND s.day';
  for (const table of countedTables)
    await query({ text: `DELETE FROM ${table} t WHERE NOT EXISTS (${sealed} = t.day)`, values: [] });
  await query({ text: 'DELETE FROM stat_change', values: [] });
  await query({ text: 'DELETE FROM stat_state WHERE NOT sealed', values: [] });
}

async function unlessBusy<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isBusy(error) || attempt === attempts) throw error;
    }
  }
}

function isBusy(error: unknown): boolean {
  return busyCodes.has(failureCode(error) ?? '');
}
