import { dimensionKey } from '../../../src/domain/dimension-key.js';
import { dimensionId } from '../../../src/store/sql/dimension-id.js';
import type { Size } from './options.js';
import { share, slots } from './share.js';
import type { Site } from './site.js';
import {
  appWeights,
  clientCount,
  clientWeights,
  combinations,
  entityCount,
  hasEntity,
  routesOfType,
  routeWeights,
  typeCount,
  typeWeights,
} from './world.js';

const dayMs = 86_400_000;

/** The last day of the data, a Thursday, so that the newest days are full ones. Always the same: so are the rows. */
const lastDayMs = Date.UTC(2026, 10, 26);

/** The clock of every question: the newest day is at its end, when most of its rows are there to read. */
export const benchNow = new Date(lastDayMs + dayMs - 1);

/** A weekend day has fewer events and visitors. */
const weekend = { events: 0.44, visitors: 0.7 };

/** Little at night, most in the afternoon. */
const hourWeights: readonly number[] = [
  2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 15, 17, 20, 20, 18, 15, 12, 10, 9, 8, 6, 4,
];

export interface SeedDay {
  readonly startMs: number;
  readonly events: number;
  readonly visitors: number;
}

/** The days and how much happens on them, oldest first; the events of all add up. */
export function seedDays({ events, days, visitors }: Size): readonly SeedDay[] {
  const starts = Array.from({ length: days }, (_, index) => lastDayMs - (days - 1 - index) * dayMs);
  const isWeekend = (startMs: number): boolean => [0, 6].includes(new Date(startMs).getUTCDay());
  const counts = share(
    events,
    starts.map((startMs) => (isWeekend(startMs) ? weekend.events : 1)),
  );
  return starts.map((startMs, index) => ({
    startMs,
    events: counts[index] ?? 0,
    visitors: isWeekend(startMs) ? Math.ceil(visitors * weekend.visitors) : visitors,
  }));
}

/** Length of a list that is drawn from by ten bits of a hash. */
const drawn = 1_024;

const wordsText = `INSERT INTO event_dimensions
  (id, last_used, event_version, app_name, event_type, app_version, source, route, entity_type, device_type, browser_family, os_family)
SELECT id, current_date, v, a, t, av, s, r, et, d, b, o
FROM json_to_recordset($1::json) AS u(id bigint, v int, a text, t text, av text, s text, r text, et text, d text, b text, o text)`;

/**
 * The rows of one day, in the order of their time. Everything follows from the number of the row ($1 is that of the
 * first) by two hashes of 64 bits, of which each choice takes its own. $2 is the day, $3 the events of its hours, $4 its
 * visitors; then the lists that apps, types, routes and clients are drawn from, which types have things, and the ids of
 * the combinations. A few visitors and things make most of the events; a visitor has a session every six hours and, but
 * for 2 % of the events, one app. 8 % of the events have no visitor, 73 % have properties.
 *
 * MD5 stands for the HMAC. The ids have the form of today, so that the index of old forms stays empty.
 */
