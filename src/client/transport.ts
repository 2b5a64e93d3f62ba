import { readRetryAfterMs } from './retry-after.js';
import type { Later } from './timers.js';

/** The part of a `Response` that is read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface HttpRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** A redirect would turn the POST into a GET or carry the token elsewhere: it is a refusal. */
  readonly redirect: 'manual';
  /** Browsers only. */
  readonly keepalive?: boolean;
  /** Browsers only. */
  readonly priority?: 'low';
}

/** The part of `fetch` that is used: the platform's own fits, and so does a plain function in a test. */
export type HttpFetch = (url: string, request: HttpRequest) => Promise<HttpAnswer>;

/** The token itself, or how to get a fresh one; asked for once per request. */
export type TokenSource = string | (() => string | Promise<string>);

/** What came of a request: the status of its answer, or why there is none. `closed`: it was not to be sent. */
export type Outcome = `http_${number}` | 'network' | 'timeout' | 'no_token' | 'closed';

export interface Exchange {
  readonly outcome: Outcome;
  /** Of the answer; empty where there is none. */
  readonly text: string;
  /** What `Retry-After` asks for; see `readRetryAfterMs`. */
  readonly waitMs: number;
}

export interface PostRequest {
  readonly url: string;
  /** Undefined: the request carries none, the far end knows its caller otherwise. */
  readonly token: TokenSource | undefined;
  readonly body: string;
  /** Besides `authorization` and `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What else `fetch` is told. */
  readonly fetchOptions?: Pick<HttpRequest, 'keepalive' | 'priority'>;
  /** Asked on the stack of `fetch`, with the token that goes along. Default: yes. */
  readonly maySend?: (token: string | undefined) => boolean;
}

export interface TransportDeps {
  readonly fetch: HttpFetch;
  readonly later: Later;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For one request, the token included. */
  readonly timeoutMs: number;
  /** Aborted: whatever is under way is given up. */
  readonly signal: AbortSignal;
}

/**
 * Posts JSON once. Settles within `timeoutMs`, or when the `signal` of the deps aborts, whatever `fetch` and `token`
 * do; never rejects. With a token that is there already, `fetch` is called on the caller's stack: a page that is being
 * left has no later.
 */
export function post(deps: TransportDeps, request: PostRequest): Promise<Exchange> {
  const { later, timeoutMs, signal: closed } = deps;
  return new Promise((resolve) => {
    const controller = new AbortController();
    const { signal } = controller;
    const end = (exchange: Exchange) => {
      cancelTimeout();
      resolve(exchange);
      // Ends the request, where it is still under way, and the listening to `closed`.
      controller.abort();
    };
    const fail = () => end(unanswered('network'));
    const cancelTimeout = later(() => end(unanswered('timeout')), timeoutMs);
    closed.addEventListener('abort', fail, { signal });
    exchange(deps, request, signal).then(end, fail);
  });
}

const unanswered = (outcome: Outcome): Exchange => ({ outcome, text: '', waitMs: 0 });

async function exchange(deps: TransportDeps, request: PostRequest, signal: AbortSignal): Promise<Exchange> {
  const { token: source, maySend } = request;
  // Without an `await` where there is nothing to wait for, so that `fetch` is called on this stack.
  const token = typeof source === 'function' ? await askToken(source) : source;
  if (source !== undefined && !token) return unanswered('no_token');
  // Given up meanwhile: nobody waits for the answer, so nothing is sent.
  if (signal.aborted || maySend?.(token) === false) return unanswered('closed');
  const answer = await deps.fetch(request.url, {
    method: 'POST',
    headers: {
      ...request.headers,
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: request.body,
    signal,
    redirect: 'manual',
    ...request.fetchOptions,
  });
  // Read to the end in any case: a browser frees the keepalive budget only then.
  const text = await answer.text();
  const waitMs = readRetryAfterMs(answer.headers.get('retry-after'), deps.now());
  return { outcome: `http_${answer.status}`, text, waitMs };
}

/** Undefined: there is none. */
async function askToken(source: () => string | Promise<string>): Promise<string | undefined> {
  try {
    return await source();
  } catch {
    return undefined;
  }
}
