import type { DayOf } from '../../domain/day.js';
import type { StoredEvent } from '../../domain/event.js';
import type { EventStats } from '../../domain/ports/index.js';
import { histogramBucket } from '../../domain/reading/histogram.js';
import type {
  FoundRow,
  PropertyCounts,
  Span,
  StatsCounts,
  StatsFound,
  StatsPlan,
} from '../../domain/reading/plan.js';
import { decimalSum } from './decimal-sum.js';
import { isWanted, keyText, numbersOf } from './event-values.js';

type Events = readonly StoredEvent[];
type Key = FoundRow['key'];

interface Group {
  readonly key: Key;
  readonly events: Events;
}

/** Events of the period and of the comparison that a row counts. */
interface RowEvents {
  readonly now: Events;
  readonly before: Events;
}

/**
 * The counting of events that lie in memory, by going through all of them. It is what every other engine is compared
 * with, so it does everything in the plainest way, reads whatever it likes and never refuses.
 */
export function createMemoryStats(rows: () => Events, dayOf: DayOf): EventStats {
  return {
    stats: async (plan) => ({ ok: true, value: { ...count(rows(), plan), since: oldestDay(rows(), dayOf) } }),
  };
}

function oldestDay(events: Events, dayOf: DayOf): string | null {
  const [oldest] = events.map(({ createdAt }) => createdAt).sort((a, b) => a.getTime() - b.getTime());
  return oldest ? dayOf(oldest) : null;
}

function count(events: Events, plan: StatsPlan): Omit<StatsFound, 'since'> {
  const wanted = events.filter((event) => isWanted(event, plan.filter));
  const now = wanted.filter((event) => plan.buckets.some((bucket) => isWithin(event, bucket)));
  const before = wanted.filter((event) => plan.previous?.some((span) => span && isWithin(event, span)));
  return {
    total: row(plan, 'VALUE', [], { now, before }),
    rows: plan.groupBy.length === 0 ? [] : groupedRows(plan, { now, before }),
    folded: false,
  };
}

function groupedRows(plan: StatsPlan, { now, before }: RowEvents): FoundRow[] {
  const shown = groups(plan, now)
    .sort((a, b) => compareGroups(plan, a, b))
    .slice(0, plan.top)
    .map(({ key }) => key);
  const isShown = (event: StoredEvent): boolean => shown.some((key) => isSame(key, keyOf(plan, event)));
  const ofKey = (key: Key) => (event: StoredEvent) => isSame(key, keyOf(plan, event));

  const found = shown.map((key) =>
    row(plan, 'VALUE', key, { now: now.filter(ofKey(key)), before: before.filter(ofKey(key)) }),
  );
  const rest = {
    now: now.filter((event) => !isShown(event)),
    before: before.filter((event) => !isShown(event)),
  };
  if (rest.now.length + rest.before.length === 0) return found;
  const nothing = plan.groupBy.map(() => null);
  return [...found, row(plan, 'OTHER', nothing, rest)];
}

function groups(plan: StatsPlan, events: Events): Group[] {
  const found = new Map<string, { key: Key; events: StoredEvent[] }>();
  for (const event of events) {
    const key = keyOf(plan, event);
    const group = found.get(JSON.stringify(key)) ?? { key, events: [] };
    group.events.push(event);
    found.set(JSON.stringify(key), group);
  }
  return [...found.values()];
}

function keyOf(plan: StatsPlan, event: StoredEvent): Key {
  return plan.groupBy.map((group) => keyText(event, group));
}

function isSame(a: Key, b: Key): boolean {
  return a.every((part, place) => part === b[place]);
}

function compareGroups(plan: StatsPlan, a: Group, b: Group): number {
  return rankOf(plan, b.events) - rankOf(plan, a.events) || compareKeys(a.key, b.key);
}

function rankOf(plan: StatsPlan, events: Events): number {
  switch (plan.orderBy) {
    case 'EVENTS':
      return events.length;
    case 'VISITORS':
      return pairs(plan, events, ({ userHash }) => userHash);
    case 'KEY':
      return 0;
  }
}

/** Part by part, bytewise in UTF-8, null last. */
function compareKeys(a: Key, b: Key): number {
  return a.map((part, place) => compareParts(part, b[place] ?? null)).find((order) => order !== 0) ?? 0;
}

function compareParts(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function row(plan: StatsPlan, kind: FoundRow['kind'], key: Key, { now, before }: RowEvents): FoundRow {
  return {
    key,
    kind,
    totals: counts(plan, now),
    points: plan.points ? plan.buckets.map((bucket) => countsWithin(plan, now, bucket)) : [],
    previous: plan.previous && {
      totals: counts(plan, before),
      points: plan.points ? plan.previous.map((span) => span && countsWithin(plan, before, span)) : [],
    },
    folded: false,
  };
}

function countsWithin(plan: StatsPlan, events: Events, span: Span): StatsCounts {
  return counts(
    plan,
    events.filter((event) => isWithin(event, span)),
  );
}

function counts(plan: StatsPlan, events: Events): StatsCounts {
  const { visitors, sessions, properties } = plan.measures;
  return {
    events: events.length,
    visitors: visitors ? pairs(plan, events, ({ userHash }) => userHash) : null,
    sessions: sessions ? pairs(plan, events, ({ sessionHash }) => sessionHash) : null,
    properties: new Map(properties.map((name) => [name, propertyCounts(numbersOf(events, name))])),
  };
}

/** Different pairs of salt day and hash. */
function pairs(plan: StatsPlan, events: Events, hashOf: (event: StoredEvent) => string | null): number {
  const found = new Set<string>();
  for (const event of events) {
    const hash = hashOf(event);
    if (hash !== null) found.add(`${saltDayOf(plan, event)} ${hash}`);
  }
  return found.size;
}

function saltDayOf(plan: StatsPlan, event: StoredEvent): string {
  const found = plan.days.find((day) => isWithin(event, day));
  if (!found)
    throw new Error('The plan lacks a salt day that one of its buckets or their comparison touches.');
  return found.day;
}

function propertyCounts(numbers: readonly number[]): PropertyCounts {
  const histogram = new Map<number, number>();
  for (const number of numbers) {
    const bucket = histogramBucket(number);
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
  }
  return {
    count: numbers.length,
    sum: decimalSum(numbers),
    min: numbers.length === 0 ? null : Math.min(...numbers),
    max: numbers.length === 0 ? null : Math.max(...numbers),
    histogram: [...histogram].sort(([a], [b]) => a - b),
  };
}

function isWithin({ createdAt }: StoredEvent, { start, end }: Span): boolean {
  return start <= createdAt && createdAt < end;
}
