import { setTimeout as realDelay } from 'node:timers/promises';
import type { TrackBatchInput, TrackResult } from '../../src/contract/index.js';
import type { HttpAnswer, HttpFetch } from '../../src/node-client/index.js';

/** What the far end does with one request. */
export type Behaviour =
  | { readonly kind: 'store' }
  | { readonly kind: 'store-and-lose-the-answer' }
  | { readonly kind: 'network-error' }
  | { readonly kind: 'throw-at-once' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly code?: string }
  | { readonly kind: 'garbage'; readonly text: string }
  | {
      readonly kind: 'mixed';
      readonly verdicts: readonly Pick<TrackResult, 'status' | 'reason' | 'retryAfterMs'>[];
    };

export interface SeenRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly body: TrackBatchInput;
}

export interface FakeSignals {
  readonly fetch: HttpFetch;
  readonly seen: SeenRequest[];
  /** Ids stored so far. */
  readonly stored: Set<string>;
  /** Requests that have begun and not ended. */
  open(): number;
  /** The most that were open at once. */
  mostOpen(): number;
}

/** A far end in memory: `plan` is used up one behaviour per request, after that everything is stored. */
export function createFakeSignals(plan: readonly Behaviour[] = []): FakeSignals {
  const todo = [...plan];
  const seen: SeenRequest[] = [];
  const stored = new Set<string>();
  let open = 0;
  let mostOpen = 0;
  return {
    seen,
    stored,
    open: () => open,
    mostOpen: () => mostOpen,
    fetch: (url, request) => {
      const body: TrackBatchInput = JSON.parse(request.body);
      seen.push({ url, headers: request.headers, bytes: Buffer.byteLength(request.body), body });
      const behaviour = todo.shift() ?? { kind: 'store' };
      if (behaviour.kind === 'throw-at-once') throw new TypeError('no such host');
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      return act(behaviour, body, stored, request.signal).finally(() => {
        open -= 1;
      });
    },
  };
}

async function act(
  behaviour: Behaviour,
  body: TrackBatchInput,
  stored: Set<string>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  switch (behaviour.kind) {
    case 'store':
      return answer(202, { results: store(body, stored) });
    case 'store-and-lose-the-answer':
      store(body, stored);
      throw new TypeError('socket hang up');
    case 'hang':
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new TypeError('aborted')));
      });
    case 'status':
      return answer(
        behaviour.status,
        { error: { code: behaviour.code ?? 'NOT_IN_THE_TABLE' } },
        behaviour.retryAfter,
      );
    case 'garbage':
      return { ...answer(202, null), text: async () => behaviour.text };
    case 'mixed':
      return answer(202, {
        results: body.events.map((event, index) => verdict(behaviour, event, index, stored)),
      });
    default:
      throw new TypeError('connection refused');
  }
}

function store(body: TrackBatchInput, stored: Set<string>): Partial<TrackResult>[] {
  return body.events.map((event) => {
    const id = event.clientEventId ?? '';
    const status = stored.has(id) ? 'DUPLICATE' : 'ACCEPTED';
    stored.add(id);
    return { clientEventId: id, status, reason: null };
  });
}

function verdict(
  behaviour: Extract<Behaviour, { kind: 'mixed' }>,
  event: TrackBatchInput['events'][number],
  index: number,
  stored: Set<string>,
): Partial<TrackResult> {
  const chosen = behaviour.verdicts[index % behaviour.verdicts.length];
  if (chosen === undefined || chosen.status === 'ACCEPTED') {
    return store({ events: [event] }, stored)[0] ?? {};
  }
  return { clientEventId: event.clientEventId ?? '', ...chosen };
}

function answer(status: number, body: unknown, retryAfter?: string): HttpAnswer {
  return {
    status,
    headers: { get: (name) => (name === 'retry-after' ? (retryAfter ?? null) : null) },
    text: async () => JSON.stringify(body),
  };
}

/** Waits in real time until the condition holds; for tests against real sockets. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await realDelay(5);
}
