'use client';

import type { CaptureEditor, InteractionCapture } from '../sdk/capture/index.js';
import { useTracker } from './context.js';
import { type UseInteractionCaptureOptions, useEditorCapture } from './editor-capture.js';

export type { UseInteractionCaptureOptions } from './editor-capture.js';

/**
 * Captures the interaction with an editor for as long as the component is mounted, and tells the tracker of the
 * context: see `attachInteractionCapture` for what is told and what never is.
 *
 * ```tsx
 * const [editor, setEditor] = useState<CaptureEditor | null>(null);
 * const { flush } = useInteractionCapture(editor, { entity: { type: 'episode', id: episodeId } });
 * return <MonacoEditor onMount={setEditor} onRun={() => { flush(); run(); }} />;
 * ```
 *
 * - While `editor` is null nothing happens; another editor is followed from then on.
 * - A changed `entity`, `route` or number hands over what is going on under the old one first. Options may be new
 *   objects at every render: they are compared by what is in them, and functions may change freely.
 * - Everything is made in the effect and taken away in its clean-up, so StrictMode's second mount has a capture of
 *   its own. Nothing is done on the server, and no render is caused.
 *
 * `flush` hands over what is going on now, for instance before a run; it stays the same function.
 */
export function useInteractionCapture(
  editor: CaptureEditor | null | undefined,
  options: UseInteractionCaptureOptions = {},
): Pick<InteractionCapture, 'flush'> {
  return useEditorCapture(useTracker(), editor, options);
}
