import type { AppendVerdict } from '../../domain/ports/index.js';
import type { FailureKind } from './failure-kind.js';
import type { PreparedRow } from './prepared-row.js';
import type { Taken } from './taken-row.js';

export interface SettleDeps<Row> {
  /**
   * Stores the rows (distinct ids) in one transaction and answers the ids that were new. All or nothing. `TOO_OLD`:
   * nothing of their group is stored any more.
   */
  readonly write: (rows: readonly Row[]) => Promise<ReadonlySet<string> | 'TOO_OLD'>;
  readonly classify: (error: unknown) => FailureKind;
  /** Told of every failed statement. */
  readonly onFailure?: (failure: { kind: FailureKind; error: unknown; rows: number; again: boolean }) => void;
}

/**
 * Gives every row of a statement its verdict, once. Of rows with the same id the first is written; it is
 * ACCEPTED or not, and the others are duplicates of it. A row that the engine refuses costs only itself: the
 * rows are halved until it stands alone. A bad connection is tried once more; a commit whose answer was lost
 * then shows as DUPLICATE, which is true: the row is there.
 */
export async function settleRows<Row extends PreparedRow>(
  group: readonly Taken<Row>[],
  deps: SettleDeps<Row>,
  answer: (taken: Taken<Row>, verdict: AppendVerdict) => void,
): Promise<void> {
  for (let same = byId(group); same.size > 0; ) {
    const refused = new Map<string, readonly Taken<Row>[]>();
    for (const [id, verdict] of await writeApart(firstsOf(same), deps)) {
      const others = answerFirst(same.get(id) ?? [], verdict, answer);
      if (others.length > 0) refused.set(id, others);
    }
    same = refused;
  }
}

/** Answers the row and its duplicates; hands back those that have to be written in its place. */
function answerFirst<Row>(
  [first, ...others]: readonly Taken<Row>[],
  verdict: AppendVerdict,
  answer: (taken: Taken<Row>, verdict: AppendVerdict) => void,
): readonly Taken<Row>[] {
  if (first) answer(first, verdict);
  // The refused one was never stored, so the next with this id is not its duplicate.
  if (verdict === 'UNSTORABLE') return others;
  for (const other of others) answer(other, verdict === 'ACCEPTED' ? 'DUPLICATE' : verdict);
  return [];
}

function firstsOf<Row>(same: ReadonlyMap<string, readonly Taken<Row>[]>): Row[] {
  return [...same.values()].flatMap(([first]) => (first ? [first.row] : []));
}

function byId<Row extends PreparedRow>(group: readonly Taken<Row>[]): Map<string, readonly Taken<Row>[]> {
  const same = new Map<string, Taken<Row>[]>();
  for (const taken of group) {
    const known = same.get(taken.row.id);
    if (known) known.push(taken);
    else same.set(taken.row.id, [taken]);
  }
  return same;
}

/** One verdict per row; as many statements as it takes to tell the bad rows from the good ones. */
async function writeApart<Row extends PreparedRow>(
  rows: readonly Row[],
  deps: SettleDeps<Row>,
): Promise<ReadonlyMap<string, AppendVerdict>> {
  const verdicts = new Map<string, AppendVerdict>();
  const halves: (readonly Row[])[] = [rows];
  for (let part = halves.pop(); part; part = halves.pop()) {
    const outcome = await writeTwice(part, deps);
    if (outcome === 'row' && part.length > 1) halves.push(...halve(part).reverse());
    else for (const { id } of part) verdicts.set(id, verdictOf(id, outcome));
    // The store is away: what is left would wait for the same refusal, one part after the other.
    if (outcome === 'transient' || outcome === 'final') break;
  }
  for (const { id } of rows) if (!verdicts.has(id)) verdicts.set(id, 'UNAVAILABLE');
  return verdicts;
}

function verdictOf(id: string, outcome: Outcome): AppendVerdict {
  if (typeof outcome !== 'string') return outcome.has(id) ? 'ACCEPTED' : 'DUPLICATE';
  if (outcome === 'TOO_OLD') return 'TOO_OLD';
  return outcome === 'row' ? 'UNSTORABLE' : 'UNAVAILABLE';
}

function halve<T>(items: readonly T[]): [readonly T[], readonly T[]] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)];
}

/** The ids that were new, or why nothing was stored. */
type Outcome = ReadonlySet<string> | 'TOO_OLD' | FailureKind;

async function writeTwice<Row>(rows: readonly Row[], deps: SettleDeps<Row>): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.write(rows);
    } catch (error) {
      const kind = deps.classify(error);
      const again = kind === 'transient' && attempt === 1;
      deps.onFailure?.({ kind, error, rows: rows.length, again });
      if (!again) return kind;
    }
  }
}
