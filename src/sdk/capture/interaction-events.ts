import { type CaptureTarget, createSink } from './sink.js';

/** How much a hint gives away: 3 is the most. */
export type HintRung = 1 | 2 | 3;

export interface InteractionEvents {
  /** `durationMs` may be a fraction, `exitCode` negative: they are sent as whole, unsigned 32-bit, numbers. */
  run(run: { readonly language: string; readonly exitCode: number; readonly durationMs?: number }): void;
  submit(submission: { readonly passed: boolean }): void;
  hintRequest(hint: { readonly rung: HintRung }): void;
  hintReceived(hint: { readonly rung: HintRung }): void;
}

/**
 * What happens around the editor: `run`, `submit`, `hint_request` and `hint_received`, with exactly the properties
 * that the catalogue declares, whatever else is in the objects given. None of them throws.
 *
 * ```ts
 * const events = createInteractionEvents({ track: tracker.track, entity: { type: 'episode', id } });
 * events.run({ language: 'python', exitCode: 1, durationMs: performance.now() - startedAt });
 * ```
 *
 * To have what was typed before a run told before the run, call `flush()` of the capture first.
 */
export function createInteractionEvents(target: CaptureTarget): InteractionEvents {
  const { send } = createSink(target);
  return {
    run({ language, exitCode, durationMs }) {
      const took = durationMs === undefined ? {} : { durationMs: Math.max(0, Math.floor(durationMs)) };
      send('run', { language, exitCode: exitCode >>> 0, ...took });
    },
    submit: ({ passed }) => send('submit', { passed }),
    hintRequest: ({ rung }) => send('hint_request', { rung }),
    hintReceived: ({ rung }) => send('hint_received', { rung }),
  };
}
