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
  /** Browsers only. */
  readonly keepalive?: boolean;
  /** Browsers only. */
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  /** Browsers only. */
  readonly priority?: 'low';
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
  /** Undefined: the request carries none, the far end knows its caller otherwise. */
  readonly token?: TokenSource | undefined;
  /** Besides `authorization` and `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
  /** For the whole of it: getting the token, the request, and reading the answer. */
  readonly timeoutMs: number;
  /** Gives up at once, as a `network` failure. */
  readonly signal?: AbortSignal;
  /** What else `fetch` is to be told. */
  readonly init?: Pick<HttpRequest, 'keepalive' | 'credentials' | 'priority'>;
}

export interface TransportDeps {
  readonly fetch: HttpFetch;
  readonly timers: Timers;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The platform's `fetch`, looked up when it is called: one that is instrumented later is used. */
export const platformFetch: HttpFetch = (url, request) => globalThis.fetch(url, request);

const failed = (reason: 'network' | 'timeout' | 'token_unavailable'): Exchange => ({
  kind: 'failure',
  reason,
});

/**
 * Posts JSON once. Never rejects and always settles within `timeoutMs`, even when the token source or `fetch`
 * hangs, throws, or does not listen to its signal. With a token that is there already, `fetch` is called on
 * the caller's stack: a page that is being left has no later.
 */
export function post({ fetch, timers, now }: TransportDeps, request: PostRequest): Promise<Exchange> {
  return within(timers, request.timeoutMs, request.signal, async (signal) => {
    let token: unknown = request.token;
    if (typeof token === 'function') {
      try {
        token = await token();
      } catch {
        token = '';
      }
      // Timed out meanwhile: nobody waits for the answer, so nothing is sent.
      if (signal.aborted) return failed('timeout');
    }
    const headers: Record<string, string> = { ...request.headers, 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    else if (request.token !== undefined) return failed('token_unavailable');
    const answer = await fetch(request.url, {
      method: 'POST',
      headers,
      body: request.body,
      signal,
      redirect: 'manual',
      ...request.init,
    });
    const retryAfterMs = readRetryAfterMs(answer.headers.get('retry-after'), now());
    // Read to the end in any case: a browser frees the keepalive budget only then.
    return { kind: 'answer', status: answer.status, text: await answer.text(), retryAfterMs };
  });
}

/** Runs `work` for `timeoutMs` at most, or until `given` aborts; a rejection is a `network` failure. */
export function within(
  timers: Timers,
  timeoutMs: number,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Exchange>,
): Promise<Exchange> {
  const controller = new AbortController();
  const { signal } = controller;
  return new Promise((resolve) => {
    const end = (exchange: Exchange) => {
      timer.cancel();
      resolve(exchange);
      controller.abort();
    };
    const timer = timers.start(() => end(failed('timeout')), timeoutMs);
    const broken = () => end(failed('network'));
    given?.addEventListener('abort', broken, { signal });
    work(signal).then(end, broken);
  });
}
