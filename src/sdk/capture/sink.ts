/** What capture says of an interaction: numbers, truth values and, where asked for, names. Never text. */
export type InteractionProperties = Readonly<Record<string, number | string | boolean>>;

export interface InteractionDetails {
  readonly properties: InteractionProperties;
  readonly entity?: { readonly type: string; readonly id: string };
  readonly route?: string;
}

/** `track`: what was handed to `track` may be lost. `editor`: the editor, or `region`, threw; one event was missed. */
export type CaptureProblem = 'track' | 'editor';

export interface CaptureTarget {
  /** Where events go: `track` of a tracker, or anything like it. */
  track(eventType: string, details: InteractionDetails): unknown;
  /** What is being worked on: goes with every event. */
  readonly entity?: { readonly type: string; readonly id: string } | undefined;
  /** A route template such as `/play/[id]`: goes with every event. */
  readonly route?: string | undefined;
  /** Hears that something threw, not what: an error may quote text. May throw without consequence. */
  readonly onError?: ((problem: CaptureProblem) => unknown) | undefined;
}

export interface Sink {
  send(eventType: string, properties: InteractionProperties): void;
  /** Runs what may throw; the host's editor never sees that. */
  safely(problem: CaptureProblem, work: () => void): void;
}

export function createSink(target: CaptureTarget): Sink {
  const { entity, route } = target;
  const context = { ...(entity && { entity }), ...(route !== undefined && { route }) };

  function safely(problem: CaptureProblem, work: () => void): void {
    try {
      work();
    } catch {
      try {
        target.onError?.(problem);
      } catch {
        // Whoever cannot hear of a problem is not told of it.
      }
    }
  }

  return {
    safely,
    send: (eventType, properties) =>
      safely('track', () => {
        target.track(eventType, { properties, ...context });
      }),
  };
}
