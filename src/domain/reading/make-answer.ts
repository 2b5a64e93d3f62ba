import type { StatsIncomplete, StatsRowKind } from '../../contract/index.js';
import type {
  AnswerBucket,
  AnswerPoint,
  AnswerRow,
  AnswerTotals,
  AnswerWarning,
  PropertyStats,
  StatsAnswer,
} from './answer.js';
import type { Bucket } from './buckets.js';
import type { CivilTime } from './civil-time.js';
import { isCut, type PlannedQuestion } from './make-plan.js';
import type { FoundRow, Span, StatsCounts, StatsFound } from './plan.js';
import { propertyStats } from './property-stats.js';
import { isInOneSaltDay, startOfSaltDay } from './salt-days.js';

export interface AnswerContext {
  readonly now: Date;
  readonly salt: CivilTime;
}

/** What an answer is made with. `since` is the instant before which nothing is known. */
interface Telling {
  readonly question: PlannedQuestion;
  readonly since: Date;
  readonly context: AnswerContext;
}

/** What was found, in the words of the question. A number that is not known is null, never 0. */
export function makeAnswer(
  question: PlannedQuestion,
  found: StatsFound,
  context: AnswerContext,
): StatsAnswer {
  const since =
    found.since === null
      ? new Date(context.salt.startOfDay(context.salt.dayOf(context.now.getTime())))
      : startOfSaltDay(found.since, context.salt);
  const telling = { question, since, context };
  const { plan, wanted, buckets } = question;
  return {
    buckets: buckets.map((bucket) => toBucket(bucket, telling)),
    total: toRow(found.total, telling),
    rows: found.rows.map((row) => toRow(row, telling)),
    rowsAddUp: plan.groupBy.length === 0 || !(wanted.visitors || wanted.sessions),
    freshness: { asOf: context.now, comparableUntil: question.comparableUntil },
    warnings: warningsOf(found, telling),
  };
}

function toBucket(bucket: Bucket, telling: Telling): AnswerBucket {
  const because = whyIncomplete(bucket, telling);
  const { label, start, end } = bucket;
  return { label, start, end, complete: because === null, incompleteBecause: because };
}

function whyIncomplete(bucket: Bucket, { since, context }: Telling): StatsIncomplete | null {
  if (bucket.end > context.now) return 'IN_PROGRESS';
  if (isCut(bucket)) return 'CUT_BY_RANGE';
  return bucket.start < since ? 'BEFORE_DATA' : null;
}

function toRow(row: FoundRow, telling: Telling): AnswerRow {
  const { totals } = row;
  const previous = previousOf(row, telling);
  return {
    kind: kindOf(row),
    key: row.key,
    events: totals.events,
    sumOfDailyVisitors: totals.visitors,
    sumOfDailySessions: totals.sessions,
    properties: toProperties(totals),
    previous,
    change: isPreviousWhole(telling) ? changeOf(totals.events, previous?.events ?? 0) : null,
    points: row.points.map((point, index) => toPoint(row, point, index, telling)),
  };
}

function kindOf({ kind, key }: FoundRow): StatsRowKind {
  if (kind === 'OTHER') return 'OTHER';
  return key.length > 0 && key.every((part) => part === null) ? 'NONE' : 'VALUE';
}

function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / before;
}

/**
 * What a row had before. Null where small groups were folded, where no time is compared with, and where all of that
 * time lies before what is known. Visitors of several days are never added up but in the fields that say so.
 */
function previousOf({ previous, folded }: FoundRow, telling: Telling): AnswerTotals | null {
  const spans = previousSpans(telling);
  if (!previous || folded || !spans.some((span) => isKnown(span, telling))) return null;
  const isOneDay = telling.question.interval === 'NONE' && spans.every((span) => hasVisitors(span, telling));
  return toTotals(previous.totals, isOneDay);
}

function previousSpans({ question }: Telling): readonly Span[] {
  return (question.plan.previous ?? []).filter((span) => span !== null);
}

/** Whether nothing of what is compared with lies before what is known. */
function isPreviousWhole(telling: Telling): boolean {
  return previousSpans(telling).every(({ start }) => start >= telling.since);
}

/** Whether anything of a span can be known. */
function isKnown({ end }: Span, { since }: Telling): boolean {
  return end > since;
}

function toPoint(row: FoundRow, counts: StatsCounts, index: number, telling: Telling): AnswerPoint {
  const { buckets, plan, noVisitors } = telling.question;
  const bucket = buckets[index];
  const previous = toPointBefore(row, plan.previous?.[index] ?? null, index, telling);
  if (!bucket || !isKnown(bucket.span, telling))
    return { events: null, visitors: null, sessions: null, properties: new Map(), previous };
  return {
    events: counts.events,
    visitors: noVisitors ? null : counts.visitors,
    sessions: noVisitors ? null : counts.sessions,
    properties: toProperties(counts),
    previous,
  };
}

function toPointBefore(
  { previous, folded }: FoundRow,
  span: Span | null,
  index: number,
  telling: Telling,
): AnswerTotals | null {
  const counts = previous?.points[index];
  if (!counts || !span || folded || !isKnown(span, telling)) return null;
  return toTotals(counts, hasVisitors(span, telling));
}

function hasVisitors(span: Span, { question, context }: Telling): boolean {
  return question.noVisitors === null && isInOneSaltDay(span, context.salt);
}

function toTotals({ events, visitors, sessions }: StatsCounts, withVisitors: boolean): AnswerTotals {
  return {
    events,
    visitors: withVisitors ? visitors : null,
    sumOfDailyVisitors: visitors,
    sumOfDailySessions: sessions,
  };
}

function toProperties({ properties }: StatsCounts): ReadonlyMap<string, PropertyStats> {
  return new Map([...properties].map(([name, counts]) => [name, propertyStats(counts)]));
}

function warningsOf(found: StatsFound, telling: Telling): AnswerWarning[] {
  const { plan, range } = telling.question;
  const warnings = visitorsWarnings(found, telling);
  if (found.folded) warnings.push({ code: 'FOLDED_DAYS', argument: null });
  if (plan.buckets.some(({ start }) => start < telling.since))
    warnings.push({ code: 'BEFORE_DATA', argument: range.argument });
  if (!isPreviousWhole(telling)) warnings.push({ code: 'BEFORE_DATA', argument: 'input.compare' });
  return warnings;
}

/** One at most, and only where visitors or sessions were looked for in points. */
function visitorsWarnings({ total }: StatsFound, telling: Telling): AnswerWarning[] {
  const { wanted, noVisitors, buckets } = telling.question;
  if (!wanted.points || !(wanted.visitors || wanted.sessions) || buckets.length === 0) return [];
  if (noVisitors === 'VISITORS_NOT_IN_ZONE') return [{ code: noVisitors, argument: 'input.zone' }];
  const isLost = (counts: StatsCounts, index: number): boolean => {
    const bucket = buckets[index];
    if (!bucket || !isKnown(bucket.span, telling)) return false;
    return (wanted.visitors && counts.visitors === null) || (wanted.sessions && counts.sessions === null);
  };
  const isAnyLost = noVisitors !== null || total.points.some(isLost);
  return isAnyLost ? [{ code: 'VISITORS_NOT_IN_INTERVAL', argument: 'input.interval' }] : [];
}
