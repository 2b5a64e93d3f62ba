import { setImmediate as turn } from 'node:timers/promises';

/** One simulated time for the server and all devices. It stands still while anything real is under way. */
export interface Timeline {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `run` at that time, or next where it is past already; what it answers prevents that. */
  at(time: number, run: () => void): () => void;
  /** Time does not move on before this has settled. */
  holdFor(work: Promise<unknown>): void;
  /** Plays everything that is due up to and including `until`. */
  play(until: number): Promise<void>;
}

interface Entry {
  readonly time: number;
  /** Entries of one time run in the order in which they were made. */
  readonly order: number;
  run: (() => void) | null;
}

export function createTimeline(start: number): Timeline {
  const heap: Entry[] = [];
  let now = start;
  let made = 0;
  let underWay = 0;

  async function settle(): Promise<void> {
    do await turn();
    while (underWay > 0);
  }

  return {
    now: () => now,
    at(time, run) {
      // Clocks of devices and servers count whole milliseconds.
      const entry: Entry = { time: Math.max(Math.round(time), now), order: made++, run };
      push(heap, entry);
      return () => {
        entry.run = null;
      };
    },
    holdFor(work) {
      underWay += 1;
      const done = (): void => {
        underWay -= 1;
      };
      work.then(done, done);
    },
    async play(until) {
      await settle();
      for (let next = heap[0]; next && next.time <= until; next = heap[0]) {
        pop(heap);
        if (!next.run) continue;
        now = next.time;
        next.run();
        await settle();
      }
      now = until;
    },
  };
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || before(parent, entry)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (!left) break;
    const isRight = right !== undefined && before(right, left);
    const child = isRight ? right : left;
    if (!before(child, last)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
