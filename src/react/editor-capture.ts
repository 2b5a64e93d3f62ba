import { useEffect, useRef, useState } from 'react';
import { attachInteractionCapture, lineOf } from '../sdk/capture/attach.js';
import type { CaptureEditor, InteractionCapture, InteractionCaptureOptions } from '../sdk/capture/index.js';

export interface UseInteractionCaptureOptions
  extends Pick<
    InteractionCaptureOptions,
    'entity' | 'route' | 'include' | 'region' | 'minDwellMs' | 'burstPauseMs' | 'onError'
  > {}

/** `useInteractionCapture` on a tracker that is given, instead of that of the context. */
export function useEditorCapture(
  tracker: Pick<InteractionCaptureOptions, 'track'>,
  editor: CaptureEditor | null | undefined,
  options: UseInteractionCaptureOptions,
): Pick<InteractionCapture, 'flush'> {
  const capture = useRef<InteractionCapture | null>(null);
  const [handle] = useState(() => ({ flush: () => capture.current?.flush() }));

  const functions = useRef(options);
  useEffect(() => {
    functions.current = options;
  });

  const { entity, route, include, minDwellMs, burstPauseMs } = options;
  const { type, id } = entity ?? {};
  const [withFile, withFunction] = [include?.file === true, include?.function === true];
  useEffect(() => {
    if (!editor) return;
    const attached = attachInteractionCapture(editor, {
      track: (eventType, details) => tracker.track(eventType, details),
      entity: type === undefined || id === undefined ? undefined : { type, id },
      route,
      include: { file: withFile, function: withFunction },
      region: (position, model) => (functions.current.region ?? lineOf)(position, model),
      minDwellMs,
      burstPauseMs,
      onError: (problem) => functions.current.onError?.(problem),
    });
    capture.current = attached;
    return () => {
      capture.current = null;
      attached.detach();
    };
  }, [editor, tracker, type, id, route, withFile, withFunction, minDwellMs, burstPauseMs]);

  return handle;
}
