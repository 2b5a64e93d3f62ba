import type { EventDimension } from '../../../contract/index.js';
import type { StatsFilter, StatsPlan } from '../../../domain/reading/plan.js';
import { namedIn } from './filter-sql.js';
import { type Kind, kinds, setKinds } from './kinds.js';

/** A table of counted days that answers a question, and how. */
export interface Slice {
  /** `stat_day` and `entity_day` have one row per day and key; `stat_set` has bitmaps that are united. */
  readonly table: 'stat_day' | 'stat_set' | 'entity_day';
  /** Null for `entity_day`. */
  readonly kind: Kind | null;
  /**
   * Whether each row of an answer is one row a day here, so that its visitors and sessions are stored. Where it is not,
   * only events add up.
   */
  readonly exact: boolean;
}

/** What answers the three parts of a question on a counted day. */
export interface Slices {
  readonly total: Slice;
  /** Null: there are no rows. */
  readonly rows: Slice | null;
  /** Whose visitors are those of OTHER; null where nobody asks for them. */
  readonly other: Slice | null;
}

interface Wanted {
  readonly visitors: boolean;
  readonly sessions: boolean;
}

/**
 * Which slices answer a question; null where raw rows have to. Events of finer words add up to those of coarser ones;
 * visitors do not: they are taken from a row that is exactly what is asked for, or united from bitmaps.
 */
export function slicesFor({ filter, groupBy, measures, orderBy }: StatsPlan): Slices | null {
  const named = namedIn(filter);
  if (named.properties || measures.properties.length > 0) return null;
  const groups: EventDimension[] = [];
  for (const key of groupBy) {
    if (!('dimension' in key)) return null;
    groups.push(key.dimension);
  }
  const find = (grouped: readonly EventDimension[], extra: readonly EventDimension[], wanted: Wanted) =>
    sliceOf(
      new Set([...grouped, ...extra, ...named.dimensions]),
      new Set([...grouped, ...pinnedIn(filter)]),
      wanted,
    );
  const total = find([], [], measures);
  if (!total) return null;
  if (groups.length === 0) return { total, rows: null, other: null };
  const ranked = { ...measures, visitors: measures.visitors || orderBy === 'VISITORS' };
  const rows = find(groups, [], ranked);
  if (!rows) return null;
  if (!measures.visitors && !measures.sessions) return { total, rows, other: null };
  const other = find([], groups, measures);
  return other && { total, rows, other };
}

/** Small ones first: a union reads every word of its slice. */
const setsBySize = [4, 6, 8, 5, 7, 2, 3].flatMap((number) =>
  setKinds.filter((kind) => kind.number === number),
);

function sliceOf(
  needed: ReadonlySet<EventDimension>,
  fixed: ReadonlySet<EventDimension>,
  { visitors, sessions }: Wanted,
): Slice | null {
  const has = (words: readonly EventDimension[]): boolean =>
    [...needed].every((word) => words.includes(word));
  const isExact = (words: readonly EventDimension[]): boolean => words.every((word) => fixed.has(word));
  const candidates = kinds.filter((kind) => has(wordsOf(kind)));
  const exact = candidates.find((kind) => isExact(wordsOf(kind)));
  if (exact) return { table: 'stat_day', kind: exact, exact: true };
  const entity = has(entityWords) && { table: 'entity_day' as const, kind: null };
  if (entity && isExact(entityWords)) return { ...entity, exact: true };
  const counted = !visitors && !sessions;
  const [additive] = candidates;
  if (counted && additive) return { table: 'stat_day', kind: additive, exact: false };
  if (counted && entity) return { ...entity, exact: false };
  const set = setsBySize.find((kind) => has(wordsOf(kind)));
  return set && !sessions ? { table: 'stat_set', kind: set, exact: false } : null;
}

const entityWords: readonly EventDimension[] = ['ENTITY_TYPE', 'ENTITY'];

export function wordsOf({ within, word }: Kind): readonly EventDimension[] {
  return word ? [...within, word] : within;
}

/** Dimensions that the filter holds to one value. */
function pinnedIn({ all }: StatsFilter): readonly EventDimension[] {
  return all.flatMap((condition) =>
    'dimension' in condition && 'in' in condition && condition.in.length === 1 ? [condition.dimension] : [],
  );
}

/** Numbers of the slices that a day must have whole. */
export function kindsOf({ total, rows, other }: Slices): ReadonlySet<number> {
  return new Set([total, rows, other].flatMap((slice) => (slice?.kind ? [slice.kind.number] : [])));
}
