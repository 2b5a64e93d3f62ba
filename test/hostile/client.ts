import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { TrackBatchResult, TrackEventInput, TrackResult } from '../../src/contract/index.js';
import { bearer, type TestApp } from '../support/app.js';

export interface WireErrors {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly retryable: boolean;
    readonly retryAfterMs?: number;
  };
}

/** An answer of `/graphql`, whatever it holds. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not.
  readonly data: any;
  readonly errors: readonly WireErrors[] | undefined;
  /** Codes of the errors, in order. */
  readonly codes: readonly string[];
}

/** One caller of one app. */
export interface Client {
  /** Any GraphQL request; `more` adds members such as `operationName` and `extensions`. */
  graphql(query: string, variables?: object, more?: object): Promise<Answer>;
  /** `trackEvents`, whose every verdict is data. Throws where there are errors. */
  batch(events: readonly object[], sentAt?: string): Promise<TrackBatchResult>;
  /** One event's verdict as words: `ACCEPTED`, or `REJECTED PII_KEY`. */
  one(event: object): Promise<string>;
  /** `POST /v1/events`. */
  rest(body: unknown): Promise<{ status: number; headers: Headers; body: RestBody }>;
}

export type RestBody = TrackBatchResult & {
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean };
};

export const trackEvents = `mutation($input: TrackEventsInput!) {
  trackEvents(input: $input) {
    accepted duplicates dropped rejected results { clientEventId status reason retryAfterMs }
  }
}`;
export const trackEvent =
  'mutation($input: TrackEventInput!) { trackEvent(input: $input) { clientEventId status reason retryAfterMs } }';

/** A caller with a token (none: nobody), and with headers of its own. */
export function clientOf(
  app: Pick<TestApp, 'post'>,
  token: string | null,
  headers: Record<string, string> = {},
): Client {
  const all = { ...(token !== null && bearer(token)), ...headers };
  const graphql: Client['graphql'] = async (query, variables = {}, more = {}) =>
    answerOf(await app.post('/graphql', { query, variables, ...more }, all));
  const batch: Client['batch'] = async (events, sentAt) => {
    const { data, text } = await graphql(trackEvents, { input: { events, ...(sentAt && { sentAt }) } });
    if (!data?.trackEvents) throw new Error(text);
    return data.trackEvents as TrackBatchResult;
  };
  return {
    graphql,
    batch,
    one: async (event) => verdicts(await batch([event]))[0] ?? 'nothing',
    async rest(body) {
      const response = await app.post('/v1/events', body, all);
      return {
        status: response.status,
        headers: response.headers,
        body: JSON.parse(await response.text()) as RestBody,
      };
    },
  };
}

/** Reads an answer of `/graphql` to its end. */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: readonly WireErrors[] };
  const codes = (errors ?? []).map((error) => error.extensions.code);
  return { status: response.status, headers: response.headers, text, data, errors, codes };
}

/** Verdicts as words, in order. */
export function verdicts({ results }: Pick<TrackBatchResult, 'results'>): string[] {
  return results.map(verdict);
}

function verdict({ status, reason }: TrackResult): string {
  return reason === null ? status : `${status} ${reason}`;
}

/** An event of the catalogue that takes whatever entity and most properties. */
export type Event = Partial<TrackEventInput> & Record<string, unknown>;

/** A request by Node's own client, which lets a header stand twice. */
export function nodeRequest(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string | string[]>;
    readonly body?: string | Buffer;
  },
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: options.method ?? 'POST', headers: options.headers ?? {} },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** Bytes as they are, and everything that came back until the connection was closed. */
export function rawBytes(url: string, bytes: string | Buffer, { end = true } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(bytes);
      if (end) socket.end();
    });
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
  });
}

/** The value of one sample in the Prometheus text, or 0 where there is none; labels in any order. */
export async function metric(
  app: Pick<TestApp, 'url'>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  return sum(await samples(app), name, labels);
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Everything on `/metrics`. */
export async function samples(app: Pick<TestApp, 'url'>): Promise<readonly Sample[]> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return {
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, k, v]) => [k, v]),
        ),
        value: Number(value),
      };
    });
}

/** The sum of all samples of a name that carry these labels. */
export function sum(
  all: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return all
    .filter(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )
    .reduce((total, one) => total + one.value, 0);
}