const dayText = `
INSERT INTO events (created_at, dimension_id, occurred_at, id, client_event_id, seq, user_hash, session_hash, entity_id, properties)
SELECT to_timestamp(ms / 1000.0),
  (SELECT $10::text::bigint[])[1 + ((app * ${typeCount} + type) * ${routesOfType} + ($7::int[])[1 + (h >> 20 & 1023)]) * ${clientCount} + client],
  to_timestamp((ms - 40) / 1000.0),
  (substr(m, 21) || '8' || substr(m, 14, 3) || 'a' || substr(m, 18, 3) || substr(m, 21))::uuid,
  (lpad(to_hex($2::bigint), 12, '0') || '7' || substr(m, 1, 3) || 'a' || substr(m, 4, 15))::uuid,
  (n & 31)::int, decode(hash, 'hex'), decode(md5(hash || hour / 6), 'hex'),
  CASE WHEN type = ANY($9::int[]) AND g & 1023 < 930
    THEN '5eed0000-0000-4000-8000-' || lpad(floor(4 * power((${entityCount} + 4) / 4.0::float8, (g >> 10 & 1048575) / 1048576.0::float8) - 4)::int::text, 12, '0') END,
  CASE WHEN g >> 30 & 1023 < 748
    THEN ('{"durationMs":' || (20 * exp((g >> 40 & 65535) / 8192.0::float8))::int || ',"size":' || (g >> 3 & 511) || ',"state":"' || (ARRAY['new', 'open', 'done'])[1 + (g & 1)] || '"}')::json END
FROM (
  SELECT n, ms, hour, h, g, md5(n::text) AS m, md5($2::text || ' visitor ' || v) AS hash, ($6::int[])[1 + (h >> 10 & 1023)] AS type,
    ($5::int[])[1 + (CASE WHEN v IS NULL OR h >> 30 & 1023 < 20 THEN g >> 20 ELSE hashint8extended(v, 3) END & 1023)] AS app,
    ($8::int[])[1 + (CASE WHEN v IS NULL THEN g >> 50 ELSE hashint8extended(v, 4) END & 1023)] AS client
  FROM (
    SELECT n, ms, hour, h, g, CASE WHEN h & 1023 >= 82 THEN floor($4::int * power((h >> 40 & 1048575) / 1048576.0::float8, 2))::bigint END AS v
    FROM (
      SELECT n, ms, hour, hashint8extended(n, 1) AS h, hashint8extended(n, 2) AS g
      FROM (
        SELECT $1::bigint + first + i AS n, $2::bigint + hour * 3600000::bigint + i * 3600000::bigint / count AS ms, hour
        FROM (SELECT at::int - 1 AS hour, count, sum(count) OVER (ORDER BY at) - count AS first FROM unnest($3::int[]) WITH ORDINALITY AS u (count, at)) AS hours,
          generate_series(0, count - 1) AS i OFFSET 0
      ) AS numbered OFFSET 0
    ) AS hashed OFFSET 0
  ) AS chosen OFFSET 0
) AS made`;

/** Days of one step of progress. */
const daysAtOnce = 30;

export type Step = <T>(label: string, seconds: number, work: () => Promise<T>) => Promise<T>;

/** Seconds that a million events are announced to take. */
export const seedSecondsPerMillion = 18;

/**
 * Fills a migrated store that is empty. Indexes are made afterwards, as a restore does: that is faster, and they lie a
 * little denser than grown ones.
 */
export async function seed({ engine, maintain }: Site, size: Size, step: Step): Promise<void> {
  const run = (text: string, values: readonly unknown[] = []) => engine.query({ text, values });
  const words = combinations();
  const ids = words.map((one) => dimensionId(dimensionKey(one)));
  await run(wordsText, [JSON.stringify(words.map((one, index) => wordsJson(String(ids[index]), one)))]);
  const { rows: indexes } = await run(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' AND indexname <> 'events_pkey'",
  );
  await run('ALTER TABLE events DROP CONSTRAINT events_pkey');
  for (const { indexname } of indexes) await run(`DROP INDEX ${indexname}`);
  const lists = [appWeights, typeWeights, routeWeights, clientWeights].map((weights) =>
    slots(drawn, weights),
  );
  // As text: the driver would take longer to write so many numbers out than the server takes for a day.
  const idText = `{${ids.join(',')}}`;
  const things = typeWeights.map((_weight, type) => type).filter(hasEntity);
  const days = seedDays(size);
  const announced = ((size.events / 1e6) * seedSecondsPerMillion * 2) / 3;
  let first = 0;
  for (let at = 0; at < days.length; at += daysAtOnce) {
    const some = days.slice(at, at + daysAtOnce);
    const seconds = (announced * some.length) / days.length;
    await step(`rows of day ${at + 1} to ${at + some.length} of ${days.length}`, seconds, async () => {
      for (const { startMs, events, visitors } of some) {
        const hours = share(events, hourWeights);
        await run(dayText, [first, startMs, hours, visitors, ...lists, things, idText]);
        first += events;
      }
    });
  }
  await step('indexes', announced / 2, async () => {
    await run('ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY (id)');
    for (const { indexdef } of indexes) await run(String(indexdef));
    await maintain('VACUUM (ANALYZE) events');
    await maintain('VACUUM (ANALYZE) event_dimensions');
  });
}

function wordsJson(id: string, of: ReturnType<typeof combinations>[number]) {
  return {
    id,
    v: of.eventVersion,
    a: of.appName,
    t: of.eventType,
    av: of.appVersion,
    s: of.source,
    r: of.route,
    et: of.entityType,
    d: of.deviceType,
    b: of.browserFamily,
    o: of.osFamily,
  };
}
