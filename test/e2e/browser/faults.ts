import type { IncomingHttpHeaders } from 'node:http';

/** What the way to the gateway does with one request. */
export type Fault =
  | 'pass'
  /** Never answers. */
  | 'hang'
  /** Drops the connection; the gateway never hears of the request. */
  | 'cut before'
  /** Drops the connection once the gateway has answered. */
  | 'cut after'
  /** Passes on every other event and says of the rest that they were RATE_LIMITED. */
  | 'half'
  | { readonly status: number; readonly retryAfter?: string };

/** One request of a page, as it arrived. */
export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A way to the gateway whose faults a test chooses. */
export interface Way {
  /** For the next requests, one each; what was chosen before is forgotten. */
  next(...faults: readonly Fault[]): void;
  /** For all requests that `next` says nothing about. */
  always(fault: Fault): void;
  /** Every request so far. */
  readonly seen: readonly Seen[];
}

export interface WayKeeper extends Way {
  /** Notes a request and tells what is to become of it. */
  take(request: Seen): Fault;
}

export function createWay(): WayKeeper {
  let coming: Fault[] = [];
  let otherwise: Fault = 'pass';
  const seen: Seen[] = [];
  return {
    seen,
    next: (...faults) => {
      coming = [...faults];
    },
    always: (fault) => {
      coming = [];
      otherwise = fault;
    },
    take(request) {
      seen.push(request);
      return coming.shift() ?? otherwise;
    },
  };
}

interface Batch {
  readonly variables: { readonly input: { readonly events: readonly unknown[] } };
}

/** Halves a batch: what is to be passed on, and how the answer to it becomes the answer to the whole. */
export function halve(body: string): { readonly passed: string; whole(answer: string): string } {
  const batch = JSON.parse(body) as Batch;
  const { events } = batch.variables.input;
  const isPassed = (index: number): boolean => index % 2 === 0;
  const half = events.filter((_event, index) => isPassed(index));
  const input = { ...batch.variables.input, events: half };
  return {
    passed: JSON.stringify({ ...batch, variables: { ...batch.variables, input } }),
    whole(answer) {
      const parsed = JSON.parse(answer) as { data: { trackEvents: { results: unknown[] } } };
      // In the order of the events.
      const told = [...parsed.data.trackEvents.results];
      const limited = { status: 'DROPPED', reason: 'RATE_LIMITED', retryAfterMs: 50 };
      const results = events.map((_event, index) => (isPassed(index) ? told.shift() : limited));
      return JSON.stringify({ data: { trackEvents: { results } } });
    },
  };
}
