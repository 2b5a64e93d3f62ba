import type { AppendVerdict } from '../domain/ports.js';
import type { GroupCommitLimits, PreparedRow } from './group-commit.js';

interface Call {
  readonly verdicts: AppendVerdict[];
  /** Rows not answered yet. */
  left: number;
  readonly resolve: (verdicts: readonly AppendVerdict[]) => void;
}

/** A row that waits for its verdict. */
export interface Taken<Row> {
  readonly row: Row;
  readonly call: Call;
  /** Its place in the call. */
  readonly index: number;
}

interface Chunk<Row> {
  readonly rows: Taken<Row>[];
  bytes: number;
}

export interface RowQueue<Row> {
  /** Takes what there is room for, as one chunk that stays together; answers the rest at once. */
  put<Item>(items: readonly Item[], prepare: (item: Item) => Row, resolve: Call['resolve']): void;
  /** The rows of the next statement, oldest first; empty when nothing waits. */
  next(): readonly Taken<Row>[];
  /** Records a verdict; the last one of a call ends the call. */
  answer(taken: Taken<Row>, verdict: AppendVerdict): void;
  pending(): number;
}

/** First in, first out, bounded in rows and bytes; every step costs the same however long the queue is. */
export function createRowQueue<Row extends PreparedRow>(limits: GroupCommitLimits): RowQueue<Row> {
  // Read at `head` instead of shifted: shifting a long array moves all of it.
  let chunks: Chunk<Row>[] = [];
  /** Stands where a chunk was taken out, so that no row outlives its statement. */
  const gone: Chunk<Row> = { rows: [], bytes: 0 };
  let head = 0;
  let pendingRows = 0;
  let pendingBytes = 0;

  return { put, next, answer, pending: () => pendingRows };

  function put<Item>(items: readonly Item[], prepare: (item: Item) => Row, resolve: Call['resolve']): void {
    const call: Call = { verdicts: new Array(items.length).fill('OVERLOADED'), left: 0, resolve };
    let chunk: Chunk<Row> = { rows: [], bytes: 0 };
    for (const [index, item] of items.entries()) {
      // Counted before it is serialised: an overloaded server does not spend its time on what it refuses.
      if (pendingRows >= limits.maxPending) break;
      const row = attempt(prepare, item);
      if (!row) {
        call.verdicts[index] = 'UNSTORABLE';
        continue;
      }
      if (pendingBytes + row.bytes > limits.maxPendingBytes) continue;
      if (chunk.rows.length === limits.maxRows) {
        chunks.push(chunk);
        chunk = { rows: [], bytes: 0 };
      }
      chunk.rows.push({ row, call, index });
      chunk.bytes += row.bytes;
      call.left += 1;
      pendingRows += 1;
      pendingBytes += row.bytes;
    }
    if (chunk.rows.length > 0) chunks.push(chunk);
    if (call.left === 0) resolve(call.verdicts);
  }

  function next(): readonly Taken<Row>[] {
    const group: Taken<Row>[] = [];
    let bytes = 0;
    for (let chunk = chunks[head]; chunk; chunk = chunks[head]) {
      const fits =
        group.length + chunk.rows.length <= limits.maxRows && bytes + chunk.bytes <= limits.maxStatementBytes;
      if (group.length > 0 && !fits) break;
      for (const taken of chunk.rows) group.push(taken);
      bytes += chunk.bytes;
      chunks[head] = gone;
      head += 1;
    }
    // Half of the array is behind us: let go of it, at a cost that the pushes have paid for.
    if (head > 64 && head * 2 > chunks.length) {
      chunks = chunks.slice(head);
      head = 0;
    }
    return group;
  }

  function answer({ row, call, index }: Taken<Row>, verdict: AppendVerdict): void {
    call.verdicts[index] = verdict;
    call.left -= 1;
    pendingRows -= 1;
    pendingBytes -= row.bytes;
    if (call.left === 0) call.resolve(call.verdicts);
  }
}

function attempt<Item, Row>(prepare: (item: Item) => Row, item: Item): Row | null {
  try {
    return prepare(item);
  } catch {
    return null;
  }
}
