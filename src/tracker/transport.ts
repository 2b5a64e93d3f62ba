import { readRetryAfterMs } from './backoff.js';
import type { Timers } from './timers.js';

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
}

/** The part of `fetch` that is used: the platform's own fits, and so does a plain function in a test. */
export type HttpFetch = (url: string, request: HttpRequest) => Promise<HttpAnswer>;

/** The token itself, or how to get a fresh one; asked for once per request. */
export type TokenSource = string | (() => string | Promise<string>);

/** What came of one request, before anybody looked into the answer. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly text: string;
      /** From `Retry-After`; null without one. */
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'failure'; readonly reason: 'network' | 'timeout' | 'token_unavailable' };

export interface PostRequest {
  readonly url: string;
  readonly token: TokenSource;
  /** Besides `authorization` and `content-type`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole of it: getting the token, the request, and reading the answer. */
  readonly timeoutMs: number;
  /** Gives up at once, as a `network` failure. */
  readonly signal?: AbortSignal;
}

export interface TransportDeps {
  readonly fetch: HttpFetch;
  readonly timers: Timers;
  readonly clock: { now(): Date };
}

/** The platform's `fetch`, looked up when it is called: one that is instrumented later is used. */
export const platformFetch: HttpFetch = (url, request) => globalThis.fetch(url, request);

/**
 * Posts JSON once. Never rejects and always settles within `timeoutMs`, even when the token source or `fetch`
 * hangs, throws, or does not listen to its signal.
 */
export function post(deps: TransportDeps, request: PostRequest): Promise<Exchange> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const settle = (exchange: Exchange) => {
      timer.cancel();
      request.signal?.removeEventListener('abort', giveUp);
      resolve(exchange);
    };
    const giveUp = () => {
      settle({ kind: 'failure', reason: 'network' });
      controller.abort();
    };
    const timer = deps.timers.start(() => {
      settle({ kind: 'failure', reason: 'timeout' });
      controller.abort();
    }, request.timeoutMs);
    request.signal?.addEventListener('abort', giveUp);
    exchangeOnce(deps, request, controller.signal).then(settle, () =>
      settle({ kind: 'failure', reason: 'network' }),
    );
  });
}

async function exchangeOnce(
  deps: TransportDeps,
  request: PostRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  const token = await readToken(request.token);
  if (token === null) return { kind: 'failure', reason: 'token_unavailable' };
  // Timed out while the token was fetched: nobody waits for the answer, so nothing is sent.
  if (signal.aborted) return { kind: 'failure', reason: 'timeout' };
  const answer = await deps.fetch(request.url, {
    method: 'POST',
    headers: { ...request.headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: request.body,
    signal,
    redirect: 'manual',
  });
  const retryAfterMs = readRetryAfterMs(answer.headers.get('retry-after'), deps.clock.now());
  return { kind: 'answer', status: answer.status, text: await answer.text(), retryAfterMs };
}

async function readToken(source: TokenSource): Promise<string | null> {
  try {
    const token = typeof source === 'string' ? source : await source();
    return typeof token === 'string' && token !== '' ? token : null;
  } catch {
    return null;
  }
}
