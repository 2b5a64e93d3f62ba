import type { AnswerRow, StatsAnswer } from '../../../src/domain/reading/answer.js';

/** A row of the plain SQL. */
export type RawLine = Readonly<Record<string, unknown>>;

/** Every point with an event, as text: key, start, events and visitors. */
export function linesOfAnswer(answer: StatsAnswer): readonly string[] {
  const rows = answer.rows.length > 0 ? answer.rows : [answer.total];
  const starts = answer.buckets.map(({ start }) => start.getTime());
  return rows.flatMap((row) => pointsOf(row, starts)).sort();
}

function pointsOf(row: AnswerRow, starts: readonly number[]): readonly string[] {
  const key = row.kind === 'OTHER' ? null : row.key.join(' ');
  return row.points.flatMap(({ events, visitors }, at) =>
    events ? [lineOf(key, starts[at], events, visitors)] : [],
  );
}

/** The same of the plain SQL. */
export function linesOfRaw(lines: readonly RawLine[]): readonly string[] {
  return lines
    .map(({ key, start, n, v }) =>
      lineOf(key === null ? null : String(key), Number(start), Number(n), v === null ? null : Number(v)),
    )
    .sort();
}

function lineOf(key: string | null, start: unknown, events: number, visitors: number | null): string {
  return JSON.stringify([key, start, events, visitors]);
}

/** How two answers differ; null where they are the same to the unit. */
export function differenceOf(answer: StatsAnswer, raw: readonly RawLine[]): string | null {
  const ours = linesOfAnswer(answer);
  const theirs = linesOfRaw(raw);
  const other = new Set(theirs);
  const odd = ours.find((line) => !other.has(line));
  if (odd !== undefined) return `${odd} is not what the raw rows say`;
  if (ours.length === 0) return 'nothing was counted, which proves nothing';
  return ours.length === theirs.length
    ? null
    : `${theirs.length} points in raw rows, ${ours.length} answered`;
}

/** The same of a numeric property: count and sum to the unit, the percentile to one per cent. */
export function propertyDifferenceOf(
  answer: StatsAnswer,
  name: string,
  [line]: readonly RawLine[],
): string | null {
  const ours = answer.total.properties.get(name);
  if (!ours || !line || ours.count === 0) return 'nothing was counted, which proves nothing';
  const [count, sum, p95] = [Number(line.count), Number(line.sum), Number(line.p95)];
  if (ours.count !== count || ours.sum !== sum)
    return `count ${ours.count} and sum ${ours.sum}, and ${count} and ${sum} in raw rows`;
  const off = Math.abs((ours.p95 ?? Number.NaN) - p95) / p95;
  return off <= 0.0101 ? null : `p95 ${ours.p95}, and ${p95} in raw rows`;
}
