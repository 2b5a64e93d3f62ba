import type { IncomingMessage } from 'node:http';

/** What other origins are told of one request. */
export interface CorsAnswer {
  /** Answer 204 with these headers, and look no further: no caller, no limit, no body. */
  readonly preflight: boolean;
  /** To be put on the answer, whatever its status. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Cors = (request: Pick<IncomingMessage, 'method' | 'headers'>) => CorsAnswer;

/** All that the endpoint reads and a page may set. Never `*`, which does not cover `authorization`. */
const requestHeaders = 'authorization, content-type, x-request-id';

/** Two hours, the longest that Chromium keeps a preflight; Firefox would keep one for a day. */
const maxAgeSeconds = 7_200;

/**
 * The CORS protocol (Fetch, https://fetch.spec.whatwg.org/#http-cors-protocol) for one endpoint that takes `POST`
 * with a bearer token. Null without origins: then no answer says a word of CORS.
 *
 * The `Origin` header has to be one of `origins` byte for byte, as the standard's CORS check compares; a browser
 * sends it serialised, so that is enough. Nothing of a request is ever put into a header: an allowed origin is
 * printed as the setting has it. `null` (sandboxed frames, files) and several origins (Node joins them with a
 * comma) are in no list. A preflight that gets no 204 fails in the browser, whatever else it gets, so other
 * `OPTIONS` requests are left to the server, which refuses them like any method it does not serve.
 *
 * There is no `access-control-allow-credentials`: tokens are sent by the page's own code, and nothing that a
 * browser would send by itself counts here.
 */
export function createCors(origins: readonly string[]): Cors | null {
  if (origins.length === 0) return null;
  const allowed = new Set(origins);
  // Answers to strangers vary too: without it a cache could hand theirs to an allowed origin (#cors-protocol-and-http-caches).
  const stranger: CorsAnswer = { preflight: false, headers: { vary: 'origin' } };
  return ({ method, headers }) => {
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return stranger;
    const granted = { vary: 'origin', 'access-control-allow-origin': origin };
    if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) {
      return {
        preflight: true,
        headers: {
          ...granted,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': requestHeaders,
          'access-control-max-age': String(maxAgeSeconds),
        },
      };
    }
    // Without it a page on another origin cannot see how long it has been asked to wait.
    return { preflight: false, headers: { ...granted, 'access-control-expose-headers': 'retry-after' } };
  };
}
