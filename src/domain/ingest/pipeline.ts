import type { TrackEventInput } from '../../contract/index.js';
import type { Call } from './call.js';
import { isRefusal, type Refusal } from './refusal.js';

/** An event as it was sent, before any step has looked at it. */
export interface SentEvent {
  readonly input: TrackEventInput;
}

/**
 * One rule of the privacy policy: it refuses an event, or says what it has found out about it. `Needs` is what
 * earlier steps must have found out. A step never throws for an expected refusal.
 */
export interface Step<Needs extends object, Gives extends object> {
  readonly name: string;
  readonly run: (event: Needs, call: Call) => Gives | Refusal;
}

/** What a step finds out that only lets pass or refuses. */
export type Nothing = Readonly<Record<never, never>>;
export const nothing: Nothing = Object.freeze({});

/** A finished list of steps: what it lets pass has every field of `Checked`. */
export interface Checks<Checked extends object> {
  /** One by one, for docs and for measuring. */
  readonly steps: readonly Step<never, object>[];
  /** Runs the steps in their order; the first refusal ends the event. */
  readonly run: (input: TrackEventInput, call: Call) => Checked | Refusal;
}

/** A list of steps that is being written. */
export interface Pipeline<Checked extends object> extends Checks<Checked> {
  /** Adds a step. It compiles only where the steps before it have found out what it needs. */
  and<Gives extends object>(step: Step<Checked, Gives>): Pipeline<Checked & Gives>;
}

/**
 * Begins a list of steps. The compiler keeps its order: a step that is missing or stands too early is an error where
 * its result is needed, and not an empty field in a row.
 */
export function startPipeline(): Pipeline<SentEvent> {
  return pipelineOf<SentEvent>([]);
}

function pipelineOf<Checked extends object>(steps: readonly Step<never, object>[]): Pipeline<Checked> {
  return {
    steps,
    and: (step) => pipelineOf([...steps, step]),
    run(input, call) {
      const event: object = { input };
      for (const step of steps) {
        const outcome = step.run(event as never, call);
        if (isRefusal(outcome)) return outcome;
        Object.assign(event, outcome);
      }
      // Every step has given its part: that is what `and` has added up in the type.
      return event as Checked;
    },
  };
}
