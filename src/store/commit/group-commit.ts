import type { AppendVerdict } from '../../domain/ports/index.js';
import { type GroupCommitLimits, groupCommitDefaults } from './limits.js';
import type { PreparedRow } from './prepared-row.js';
import { createRowQueue } from './row-queue.js';
import { type SettleDeps, settleRows } from './settle-rows.js';
import type { Taken } from './taken-row.js';

export interface GroupCommitDeps<Item, Row extends PreparedRow> extends SettleDeps<Row> {
  /** Makes a row of an item when it is taken; throwing makes the item UNSTORABLE. */
  readonly prepare: (item: Item) => Row;
  readonly limits?: Partial<GroupCommitLimits>;
  /** Runs `start` soon, after the callers that are about to call have called. Not a delay: `setImmediate`. */
  readonly defer?: (start: () => void) => void;
}

export interface GroupCommit<Item> {
  /** One verdict per item, in order, said after the commit that makes it true. Never rejects. */
  append(items: readonly Item[]): Promise<readonly AppendVerdict[]>;
  /** Rows taken and not yet answered. */
  pending(): number;
  /** Takes nothing more (UNAVAILABLE) and resolves when everything taken has been answered. */
  drain(): Promise<void>;
}

/**
 * Group commit without a timer: while a statement is in flight the next rows gather, and go together as soon as
 * a lane is free. An idle store writes at once; a busy one writes few large statements, whose number does not
 * grow with the number of callers. First come, first written: the oldest rows are always in the next statement,
 * with others of their group.
 */
export function createGroupCommit<Item, Row extends PreparedRow>(
  deps: GroupCommitDeps<Item, Row>,
): GroupCommit<Item> {
  const limits = { ...groupCommitDefaults, ...deps.limits };
  const defer = deps.defer ?? ((start) => void setImmediate(start));
  const queue = createRowQueue<Row>(limits);
  const drained: (() => void)[] = [];
  let stopped = false;
  let inFlight = 0;
  let waking = false;

  return {
    append(items) {
      if (stopped) return Promise.resolve(items.map(() => 'UNAVAILABLE' as const));
      return new Promise((resolve) => {
        queue.put(items, deps.prepare, resolve);
        wake();
      });
    },
    pending: queue.pending,
    drain() {
      stopped = true;
      if (queue.pending() === 0) return Promise.resolve();
      return new Promise((resolve) => {
        drained.push(resolve);
      });
    },
  };

  function wake(): void {
    if (waking || inFlight >= limits.lanes) return;
    waking = true;
    defer(() => {
      waking = false;
      fillLanes();
    });
  }

  function fillLanes(): void {
    while (inFlight < limits.lanes) {
      const group = queue.next();
      if (group.length === 0) return;
      inFlight += 1;
      void commit(group);
    }
  }

  async function commit(group: readonly Taken<Row>[]): Promise<void> {
    await settleRows(group, deps, (taken, verdict) => queue.answer(taken, verdict));
    inFlight -= 1;
    fillLanes();
    if (queue.pending() === 0) for (const done of drained.splice(0)) done();
  }
}
