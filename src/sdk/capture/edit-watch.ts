import type { CaptureClock } from './clock.js';
import { createEditBursts, type Edit, join } from './edit-bursts.js';
import type { CaptureModel, ContentChange } from './editor.js';
import { createLineHashes, type LineHashes } from './line-hashes.js';
import { RevertDetector } from './revert-detector.js';
import type { HashKey } from './text-hash.js';

export interface EditWatchDeps {
  readonly clock: CaptureClock;
  readonly key: HashKey;
  /** A pause that ends a burst of edits. */
  readonly burstPauseMs: number;
  /** A burst is over; `revertAgeMs`: it brought back the state of that many milliseconds ago. */
  readonly report: (edit: Edit, revertAgeMs: number | null) => void;
}

/** Follows the edits in a model, and tells those that bring an earlier state back from the others. */
export interface EditWatch {
  /** Another text is followed from now on; null: none. */
  load(model: CaptureModel | null): void;
  /** The text was edited. */
  changed(change: ContentChange): void;
  /** Ends the burst that is going on. */
  flush(): void;
}

export function createEditWatch({ clock, key, burstPauseMs, report }: EditWatchDeps): EditWatch {
  const detector = new RevertDetector({ now: () => clock.now() });
  const bursts = createEditBursts(clock, burstPauseMs, report);
  let model: CaptureModel | null = null;
  let lineCount = 0;
  let hashes: LineHashes = () => null;

  /** How old the state is that the edit brought back; null: it is a new one, or the text is too long to tell. */
  function revertAge(edit: Edit): number | null {
    const hash = hashes(edit.lineStart, edit.lineEnd);
    if (hash !== null) return detector.onEdit(hash);
    detector.reset(null);
    return null;
  }

  return {
    flush: bursts.flush,
    load(next) {
      model = next;
      detector.reset(null);
      if (model === null) return;
      lineCount = model.getLineCount();
      hashes = createLineHashes(key, model);
      detector.reset(hashes(1, 0));
    },
    changed({ changes, isEolChange, isRedoing }) {
      if (isEolChange || model === null || changes.length === 0) return;
      const edit = measure(changes);
      const growth = model.getLineCount() - lineCount;
      lineCount += growth;
      const ageMs = revertAge(edit);
      bursts.add({ ...edit, lineEnd: edit.lineEnd + Math.max(0, growth) }, isRedoing ? null : ageMs);
    },
  };
}

/** Sizes, and the lines touched as they were counted before the change. */
function measure(changes: ContentChange['changes']): Edit {
  return changes
    .map(({ range, rangeLength, text }) => ({
      insertedChars: text.length,
      deletedChars: rangeLength,
      lineStart: range.startLineNumber,
      lineEnd: range.endLineNumber,
    }))
    .reduce(join);
}
