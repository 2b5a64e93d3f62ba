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
export interface Exchange {
  /** Of HTTP, or why there is no answer. */
  readonly status: number | 'network' | 'timeout' | 'token_unavailable';
  readonly text: string;
  /** From `Retry-After`; null without one. */
  readonly retryAfterMs: number | null;
}

export interface PostRequest {
  readonly url: string;
  /** Undefined: the request carries none, the far end knows its caller otherwise. */
  readonly token?: TokenSource | undefined;
  /** Besides `authorization` and `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
  /** What else `fetch` is to be told. */
  readonly init?: Pick<HttpRequest, 'keepalive' | 'credentials' | 'priority'>;
}

export interface TransportDeps {
  readonly fetch: HttpFetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The platform's `fetch`, looked up when it is called: one that is instrumented later is used. */
export const platformFetch: HttpFetch = (url, request) => globalThis.fetch(url, request);

const failed = (status: Exchange['status']): Exchange => ({ status, text: '', retryAfterMs: null });

/**
 * Runs one exchange: settles within `timeoutMs`, or when `given` aborts, whatever `work` does; never rejects. A
 * rejection is a `network` failure.
 */
export function within(
  timers: Timers,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Exchange>,
  given?: AbortSignal,
): Promise<Exchange> {
  const controller = new AbortController();
  const { signal } = controller;
  return new Promise((resolve) => {
    const end = (exchange: Exchange) => {
      timer.cancel();
      resolve(exchange);
      controller.abort();
    };
    const broken = () => end(failed('network'));
    const timer = timers.start(() => end(failed('timeout')), timeoutMs);
    given?.addEventListener('abort', broken, { signal });
    work(signal).then(end, broken);
  });
}

/**
 * Posts JSON once; rejects where `fetch` does. With a token that is there already, `fetch` is called on the
 * caller's stack: a page that is being left has no later.
 */
export async function post(
  { fetch, now }: TransportDeps,
  { url, token, headers, body, init }: PostRequest,
  signal: AbortSignal,
): Promise<Exchange> {
  let known: unknown = token;
  if (typeof token === 'function') {
    try {
      known = await token();
    } catch {
      known = '';
    }
  }
  if (token !== undefined && !known) return failed('token_unavailable');
  // Given up meanwhile: nobody waits for the answer, so nothing is sent.
  signal.throwIfAborted();
  const auth = known ? { authorization: `Bearer ${known}` } : {};
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', ...auth },
    body,
    signal,
    redirect: 'manual',
    ...init,
  });
  return {
    status: answer.status,
    retryAfterMs: readRetryAfterMs(answer.headers.get('retry-after'), now()),
    // Read to the end in any case: a browser frees the keepalive budget only then.
    text: await answer.text(),
  };
}
