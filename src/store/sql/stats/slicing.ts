import { type Kind, kinds, wordColumns } from './kinds.js';

/** A kind as folding reads and writes it, by the day or by the hour. */
export interface Slicing {
  readonly kind: Kind;
  /** Its values with their visitors. Parameters: day, start, end. */
  readonly valuesText: string;
  /** What all events of each group have that carry none of the names. Parameters: day, start, end, names. */
  readonly othersText: string;
  /** Puts one row without a name in the place of all rows that have none of the names. Parameters: day, names, rows. */
  readonly replaceText: string;
}

/** The hour of an event, or the beginning of the day where that lies within the hour. */
const hourText = secondsOf("greatest(date_trunc('hour', e.created_at, 'UTC'), $2::timestamptz)");

/** Kinds whose values can be few: all but the day itself. */
export const slicingsOfDay: readonly Slicing[] = kinds.filter(({ number }) => number > 0).map(sliceDay);

export const slicingsOfHours: readonly Slicing[] = kinds
  .filter(({ number }) => number === 1 || number === 2)
  .map(sliceHours);

function sliceDay(kind: Kind): Slicing {
  return {
    kind,
    valuesText: `SELECT ${groupOf(kind, 'NULL::text', 'app')} AS group, NULL::text AS hour, app, type, word, folded,
        visitors, events::float8 AS events
      FROM stat_day WHERE day = $1::date AND kind = ${kind.number} AND $2::timestamptz < $3::timestamptz`,
    othersText: othersText(kind, 'NULL::text'),
    replaceText: `WITH gone AS (
        DELETE FROM stat_day WHERE day = $1::date AND kind = ${kind.number}
          AND (folded OR ARRAY[NULL, app, type, word] NOT IN (${namesText('$2')}))
      )
      INSERT INTO stat_day (day, kind, folded, visitors, events, sessions, app)
      SELECT $1::date, ${kind.number}, true, visitors, events, sessions, app FROM ${othersFrom('$3')}`,
  };
}

/** Hours hold no visitors: values are counted from raw rows. */
function sliceHours(kind: Kind): Slicing {
  return {
    kind,
    valuesText: `SELECT ${groupOf(kind, 'hour', 'app')} AS group, hour, app, type, word, false AS folded,
        count(DISTINCT user_hash)::int AS visitors, count(*)::float8 AS events
      FROM (${rawText(kind, hourText)}) raw GROUP BY hour, app, type, word`,
    othersText: othersText(kind, hourText),
    replaceText: `WITH gone AS (
        DELETE FROM stat_hour WHERE day = $1::date AND kind = ${kind.number}
          AND (folded OR ARRAY[${secondsOf('hour')}, app, type, NULL] NOT IN (${namesText('$2')}))
      )
      INSERT INTO stat_hour (hour, day, kind, folded, events, app)
      SELECT to_timestamp(hour::float8), $1::date, ${kind.number}, true, events, app FROM ${othersFrom('$3')}`,
  };
}

/** As text, so that it can stand beside words. */
function secondsOf(instant: string): string {
  return `extract(epoch FROM ${instant})::bigint::text`;
}

function othersText(kind: Kind, hour: string): string {
  const group = groupOf(kind, 'hour', 'app');
  const app = kind.number === 1 ? 'NULL::text' : 'app';
  return `SELECT ${group} AS group, hour, ${app} AS app, count(*)::float8 AS events,
      count(DISTINCT user_hash)::int AS visitors, count(DISTINCT session_hash)::int AS sessions
    FROM (${rawText(kind, hour)}) raw
    WHERE ARRAY[hour, app, type, word] NOT IN (${namesText('$4')})
    GROUP BY 1, 2, 3`;
}

/** Raw rows of the day with the names that they have in the kind. */
function rawText({ within, word }: Kind, hour: string): string {
  const type = within.includes('EVENT_TYPE') ? 'd.event_type' : 'NULL::text';
  return `SELECT ${hour} AS hour, d.app_name AS app, ${type} AS type,
      ${word === null ? 'NULL::text' : `d.${wordColumns[word]}`} AS word, e.user_hash, e.session_hash
    FROM events e JOIN event_dimensions d ON d.id = e.dimension_id
    WHERE $1::date IS NOT NULL AND e.created_at >= $2 AND e.created_at < $3`;
}

/** Apps are told apart by themselves, everything else within its app; hours never mix. */
function groupOf(kind: Kind, hour: string, app: string): string {
  const parts = kind.number === 1 ? [hour] : [hour, app];
  return `concat_ws(' ', ${parts.join(', ')})`;
}

/** Arrays are equal where both have null in the same place: no word is a name like others. */
function namesText(parameter: string): string {
  return `SELECT ARRAY[hour, app, type, word]
    FROM json_to_recordset(${parameter}::json) AS named(hour text, app text, type text, word text)`;
}

function othersFrom(parameter: string): string {
  return `json_to_recordset(${parameter}::json)
    AS other(hour text, app text, events bigint, visitors int, sessions int)`;
}
