import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { HttpAnswer, HttpFetch } from '../../src/client/transport.js';

/** An HTTP client and how to let go of its connections. */
export interface NodeHttpFetch {
  readonly fetch: HttpFetch;
  close(): void;
}

/**
 * The part of `fetch` that replaying needs, on `node:http`: the platform's `fetch` adds a `user-agent` of its
 * own where the caller had none, and a replay must send exactly the headers of the log. Keeps connections open
 * between requests. Rejects on any trouble with the connection, and when the signal says so.
 */
export function createNodeHttpFetch(): NodeHttpFetch {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const fetch: HttpFetch = (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith('https:');
      const send = secure ? httpsRequest : httpRequest;
      const request = send(
        url,
        {
          method,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          agent: secure ? agents.https : agents.http,
          signal,
        },
        (response) => resolve(toAnswer(response)),
      );
      request.on('error', reject);
      request.end(body);
    });
  return {
    fetch,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function toAnswer(response: IncomingMessage): HttpAnswer {
  return {
    status: response.statusCode ?? 0,
    headers: {
      get(name) {
        const value = response.headers[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
    },
    async text() {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
