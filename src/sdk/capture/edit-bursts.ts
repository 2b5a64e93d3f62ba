import type { CaptureClock } from './clock.js';

/** What was edited: sizes in UTF-16 units, as the editor counts. */
export type Edit = {
  readonly insertedChars: number;
  readonly deletedChars: number;
  readonly lineStart: number;
  readonly lineEnd: number;
};

export interface EditBursts {
  /** `revertAgeMs`: the edit brought back the state of that many milliseconds ago. */
  add(edit: Edit, revertAgeMs: number | null): void;
  /** Ends the burst now. */
  flush(): void;
}

/**
 * One report for a burst of edits instead of one per key: it spares the rate limit, and the rhythm of somebody's
 * typing is not recorded. A pause of `pauseMs` ends a burst; after ten times as long it ends without one.
 *
 * A burst that ends in an earlier state of the text ends with a revert; what was edited before that is one edit.
 * What was brought back and then edited further is an edit: a typing mistake corrected on the way is no revert.
 */
export function createEditBursts(
  clock: CaptureClock,
  pauseMs: number,
  report: (edit: Edit, revertAgeMs: number | null) => void,
): EditBursts {
  let edits: Edit | null = null;
  let reverts: Edit | null = null;
  let ageMs: number | null = null;
  let startedAt = 0;
  let cancel = () => {};

  function flush(): void {
    cancel();
    const [edit, revert] = [edits, reverts];
    edits = null;
    reverts = null;
    if (edit !== null) report(edit, null);
    if (revert !== null) report(revert, ageMs);
  }

  return {
    flush,
    add(edit, revertAgeMs) {
      const now = clock.now();
      if (edits === null && reverts === null) startedAt = now;
      ageMs = revertAgeMs;
      reverts = reverts === null ? edit : join(reverts, edit);
      if (ageMs === null) {
        edits = edits === null ? reverts : join(edits, reverts);
        reverts = null;
      }
      cancel();
      if (now - startedAt < 10 * pauseMs) cancel = clock.after(pauseMs, flush);
      else flush();
    },
  };
}

/** Two edits as one. */
export function join(one: Edit, other: Edit): Edit {
  return {
    insertedChars: one.insertedChars + other.insertedChars,
    deletedChars: one.deletedChars + other.deletedChars,
    lineStart: Math.min(one.lineStart, other.lineStart),
    lineEnd: Math.max(one.lineEnd, other.lineEnd),
  };
}
