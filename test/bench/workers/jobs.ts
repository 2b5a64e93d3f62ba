import type { EventKind } from '../events.js';

/** Load over HTTP for a while. */
export interface HttpLoadJob {
  readonly port: number;
  /** Events of one request; null: `trackEvent`, a mutation for a single one. */
  readonly batch: number | null;
  readonly kind: EventKind;
  readonly connections: number;
  readonly rampMs: number;
  readonly measureMs: number;
  /** Stops after so many events where that comes first. */
  readonly maxEvents: number | null;
  /** Tokens of the visitors; all are used in turn. */
  readonly tokens: readonly string[];
}

export interface LoadResult {
  /** Events acknowledged in the measured time, per second. */
  readonly eventsPerSecond: number;
  /** Of one request, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** Events acknowledged from the first request to the last, measured or not. */
  readonly acknowledged: number;
  /** Answers that did not acknowledge everything; the first of them, shortened. */
  readonly refused: number;
  readonly firstRefusal: string | null;
  /** Share of one core that the client itself used. */
  readonly clientCpu: number;
}

/** One prepared INSERT of one row after the other, on so many connections. */
export interface InsertLoadJob {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly rampMs: number;
  readonly measureMs: number;
}

export interface ServeJob {
  readonly port: number;
}

export interface StepsJob {
  readonly rounds: number;
  readonly catalogueText: string;
  /** Folder of the embedded development key. */
  readonly dataDir: string;
}

export interface StepCost {
  readonly name: string;
  /** Microseconds per event, one for each round. */
  readonly micros: readonly number[];
}

/** What each worker is asked and answers. */
export interface Workers {
  'http-load': { job: HttpLoadJob; result: LoadResult };
  'insert-load': { job: InsertLoadJob; result: LoadResult };
  'echo-server': { job: ServeJob; result: number };
  'yoga-server': { job: ServeJob; result: number };
  steps: { job: StepsJob; result: readonly StepCost[] };
}
