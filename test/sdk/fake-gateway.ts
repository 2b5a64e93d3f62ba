import type { HttpAnswer, HttpFetch, HttpRequest } from '../../src/client/transport.js';
import { retryableReasons, type TrackBatchInput, type TrackResult } from '../../src/contract/index.js';

export type Verdict = Partial<Pick<TrackResult, 'status' | 'reason' | 'retryAfterMs'>>;

/** What the far end does with one request. */
export type Behaviour =
  | { readonly kind: 'store' }
  | { readonly kind: 'store-and-lose-the-answer' }
  | { readonly kind: 'network-error' }
  | { readonly kind: 'throw-at-once' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | {
      readonly kind: 'graphql-error';
      readonly code?: string;
      readonly retryAfterMs?: number;
      /** `absent`: the operation was not executed. Default `null`. */
      readonly data?: 'null' | 'absent';
      readonly status?: number;
    }
  | { readonly kind: 'garbage'; readonly text: string }
  | { readonly kind: 'mixed'; readonly verdicts: readonly Verdict[] }
  /** Refuses a batch in which there is an event with this text, stores every other. */
  | { readonly kind: 'poison'; readonly marker: string; readonly refusal: Behaviour };

export interface SeenRequest {
  readonly url: string;
  readonly request: HttpRequest;
  readonly bytes: number;
  /** Of the batch: the variable `input`, or the body of `POST /v1/events`. */
  readonly input: TrackBatchInput;
}

export interface FakeGateway {
  readonly fetch: HttpFetch;
  readonly seen: SeenRequest[];
  /** Ids stored so far. */
  readonly stored: Set<string>;
  /** Ids that came again after their final answer was received. */
  readonly repeated: string[];
  /** The most bytes that the tracker had under way, or tried to, with `keepalive`. */
  mostKeepaliveBytes(): number;
  /** Requests that have begun and not ended. */
  open(): number;
  mostOpen(): number;
  /** Timers of its own that run. */
  timers(): number;
}

export interface GatewayOptions {
  /** Used up one behaviour per request. */
  readonly plan?: readonly Behaviour[];
  /** What is done when the plan is used up. Default: store. */
  readonly otherwise?: Behaviour;
  /** From the request to the answer, and from its head to the end of its body. Default 0: no timer at all. */
  readonly latencyMs?: number;
  /** Bytes of somebody else's beacons, for ever under way. */
  readonly foreignKeepaliveBytes?: number;
  /** Called on the stack of every `fetch`. */
  readonly onRequest?: (request: SeenRequest) => void;
}

/** Most bytes of all keepalive requests of a page together (Fetch standard, "HTTP-network-or-cache fetch"). */
const keepaliveQuota = 65_536;

/** A GraphQL gateway in memory, which also keeps a browser's rule for `keepalive`. */
export function createFakeGateway({
  plan = [],
  otherwise = { kind: 'store' },
  latencyMs = 0,
  foreignKeepaliveBytes = 0,
  onRequest,
}: GatewayOptions = {}): FakeGateway {
  const todo = [...plan];
  const seen: SeenRequest[] = [];
  const stored = new Set<string>();
  const settled = new Set<string>();
  const repeated: string[] = [];
  let keepaliveBytes = 0;
  let mostKeepaliveBytes = 0;
  let open = 0;
  let mostOpen = 0;
  let timers = 0;

  function delay(signal: AbortSignal): Promise<void> {
    if (latencyMs === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      timers += 1;
      const end = (settle: () => void) => () => {
        clearTimeout(handle);
        signal.removeEventListener('abort', broken);
        timers -= 1;
        settle();
      };
      const handle = setTimeout(
        end(() => resolve()),
        latencyMs,
      );
      const broken = end(() => reject(new TypeError('aborted')));
      signal.addEventListener('abort', broken);
    });
  }

  async function exchange(given: SeenRequest, behaviour: Behaviour, free: () => void): Promise<HttpAnswer> {
    const { signal, keepalive } = given.request;
    try {
      if (keepalive && keepaliveBytes + foreignKeepaliveBytes > keepaliveQuota) {
        throw new TypeError('Failed to fetch');
      }
      await delay(signal);
      const reply = await act(behaviour, given, stored);
      const body = async () => {
        try {
          await delay(signal);
          if (signal.aborted) throw new TypeError('aborted');
          for (const id of reply.final) settled.add(id);
          return reply.text;
        } finally {
          free();
        }
      };
      return {
        status: reply.status,
        headers: { get: (name) => (name === 'retry-after' ? reply.retryAfter : null) },
        text: body,
      };
    } catch (error) {
      free();
      throw error;
    }
  }

  return {
    seen,
    stored,
    repeated,
    mostKeepaliveBytes: () => mostKeepaliveBytes,
    open: () => open,
    mostOpen: () => mostOpen,
    timers: () => timers,
    fetch: (url, request) => {
      const body = JSON.parse(request.body);
      const bytes = new TextEncoder().encode(request.body).length;
      const given: SeenRequest = { url, request, bytes, input: body.variables?.input ?? body };
      seen.push(given);
      onRequest?.(given);
      repeated.push(...idsOf(given).filter((id) => settled.has(id)));
      const behaviour = resolve(todo.shift() ?? otherwise, request.body);
      if (behaviour.kind === 'throw-at-once') throw new TypeError('no such host');
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      const counted = request.keepalive ? bytes : 0;
      keepaliveBytes += counted;
      mostKeepaliveBytes = Math.max(mostKeepaliveBytes, keepaliveBytes);
      return exchange(given, behaviour, () => {
        open -= 1;
        keepaliveBytes -= counted;
      });
    },
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  /** Ids to which this is the final answer. */
  readonly final: readonly string[];
}

const idsOf = ({ input }: SeenRequest) => input.events.map((event) => event.clientEventId ?? '');

function resolve(behaviour: Behaviour, body: string): Behaviour {
  if (behaviour.kind !== 'poison') return behaviour;
  return body.includes(behaviour.marker) ? behaviour.refusal : { kind: 'store' };
}

/** What would not be tried again: for a code or a status by itself, whatever the batch. */
const finalCodes = new Set<string | undefined>(['UNAUTHENTICATED', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']);
const finalStatuses = new Set([301, 401, 403, 404]);

async function act(behaviour: Behaviour, given: SeenRequest, stored: Set<string>): Promise<Reply> {
  const ids = idsOf(given);
  const store = (id: string): Verdict => {
    const status = stored.has(id) ? 'DUPLICATE' : 'ACCEPTED';
    stored.add(id);
    return { status, reason: null, retryAfterMs: null };
  };
  switch (behaviour.kind) {
    case 'store':
      return results(given, ids.map(store));
    case 'store-and-lose-the-answer':
      ids.map(store);
      throw new TypeError('Failed to fetch');
    case 'hang':
      return new Promise((_, reject) => {
        given.request.signal.addEventListener('abort', () => reject(new TypeError('aborted')));
      });
    case 'status': {
      const { status, retryAfter = null } = behaviour;
      return { status, retryAfter, text: 'no JSON', final: finalStatuses.has(status) ? ids : [] };
    }
    case 'graphql-error': {
      const { code, retryAfterMs, data = 'null', status = 200 } = behaviour;
      const errors = [{ message: 'refused', extensions: { code, retryAfterMs } }];
      const text = JSON.stringify(data === 'null' ? { errors, data: null } : { errors });
      return { status, retryAfter: null, text, final: finalCodes.has(code) ? ids : [] };
    }
    case 'garbage':
      return { status: 200, retryAfter: null, text: behaviour.text, final: [] };
    case 'mixed': {
      const { verdicts } = behaviour;
      return results(
        given,
        ids.map((id, index) => {
          const verdict = verdicts[index % verdicts.length];
          return verdict === undefined || verdict.status === 'ACCEPTED' ? store(id) : verdict;
        }),
      );
    }
    default:
      throw new TypeError('Failed to fetch');
  }
}

function results(given: SeenRequest, verdicts: readonly Verdict[]): Reply {
  const ids = idsOf(given);
  const payload = { results: verdicts.map((verdict, index) => ({ clientEventId: ids[index], ...verdict })) };
  const again: readonly unknown[] = retryableReasons;
  return {
    status: 200,
    retryAfter: null,
    text: JSON.stringify(
      given.request.body.startsWith('{"query"') ? { data: { trackEvents: payload } } : payload,
    ),
    final: ids.filter((_, index) => !again.includes(verdicts[index]?.reason)),
  };
}
