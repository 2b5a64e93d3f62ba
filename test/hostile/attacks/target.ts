import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Keys } from './keys.js';

export interface TargetOptions {
  /** Settings beside those that every target has. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** A running service, and what an attacker and an operator can do with it. */
export interface Target {
  readonly url: URL;
  readonly pid: number;
  readonly keys: Keys;
  /** Everything that it has logged. */
  output(): string;
  send(sent: Sent): Promise<Answer>;
  /** A bare connection, to send what no HTTP client would. */
  connect(): Promise<Socket>;
  stop(): Promise<void>;
}

/** Sends one request. A connection that is cut off answers status 0. */
export function sender(url: URL): Target['send'] {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  return ({ method = 'POST', path = '/graphql', token = null, headers = {}, body }) =>
    new Promise((resolve) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const all = {
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...headers,
      };
      const to = { host: url.hostname, port: url.port, method, path, agent, headers: all };
      const gone = (): void => resolve({ status: 0, headers: {}, text: '' });
      request(to as object, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          answer += part;
        });
        response.once('error', gone);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }),
        );
      })
        .once('error', gone)
        .end(text);
    });
}

/** A bare connection; it never throws for what happens to it later. */
export function connectTo(url: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}
