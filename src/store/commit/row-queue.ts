import type { AppendVerdict } from '../../domain/ports/index.js';
import type { GroupCommitLimits } from './limits.js';
import type { PreparedRow } from './prepared-row.js';

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

/** Rows of one call and one group. */
interface Chunk<Row> {
  readonly rows: Taken<Row>[];
  /** Grows from chunk to chunk: the smallest is the oldest. */
  readonly number: number;
  bytes: number;
}

/** The chunks of one group, oldest first. Read at `head` instead of shifted: shifting a long array moves all of it. */
interface Line<Row> {
  chunks: Chunk<Row>[];
  head: number;
}

export interface RowQueue<Row> {
  /** Takes what there is room for, the rows of each group as one chunk that stays together; answers the rest at once. */
  put<Item>(items: readonly Item[], prepare: (item: Item) => Row, resolve: Call['resolve']): void;
  /** The rows of the next statement, all of one group, with the oldest row of all; empty when nothing waits. */
  next(): readonly Taken<Row>[];
  /** Records a verdict; the last one of a call ends the call. */
  answer(taken: Taken<Row>, verdict: AppendVerdict): void;
  pending(): number;
}

/**
 * First in, first out, bounded in rows and bytes; every step costs the same however long the queue is. Groups, of
 * which there are few, wait in lines of their own.
 */
export function createRowQueue<Row extends PreparedRow>(limits: GroupCommitLimits): RowQueue<Row> {
  const lines = new Map<string, Line<Row>>();
  /** Stands where a chunk was taken out, so that no row outlives its statement. */
  const gone: Chunk<Row> = { rows: [], number: 0, bytes: 0 };
  let lastNumber = 0;
  let pendingRows = 0;
  let pendingBytes = 0;

  return { put, next, answer, pending: () => pendingRows };

  function put<Item>(items: readonly Item[], prepare: (item: Item) => Row, resolve: Call['resolve']): void {
    const call: Call = { verdicts: new Array(items.length).fill('OVERLOADED'), left: 0, resolve };
    /** By group, the chunk that this call is filling. */
    const filling = new Map<string, Chunk<Row>>();
    /** By id, the group of the first row: it decides, so that the first of two rows is also the first written. */
    const groupOfId = new Map<string, string>();
    for (const [index, item] of items.entries()) {
      // Counted before it is serialised: an overloaded server does not spend its time on what it refuses.
      if (pendingRows >= limits.maxPending) break;
      const row = attempt(prepare, item);
      if (!row) {
        call.verdicts[index] = 'UNSTORABLE';
        continue;
      }
      if (pendingBytes + row.bytes > limits.maxPendingBytes) continue;
      const group = groupOfId.get(row.id) ?? row.group;
      groupOfId.set(row.id, group);
      const chunk = roomIn(group, filling);
      chunk.rows.push({ row, call, index });
      chunk.bytes += row.bytes;
      call.left += 1;
      pendingRows += 1;
      pendingBytes += row.bytes;
    }
    if (call.left === 0) resolve(call.verdicts);
  }

  /** The chunk that the call is filling for this group; a new one at the end of its line where that is full. */
  function roomIn(group: string, filling: Map<string, Chunk<Row>>): Chunk<Row> {
    const open = filling.get(group);
    if (open && open.rows.length < limits.maxRows) return open;
    lastNumber += 1;
    const chunk: Chunk<Row> = { rows: [], number: lastNumber, bytes: 0 };
    const line = lines.get(group) ?? { chunks: [], head: 0 };
    lines.set(group, line);
    line.chunks.push(chunk);
    filling.set(group, chunk);
    return chunk;
  }

  function next(): readonly Taken<Row>[] {
    const oldest = oldestLine();
    if (!oldest) return [];
    const [group, line] = oldest;
    const taken: Taken<Row>[] = [];
    let bytes = 0;
    for (let chunk = line.chunks[line.head]; chunk; chunk = line.chunks[line.head]) {
      const fits =
        taken.length + chunk.rows.length <= limits.maxRows && bytes + chunk.bytes <= limits.maxStatementBytes;
      if (taken.length > 0 && !fits) break;
      for (const row of chunk.rows) taken.push(row);
      bytes += chunk.bytes;
      line.chunks[line.head] = gone;
      line.head += 1;
    }
    if (line.head === line.chunks.length) lines.delete(group);
    // Half of the array is behind us: let go of it, at a cost that the pushes have paid for.
    else if (line.head > 64 && line.head * 2 > line.chunks.length) {
      line.chunks = line.chunks.slice(line.head);
      line.head = 0;
    }
    return taken;
  }

  function oldestLine(): readonly [string, Line<Row>] | undefined {
    let oldest: readonly [string, Line<Row>] | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const entry of lines) {
      const [, { chunks, head }] = entry;
      const number = chunks[head]?.number ?? least;
      if (number >= least) continue;
      least = number;
      oldest = entry;
    }
    return oldest;
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
