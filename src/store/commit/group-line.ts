import type { GroupCommitLimits } from './limits.js';
import type { Taken } from './taken-row.js';

/** Rows of one call and one group, which go into the same statement. */
export interface Chunk<Row> {
  readonly rows: Taken<Row>[];
  /** Grows from chunk to chunk: the smallest is the oldest. */
  readonly number: number;
  bytes: number;
}

/** The chunks of one group, oldest first. */
export interface GroupLine<Row> {
  push(chunk: Chunk<Row>): void;
  /** The number of the oldest chunk; `Infinity` where none waits. */
  oldest(): number;
  /** Takes the rows of the oldest chunk out, and those of the next ones as far as a statement has room for them. */
  take(): readonly Taken<Row>[];
}

/** Taking costs the same however long the line is. */
export function createGroupLine<Row>(limits: GroupCommitLimits): GroupLine<Row> {
  /** Stands where a chunk was taken out, so that no row outlives its statement. */
  const gone: Chunk<Row> = { rows: [], number: 0, bytes: 0 };
  let chunks: Chunk<Row>[] = [];
  /** The place of the oldest chunk. Counted up instead of shifting the array, which would move all of it. */
  let head = 0;

  return {
    push(chunk) {
      chunks.push(chunk);
    },
    oldest: () => chunks[head]?.number ?? Number.POSITIVE_INFINITY,
    take() {
      const taken: Taken<Row>[] = [];
      let bytes = 0;
      for (let chunk = chunks[head]; chunk; chunk = chunks[head]) {
        const fits =
          taken.length + chunk.rows.length <= limits.maxRows &&
          bytes + chunk.bytes <= limits.maxStatementBytes;
        if (taken.length > 0 && !fits) break;
        for (const row of chunk.rows) taken.push(row);
        bytes += chunk.bytes;
        chunks[head] = gone;
        head += 1;
      }
      dropTaken();
      return taken;
    },
  };

  /** Lets go of the places behind the head once they are half of the array: the pushes have paid for the copy. */
  function dropTaken(): void {
    if (head <= 64 || head * 2 <= chunks.length) return;
    chunks = chunks.slice(head);
    head = 0;
  }
}
