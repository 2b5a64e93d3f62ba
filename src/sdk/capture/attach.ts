import { type CaptureClock, platformClock } from './clock.js';
import { type CursorFocus, CursorFocusTracker, type Region } from './cursor-focus.js';
import { createEditWatch } from './edit-watch.js';
import type { CaptureEditor, CaptureModel, ContentChange, CursorChange, Position } from './editor.js';
import { type CapturePage, onPageExit, platformPage } from './page.js';
import { type CaptureTarget, createSink, type InteractionProperties } from './sink.js';
import { createSubscriptions } from './subscriptions.js';
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
  const { region = lineOf, clock = platformClock, key = randomKey(), burstPauseMs = 1_000 } = options;
  const { send, safely } = createSink(options);
  const subscriptions = createSubscriptions(safely);
  let model: CaptureModel | null = null;
  const focus = new CursorFocusTracker({
    now: () => clock.now(),
    minDwellMs: options.minDwellMs,
    onFocus: (visit) => send('cursor_focus', focusProperties(visit, model, options.include)),
  });
  const edits = createEditWatch({
    clock,
    key,
    burstPauseMs,
    report(edit, ageMs) {
      const { lineStart, lineEnd } = edit;
      if (ageMs === null) send('edit', edit);
      else send('revert', { lineStart, lineEnd, ageMs });
    },
  });

  function flush(): void {
    focus.flush();
    edits.flush();
  }

  /** Another text: whatever is going on belongs to the one before. */
  function load(): void {
    flush();
    model = null;
    edits.load(null);
    model = editor.getModel();
    edits.load(model);
  }

  function onCursor({ position, reason }: CursorChange): void {
    const current = model === null || reason === contentFlush ? null : region(position, model);
    if (current === null) focus.flush();
    else focus.move(current);
  }

  function onContent(change: ContentChange): void {
    if (change.isFlush) load();
    else edits.changed(change);
  }

  const { guarded } = subscriptions;
  const safeFlush = guarded<void>(flush);
  const safeLoad = guarded<void>(load);

  function detach(): void {
    safeFlush();
    subscriptions.end();
  }

  safeLoad();
  subscriptions.add(() => editor.onDidChangeCursorPosition(guarded(onCursor)));
  subscriptions.add(() => editor.onDidChangeModelContent(guarded(onContent)));
  subscriptions.add(() => editor.onDidChangeModel(safeLoad));
  subscriptions.add(() => editor.onDidDispose(detach));
  subscriptions.add(() => onPageExit(options.page ?? platformPage(), safeFlush));
  return { flush: safeFlush, detach };
}

/** Monaco's `CursorChangeReason.ContentFlush`. */
const contentFlush = 1;

/** The region that a position lies in where the host says nothing else. */
export function lineOf({ lineNumber }: Position): Region {
  return { lineStart: lineNumber, lineEnd: lineNumber };
}

/** Names go along only where `include` says so. */
function focusProperties(
  { file, function: name, ...lines }: CursorFocus,
  model: CaptureModel | null,
  include: InteractionCaptureOptions['include'],
): InteractionProperties {
  const fileName = file ?? model?.uri.path.split('/').pop();
  return {
    ...lines,
    ...(include?.file && fileName !== undefined && { file: fileName }),
    ...(include?.function && name !== undefined && { function: name }),
  };
}
