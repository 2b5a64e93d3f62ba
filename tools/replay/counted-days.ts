import { field, parseJson } from '../../src/client/json-field.js';
import type { Exchange } from '../../src/client/transport.js';
import type { Result } from '../../src/contract/index.js';
import { graphqlErrorCode } from './channels.js';

/** What `eventStats` says of one day. Null: it does not know. */
export interface CountedDay {
  readonly events: number | null;
  readonly visitors: number | null;
}

const query = `query Counted($input: EventStatsInput!) {
  eventStats(input: $input) { buckets { label } total { points { events visitors } } }
}`;

/**
 * Asks once what `eventStats` counts over all apps on each UTC day from the first to the last of these (`YYYY-MM-DD`,
 * oldest first), or says why it cannot, as `countStored` does. `post` is the same as there.
 */
export async function countByStats(
  post: (body: string) => Promise<Exchange>,
  days: readonly string[],
): Promise<Result<Readonly<Record<string, CountedDay>>, string>> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { ok: true, value: {} };
  const from = `${first}T00:00:00.000Z`;
  const to = new Date(Date.parse(`${last}T00:00:00Z`) + 86_400_000).toISOString();
  const variables = { input: { from, to, zone: 'UTC', interval: 'DAY' } };
  return readDays(await post(JSON.stringify({ query, operationName: 'Counted', variables })));
}

function readDays(exchange: Exchange): Result<Readonly<Record<string, CountedDay>>, string> {
  const body = parseJson(exchange.text);
  const stats = field(field(body, 'data'), 'eventStats');
  const buckets = field(stats, 'buckets');
  const points = field(field(stats, 'total'), 'points');
  if (!Array.isArray(buckets) || !Array.isArray(points))
    return { ok: false, error: graphqlErrorCode(body) ?? exchange.outcome };
  const days = buckets.map((bucket, place): [string, CountedDay] => [
    String(field(bucket, 'label')),
    { events: count(field(points[place], 'events')), visitors: count(field(points[place], 'visitors')) },
  ]);
  return { ok: true, value: Object.fromEntries(days) };
}

function count(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
