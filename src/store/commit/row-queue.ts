import type { AppendVerdict } from '../../domain/ports/index.js';
import { type Chunk, createGroupLine, type GroupLine } from './group-line.js';
import type { GroupCommitLimits } from './limits.js';
import type { PreparedRow } from './prepared-row.js';
import type { Call, Taken } from './taken-row.js';

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
  const lines = new Map<string, GroupLine<Row>>();
  let lastNumber = 0;
  let pendingRows = 0;
  let pendingBytes = 0;

  return {
    put(items, prepare, resolve) {
      const call: Call = { verdicts: new Array(items.length).fill('OVERLOADED'), left: 0, resolve };
      const chunks = createCallChunks<Row>(limits.maxRows, openChunk);
      for (const [index, item] of items.entries()) {
        // Counted before it is serialised: an overloaded server does not spend its time on what it refuses.
        if (pendingRows >= limits.maxPending) break;
        const row = attempt(prepare, item);
        if (!row) call.verdicts[index] = 'UNSTORABLE';
        else if (pendingBytes + row.bytes <= limits.maxPendingBytes) {
          chunks.add({ row, call, index });
          count(1, row.bytes);
          call.left += 1;
        }
      }
      if (call.left === 0) resolve(call.verdicts);
    },
    next() {
      const group = oldestGroup();
      const line = group === undefined ? undefined : lines.get(group);
      if (group === undefined || !line) return [];
      const taken = line.take();
      if (line.oldest() === Number.POSITIVE_INFINITY) lines.delete(group);
      return taken;
    },
    answer({ row, call, index }, verdict) {
      count(-1, -row.bytes);
      call.verdicts[index] = verdict;
      call.left -= 1;
      if (call.left === 0) call.resolve(call.verdicts);
    },
    pending: () => pendingRows,
  };

  function count(rows: number, bytes: number): void {
    pendingRows += rows;
    pendingBytes += bytes;
  }

  /** A new chunk at the end of the line of its group. */
  function openChunk(group: string): Chunk<Row> {
    lastNumber += 1;
    const chunk: Chunk<Row> = { rows: [], number: lastNumber, bytes: 0 };
    const line = lines.get(group) ?? createGroupLine<Row>(limits);
    lines.set(group, line);
    line.push(chunk);
    return chunk;
  }

  function oldestGroup(): string | undefined {
    let oldest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [group, line] of lines) {
      const number = line.oldest();
      if (number >= least) continue;
      least = number;
      oldest = group;
    }
    return oldest;
  }
}

/** Sorts the rows of one call into chunks by group, `maxRows` in each at the most. */
function createCallChunks<Row extends PreparedRow>(maxRows: number, open: (group: string) => Chunk<Row>) {
  /** By group, the chunk that is being filled. */
  const filling = new Map<string, Chunk<Row>>();
  /** By id, the group of the first row: it decides, so that the first of two rows is also the first written. */
  const groupOfId = new Map<string, string>();

  return {
    add(taken: Taken<Row>): void {
      const { id, group: own, bytes } = taken.row;
      const group = groupOfId.get(id) ?? own;
      groupOfId.set(id, group);
      const chunk = roomIn(group);
      chunk.rows.push(taken);
      chunk.bytes += bytes;
    },
  };

  function roomIn(group: string): Chunk<Row> {
    const current = filling.get(group);
    if (current && current.rows.length < maxRows) return current;
    const chunk = open(group);
    filling.set(group, chunk);
    return chunk;
  }
}

function attempt<Item, Row>(prepare: (item: Item) => Row, item: Item): Row | null {
  try {
    return prepare(item);
  } catch {
    return null;
  }
}
