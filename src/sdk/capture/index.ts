/** Interaction capture for code editors: no framework, no dependency, no text. */
export {
  attachInteractionCapture,
  type InteractionCapture,
  type InteractionCaptureOptions,
} from './attach.js';
export type { CaptureClock } from './clock.js';
export {
  type CursorFocus,
  type CursorFocusOptions,
  CursorFocusTracker,
  type Region,
} from './cursor-focus.js';
export type {
  CaptureEditor,
  CaptureModel,
  ContentChange,
  CursorChange,
  Disposable,
  Position,
} from './editor.js';
export { createInteractionEvents, type HintRung, type InteractionEvents } from './interaction-events.js';
export type { CapturePage } from './page.js';
export { RevertDetector, type RevertDetectorOptions } from './revert-detector.js';
export type { CaptureProblem, CaptureTarget, InteractionDetails, InteractionProperties } from './sink.js';
export { createTextHash, type HashKey } from './text-hash.js';
