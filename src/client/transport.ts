import { readRetryAfterMs } from './backoff.js';
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

/** Makes of an answer what the caller wants. `waitMs`: what `Retry-After` asks for; see `readRetryAfterMs`. */
export type Reader<T> = (outcome: Outcome, text: string, waitMs: number) => T;

/** What else `fetch` is told. */
export interface PostOptions extends Pick<HttpRequest, 'keepalive' | 'priority'> {
  /** Besides `authorization` and `content-type`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
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
 * Posts JSON once and gives the answer to `read`, which must not throw. Settles within `timeoutMs`, or when the
 * `signal` of the deps aborts, whatever `fetch` and `token` do; never rejects. `token` undefined: the request carries none, the far end knows its caller otherwise. With a token that
 * is there already, `fetch` is called on the caller's stack: a page that is being left has no later. `mayLeave`
 * is asked on the stack of `fetch`, with the token that goes along.
 */
export function post<T>(
  { fetch, later, now, timeoutMs, signal: closed }: TransportDeps,
  url: string,
  token: TokenSource | undefined,
  body: string,
  read: Reader<T>,
  mayLeave: (token: string | undefined) => boolean,
  { headers, ...options }: PostOptions,
): Promise<T> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const { signal } = controller;
    const end = (outcome: Outcome, text = '', waitMs = 0) => {
      cancel();
      resolve(read(outcome, text, waitMs));
      controller.abort();
    };
    const broken = () => end('network');
    const send = async () => {
      let known: string | undefined;
      try {
        known = typeof token === 'function' ? await token() : token;
      } catch {
        // The same as none.
      }
      if (!known && token !== undefined) return end('no_token');
      // Given up meanwhile: nobody waits for the answer, so nothing is sent.
      if (signal.aborted || !mayLeave(known)) return end('closed');
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          ...(known && { authorization: `Bearer ${known}` }),
        },
        body,
        signal,
        redirect: 'manual',
        ...options,
      });
      // Read to the end in any case: a browser frees the keepalive budget only then.
      const text = await answer.text();
      end(`http_${answer.status}`, text, readRetryAfterMs(answer.headers.get('retry-after'), now()));
    };
    const cancel = later(() => end('timeout'), timeoutMs);
    closed.addEventListener('abort', broken, { signal });
    send().catch(broken);
  });
}
