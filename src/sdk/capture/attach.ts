import { type CaptureClock, platformClock } from './clock.js';
import { CursorFocusTracker, type Region } from './cursor-focus.js';
import { createEditBursts, type Edit, join } from './edit-bursts.js';
import type {
  CaptureEditor,
  CaptureModel,
  ContentChange,
  CursorChange,
  Disposable,
  Position,
} from './editor.js';
import { createLineHashes, type LineHashes } from './line-hashes.js';
import { type CapturePage, onPageExit, platformPage } from './page.js';
import { RevertDetector } from './revert-detector.js';
import { type CaptureTarget, createSink } from './sink.js';
import { type HashKey, randomKey } from './text-hash.js';

export interface InteractionCaptureOptions extends CaptureTarget {
  /**
   * Names that go with `cursor_focus`; default none. `file` is that of the region, or else the last part of the
   * model's URI; `function` is that of the region. The catalogue must declare the property, or the server cuts it
   * off again.
   */
  readonly include?: { readonly file?: boolean; readonly function?: boolean } | undefined;
  /** The region that a position lies in; null: none that is to be counted. Default: its line. */
  readonly region?: ((position: Position, model: CaptureModel) => Region | null) | undefined;
  /** Shorter rests of the cursor are not reported. Default 200. */
  readonly minDwellMs?: number | undefined;
  /** A pause in typing that ends a burst of edits; after ten times as long it ends anyway. Default 1,000. */
  readonly burstPauseMs?: number | undefined;
  /** Default: the platform's. */
  readonly clock?: CaptureClock | undefined;
  /** Where leaving the page is heard. Default `window`, where there is one. */
  readonly page?: CapturePage | undefined;
  /** The key of the hashes. Default: random, made for this one call. */
  readonly key?: HashKey | undefined;
}

export interface InteractionCapture {
  /** Hands the rest of the cursor and the burst of edits that are going on to `track` now. Never throws. */
  flush(): void;
  /** Flushes, then takes away every listener and timer. A second call does nothing. Never throws. */
  detach(): void;
}

/**
 * Follows the cursor and the edits in a Monaco editor, and tells `track` of them as `cursor_focus`, `edit` and
 * `revert`, in the properties that the example catalogue declares for them.
 *
 * ```ts
 * const capture = attachInteractionCapture(editor, {
 *   track: tracker.track,
 *   entity: { type: 'episode', id: episodeId },
 * });
 * // …
 * capture.detach();
 * ```
 *
 * - Only line numbers and sizes leave the editor; no text, no file or function name unless `include` says so. The
 *   largest paste is one number.
 * - `cursor_focus`: the cursor rested in a region for `minDwellMs` or longer. It begins with a move of the cursor,
 *   not with the editor being there.
 * - `edit`: a burst of edits. Lines are counted as they were before or after the edit, whichever reach further.
 * - `revert`: the text came back to a state of the last 30 seconds (the last 64 edits at most), by undoing or by
 *   hand; a redo is an edit. States are held as keyed 53-bit hashes that are never sent. Texts above 500,000
 *   UTF-16 units are not watched for reverts.
 * - A text that the host sets (`setValue`, another model) is no edit; it starts the history anew.
 * - What is going on is handed over when the page is hidden or left, before the SDK's own last flush, and when the
 *   editor is disposed of.
 * - Nothing is thrown into the editor, whatever `track`, `region` or the editor throws: see `onError`.
 */
export function attachInteractionCapture(
  editor: CaptureEditor,
  options: InteractionCaptureOptions,
): InteractionCapture {
  const { include, region = lineOf, clock = platformClock, key = randomKey() } = options;
  const { send, safely } = createSink(options);
  let model: CaptureModel | null = null;
  let lineCount = 0;
  let hashes: LineHashes = () => null;
  const now = () => clock.now();
  const detector = new RevertDetector({ now });
  const bursts = createEditBursts(clock, options.burstPauseMs ?? 1_000, (edit, ageMs) => {
    const { lineStart, lineEnd } = edit;
    if (ageMs === null) send('edit', edit);
    else send('revert', { lineStart, lineEnd, ageMs });
  });
  const focus = new CursorFocusTracker({
    now,
    minDwellMs: options.minDwellMs,
    onFocus({ file = nameOf(model), function: name, ...lines }) {
      send('cursor_focus', {
        ...lines,
        ...(include?.file && file !== undefined && { file }),
        ...(include?.function && name !== undefined && { function: name }),
      });
    },
  });

  function flush(): void {
    focus.flush();
    bursts.flush();
  }

  /** Another text: whatever is going on belongs to the one before. */
  function load(): void {
    flush();
    detector.reset(null);
    model = editor.getModel();
    if (model === null) return;
    lineCount = model.getLineCount();
    hashes = createLineHashes(key, model);
    detector.reset(hashes(1, 0));
  }

  function onCursor({ position, reason }: CursorChange): void {
    const current = model === null || reason === contentFlush ? null : region(position, model);
    if (current === null) focus.flush();
    else focus.move(current);
  }

  function onContent({ changes, isFlush, isEolChange, isRedoing }: ContentChange): void {
    if (isFlush) load();
    if (isFlush || isEolChange || model === null || changes.length === 0) return;
    const edit = measure(changes);
    const growth = model.getLineCount() - lineCount;
    lineCount += growth;
    const hash = hashes(edit.lineStart, edit.lineEnd);
    if (hash === null) detector.reset(null);
    const ageMs = hash === null ? null : detector.onEdit(hash);
    bursts.add({ ...edit, lineEnd: edit.lineEnd + Math.max(0, growth) }, isRedoing ? null : ageMs);
  }

  const takeAway: (() => void)[] = [];

  function guarded<Event>(handle: (event: Event) => void): (event: Event) => void {
    return (event) => safely('editor', () => handle(event));
  }

  /** Each by itself: an editor that cannot do one of them is followed in the others. */
  const listen = guarded((subscribe: () => Disposable) => {
    const subscription = subscribe();
    takeAway.push(() => subscription.dispose());
  });
  const safeFlush = guarded<void>(flush);
  const safeLoad = guarded<void>(load);

  function detach(): void {
    safeFlush();
    for (const step of takeAway.splice(0)) safely('editor', step);
  }

  safeLoad();
  listen(() => editor.onDidChangeCursorPosition(guarded(onCursor)));
  listen(() => editor.onDidChangeModelContent(guarded(onContent)));
  listen(() => editor.onDidChangeModel(safeLoad));
  listen(() => editor.onDidDispose(detach));
  listen(() => onPageExit(options.page ?? platformPage(), safeFlush));
  return { flush: safeFlush, detach };
}

/** Monaco's `CursorChangeReason.ContentFlush`. */
const contentFlush = 1;

/** The region that a position lies in where the host says nothing else. */
export function lineOf({ lineNumber }: Position): Region {
  return { lineStart: lineNumber, lineEnd: lineNumber };
}

function nameOf(model: CaptureModel | null): string | undefined {
  return model?.uri.path.split('/').pop();
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
