import type {
  FoundRow,
  PropertyCounts,
  StatsCounts,
  StatsFound,
  StatsPlan,
} from '../../../domain/reading/plan.js';
import { sumDecimals } from './decimal.js';

/** What a line of a statement counts: one of the rows shown, by its place from 1, the rest of them, or everything. */
export type CellOwner = number | 'OTHER' | 'TOTAL';

/** What was counted of an owner in a bucket of a period, or in a whole period (`bucket` −1). */
export interface Cell {
  readonly owner: CellOwner;
  readonly period: number;
  readonly bucket: number;
  readonly events: number;
  readonly visitors: number | null;
  readonly sessions: number | null;
}

/** The numbers of a property in a cell that fall into one bucket of the histogram. */
export interface PropertyCell extends Pick<Cell, 'owner' | 'period' | 'bucket'> {
  readonly name: string;
  readonly slot: number;
  readonly count: number;
  readonly sum: string;
  readonly min: number;
  readonly max: number;
}

export interface Cells {
  /** Keys of the rows shown, in order. */
  readonly keys: readonly (readonly (string | null)[])[];
  /** Several of the same place are added up. */
  readonly cells: readonly Cell[];
  /** Of rows shown and OTHER alone; the total is their sum. */
  readonly properties: readonly PropertyCell[];
}

/** Puts cells into the rows of an answer, with zeros where nothing was counted. */
export function assemble(plan: StatsPlan, { keys, cells, properties }: Cells) {
  const cellsOf = groupBy(cells, ({ owner }) => owner);
  const numbersOf = groupBy(properties, ({ owner }) => owner);
  const row = (owner: CellOwner, key: FoundRow['key'], kind: FoundRow['kind']): FoundRow => {
    const numbers = owner === 'TOTAL' ? properties : (numbersOf.get(owner) ?? []);
    return { key, kind, folded: false, ...periodsOf(plan, cellsOf.get(owner) ?? [], numbers) };
  };
  const rows = keys.map((key, index) => row(index + 1, key, 'VALUE'));
  const other = row(
    'OTHER',
    plan.groupBy.map(() => null),
    'OTHER',
  );
  const isThere = (cellsOf.get('OTHER') ?? []).some(({ events }) => events > 0);
  return { total: row('TOTAL', [], 'VALUE'), rows: isThere ? [...rows, other] : rows };
}

function periodsOf(plan: StatsPlan, cells: readonly Cell[], numbers: readonly PropertyCell[]) {
  const period = (wanted: number) =>
    countsOf(
      plan,
      cells.filter(({ period }) => period === wanted),
      numbers.filter(({ period }) => period === wanted),
    );
  const own = period(0);
  if (!plan.previous) return { ...own, previous: null };
  const theirs = period(1);
  const points = plan.points
    ? plan.previous.map((span, bucket) => (span ? (theirs.points[bucket] ?? null) : null))
    : [];
  return { ...own, previous: { totals: theirs.totals, points } };
}

function countsOf(plan: StatsPlan, cells: readonly Cell[], numbers: readonly PropertyCell[]) {
  const byBucket = groupBy(cells, ({ bucket }) => bucket);
  const numbersByBucket = groupBy(numbers, ({ bucket }) => bucket);
  const counts = (some: readonly Cell[], theirs: readonly PropertyCell[]): StatsCounts => ({
    ...added(plan, some),
    properties: new Map(
      plan.measures.properties.map((name) => [name, propertyOf(theirs.filter((one) => one.name === name))]),
    ),
  });
  // Cells of the whole period are there where those of its buckets do not add up.
  const ofPeriod = byBucket.get(-1) ?? cells;
  const points = plan.points
    ? plan.buckets.map((_span, bucket) =>
        counts(byBucket.get(bucket) ?? [], numbersByBucket.get(bucket) ?? []),
      )
    : [];
  return { totals: counts(ofPeriod, numbers), points };
}

function added({ measures }: StatsPlan, cells: readonly Cell[]) {
  const sum = (of: 'events' | 'visitors' | 'sessions'): number =>
    cells.reduce((before, cell) => before + (cell[of] ?? 0), 0);
  return {
    events: sum('events'),
    visitors: measures.visitors ? sum('visitors') : null,
    sessions: measures.sessions ? sum('sessions') : null,
  };
}

function propertyOf(numbers: readonly PropertyCell[]): PropertyCounts {
  const slots = new Map<number, number>();
  for (const { slot, count } of numbers) slots.set(slot, (slots.get(slot) ?? 0) + count);
  return {
    count: numbers.reduce((before, { count }) => before + count, 0),
    sum: sumDecimals(numbers.map(({ sum }) => sum)),
    min: numbers.length > 0 ? Math.min(...numbers.map(({ min }) => min)) : null,
    max: numbers.length > 0 ? Math.max(...numbers.map(({ max }) => max)) : null,
    histogram: [...slots].sort(([a], [b]) => a - b),
  };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/**
 * Where raw rows are gone, the visitors of OTHER cannot be united any more, and a row with a name may have lost some of
 * its events to OTHER.
 */
export function unknownWhereSealed(
  { total, rows }: Pick<StatsFound, 'total' | 'rows'>,
  { sealed, folded }: { readonly sealed: boolean; readonly folded: boolean },
): Pick<StatsFound, 'total' | 'rows'> {
  if (!sealed) return { total, rows };
  const unknown = (row: FoundRow): FoundRow => (row.kind === 'OTHER' ? withoutPeople(row) : row);
  return { total, rows: rows.map((row) => ({ ...unknown(row), folded })) };
}

function withoutPeople(row: FoundRow): FoundRow {
  const hide = (counts: StatsCounts): StatsCounts => ({ ...counts, visitors: null, sessions: null });
  const { previous } = row;
  return {
    ...row,
    totals: hide(row.totals),
    points: row.points.map(hide),
    previous: previous && {
      totals: hide(previous.totals),
      points: previous.points.map((point) => point && hide(point)),
    },
  };
}
