import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RefusalCause, refusalCauses } from '../../src/contract/index.js';
import { nodeRequest, rawBytes } from '../hostile/client.js';
import { gatewaySecret, signedByGateway } from '../hostile/gateway.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';

let world: World;
let app: TestApp;
let token: string;

beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' } });
  token = await app.token('user-1');
});
afterAll(() => world.close());

type Door = '/graphql' | '/v1/events';

interface Sent {
  readonly door: Door;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const graphql = (body: unknown, headers = {}): Sent => ({ door: '/graphql', body: textOf(body), headers });
const rest = (body: unknown): Sent => ({ door: '/v1/events', body: textOf(body) });
const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

const secret = 'alice.echo@example.org';
const query = '{ __typename }';

/** Each cause of refusal that a request can be answered with, and requests that have it. */
const provocations: Readonly<Record<Exclude<RefusalCause, 'bodyCutOff' | 'noRoomForBody'>, readonly Sent[]>> =
  {
    notAcceptable: [graphql({ query }, { accept: 'text/html' }), graphql({ query }, { accept: secret })],
    compressedBody: [graphql({ query }, { 'content-encoding': 'gzip' }), rest('{}')].map((sent) => ({
      ...sent,
      headers: { 'content-encoding': 'gzip' },
    })),
    contentTypeMissing: [graphql({ query }), rest('{}')].map((sent) => ({
      ...sent,
      headers: { 'content-type': '' },
    })),
    contentTypeNotJson: [graphql(query), rest('events=1')].map((sent) => ({
      ...sent,
      headers: { 'content-type': `text/plain; name=${secret}` },
    })),
    charsetNotUtf8: [graphql({ query }), rest('{}')].map((sent) => ({
      ...sent,
      headers: { 'content-type': 'application/json; charset=latin1' },
    })),
    strangersBody: [graphql({ query, variables: { a: secret.repeat(1_000) } }, { authorization: '' })],
    strangersDocument: [
      graphql({ query: `${query} # ${secret.repeat(400)}` }, { authorization: '' }),
      graphql({ query: `{ ${'a'.repeat(8_192)}: __typename }` }, { authorization: '' }),
    ],
    documentTooLarge: [graphql({ query: `${query} # ${secret.repeat(3_000)}` })],
    bodyEmpty: [graphql(''), graphql(' \n'), graphql('\uFEFF'), rest(''), rest('\uFEFF \t')],
    bodyNotJson: [
      graphql('{'),
      graphql(`{"query": ${secret}`),
      graphql(`\uFEFF\uFEFF{"query":"${query}"}`),
      rest('{'),
    ],
    bodyNotObject: [
      graphql('null'),
      graphql('1'),
      graphql(JSON.stringify(secret)),
      rest('true'),
      rest('null'),
    ],
    operationList: [graphql([{ query }, { query }]), graphql('[]')],
    unknownMember: [
      graphql({ query, [secret]: 1 }),
      graphql({ doc_id: secret }),
      graphql('{"__proto__":{}}'),
    ],
    variablesNotObject: [graphql({ query, variables: secret }), graphql({ query, variables: [] })],
    operationNameNotText: [
      graphql({ query, operationName: { secret } }),
      graphql({ query, operationName: 0 }),
    ],
    extensionsNotObject: [graphql({ query, extensions: [secret] }), graphql({ query, extensions: false })],
    queryNotText: [
      graphql({ query: 1 }),
      graphql({ query: [secret] }),
      graphql({ query: { kind: 'Document' } }),
    ],
    queryMissing: [graphql({}), graphql({ query: null, variables: {} }), graphql({ extensions: {} })],
    persistedQueryNotFound: [
      graphql({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } } }),
      graphql({ extensions: { persistedQuery: { version: 1, sha256Hash: secret } }, variables: { secret } }),
      graphql({ query: null, operationName: 'A', extensions: { persistedQuery: {} } }),
      graphql({
        query: '',
        extensions: { persistedQuery: { version: 2 }, jwt: { payload: { sub: secret } } },
      }),
    ],
    eventList: [rest([]), rest([pageViewed({ route: `/${secret}` })])],
    eventsMissing: [rest({}), rest({ events: null }), rest({ query, [secret]: secret })],
    eventsNotList: [rest({ events: {} }), rest({ events: secret }), rest({ events: 0 })],
  };

async function send({ door, body, headers = {} }: Sent, method = 'POST', to = app) {
  const all = { 'content-type': 'application/json', ...bearer(token), ...headers };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  const answer = await nodeRequest(`${to.url}${door}`, { method, headers: kept, body: Buffer.from(body) });
  return { status: answer.status, body: JSON.parse(answer.text), text: answer.text };
}

describe('a request that is not what it should be', () => {
  const all = Object.entries(provocations).flatMap(([cause, requests]) =>
    requests.map((sent) => [cause, sent.door, String(sent.body).slice(0, 60), sent] as const),
  );
  it.each(all)('%s at %s: %s', async (cause, door, _, sent) => {
    const row = refusalCauses[cause as RefusalCause];
    const { body, text } = await send(sent);
    const { message } = door === '/graphql' ? body.errors[0] : body.error;
    expect(message).toBe(row.message);
    expect(text).not.toMatch(/alice|echo/);
  });

  it('has a sentence that no other cause has, and doors at which it was tried', () => {
    const messages = Object.values(refusalCauses).map(({ message }) => message);
    expect(new Set(messages).size).toBe(messages.length);
    for (const [cause, requests] of Object.entries(provocations)) {
      const { doors } = refusalCauses[cause as RefusalCause];
      expect([cause, [...new Set(requests.map(({ door }) => door))]]).toEqual([cause, doors]);
    }
  });

  it('is not answered by us where its body is cut off: Node closes the connection, nothing is run or logged', async () => {
    const before = app.logs();
    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":`;
    expect(await rawBytes(app.url, request)).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(app.logs().slice(before.length)).not.toContain('"level":"error"');
  });
});

describe('every refusal before execution', () => {
  /** A request and its whole answer, as a reader of the golden file sees them. */
  async function line(name: string, sent: Sent, method = 'POST', to = app): Promise<string> {
    const { status, text } = await send(sent, method, to);
    const headers = Object.entries(sent.headers ?? {}).map(([key, value]) => ` [${key}: ${value || 'none'}]`);
    const request = `${method} ${sent.door}${headers.join('')} ${JSON.stringify(String(sent.body).slice(0, 120))}`;
    return `${name}\n  ${request}\n  ${status} ${text}\n`;
  }

  /** Refused by the length that it announces; sending all of it would race with the answer. */
  async function tooLarge(door: Door): Promise<string> {
    const length = 'content-length: 1048577';
    const authorization = `authorization: Bearer ${token}`;
    const head = [
      `POST ${door} HTTP/1.1`,
      'host: x',
      'content-type: application/json',
      authorization,
      length,
    ];
    const text = await rawBytes(app.url, [...head, '', ''].join('\r\n'), { end: false });
    const [, status, body] = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
    return `REQUEST_ENTITY_TOO_LARGE\n  POST ${door} [${length}]\n  ${status} ${body}\n`;
  }

  it('is answered as the golden file shows', async () => {
    const gated = await world.start({ env: { SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret } });
    const signed = (now: string) => signedByGateway({ query }, { now: new Date(now) });
    const lines: string[] = [];
    for (const [cause, requests] of Object.entries(provocations)) {
      for (const door of refusalCauses[cause as RefusalCause].doors) {
        const sent = requests.find((one) => one.door === door);
        if (sent) lines.push(await line(cause, sent));
      }
    }
    const tooMany = Array.from({ length: 201 }, () => ({}));
    lines.push(
      await line('sentAt', rest({ sentAt: 'yesterday', events: [] })),
      await line('BATCH_TOO_LARGE', rest({ events: tooMany })),
      await tooLarge('/graphql'),
      await tooLarge('/v1/events'),
      await line('UNAUTHENTICATED', { ...rest({ events: [] }), headers: { authorization: '' } }),
      await line('METHOD_NOT_ALLOWED', graphql(''), 'PUT'),
      await line('METHOD_NOT_ALLOWED', rest(''), 'PUT'),
      await line('GATEWAY_SIGNATURE_REQUIRED', graphql({ query }), 'POST', gated),
      await line('GATEWAY_SIGNATURE_STALE', graphql(signed('2026-11-20T12:00:00Z')), 'POST', gated),
      await line(
        'GATEWAY_SIGNATURE_INVALID',
        graphql({ query: '{ a: __typename }', extensions: signed('2026-11-20T12:00:00Z').extensions }),
        'POST',
        gated,
      ),
      await line('GRAPHQL_PARSE_FAILED', graphql({ query: '{' })),
      await line('GRAPHQL_VALIDATION_FAILED', graphql({ query: '{ nothing }' })),
    );
    await expect(lines.join('\n')).toMatchFileSnapshot('../golden/refusals.txt');
  });
});

describe('a hash in place of a document', () => {
  const persistedQuery = { version: 1, sha256Hash: 'ab'.repeat(32) };
  const answerFor = (extra: object, headers: Readonly<Record<string, string>>, to = app) =>
    to.post('/graphql', { extensions: { persistedQuery }, ...extra }, headers);
  const notFound = {
    errors: [
      {
        message: 'PersistedQueryNotFound',
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false },
      },
    ],
  };

  it('is not found, whoever asks and whatever is accepted', async () => {
    const accepts = ['application/json', 'application/graphql-response+json'];
    for (const headers of [{}, bearer('not.a.token'), bearer(token)]) {
      for (const accept of accepts) {
        const answer = await answerFor({}, { ...headers, accept });
        expect([answer.status, await answer.json()]).toEqual([200, notFound]);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
  });
  it('is not found behind a gateway that signs, and its retry with the text is signed', async () => {
    const gated = await world.start({ env: { SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret } });
    const first = await answerFor({}, {}, gated);
    expect([first.status, await first.json()]).toEqual([200, notFound]);
    const unsigned = await answerFor({ query }, {}, gated);
    expect(unsigned.status).toBe(401);
    const signed = signedByGateway({ query }, { now: new Date() });
    for (const extensions of [
      { ...signed.extensions, persistedQuery },
      { persistedQuery, ...signed.extensions },
    ]) {
      const answer = await gated.post('/graphql', { query, extensions });
      expect([answer.status, await answer.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
    }
  });
  it('is looked at no more when the text is there', async () => {
    const answer = await answerFor({ query: '{ eventCatalog { fingerprint } }' }, bearer(token));
    const { data, errors } = await answer.json();
    expect([answer.status, errors, typeof data.eventCatalog.fingerprint]).toEqual([200, undefined, 'string']);
  });
  it('is asked for by GET in vain, since nothing is served by GET', async () => {
    const where = `/graphql?extensions=${encodeURIComponent(JSON.stringify({ persistedQuery }))}`;
    expect((await fetch(`${app.url}${where}`)).status).toBe(405);
  });
});

describe('a method that /graphql does not take', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is refused in the form of GraphQL',
    async (method) => {
      const answer = await fetch(`${app.url}/graphql`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await answer.json()).toEqual({
        errors: [
          {
            message: 'This path does not take this method.',
            extensions: { code: 'METHOD_NOT_ALLOWED', retryable: false },
          },
        ],
      });
    },
  );
  it('is refused in the media type that the client takes', async () => {
    const type = 'application/graphql-response+json';
    const answer = await fetch(`${app.url}/graphql`, { headers: { accept: type } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([405, `${type}; charset=utf-8`]);
  });
  it('is refused without a body where it is HEAD', async () => {
    const text = await rawBytes(app.url, 'HEAD /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nallow: POST\r\n/i);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });
});

describe('a byte order mark before a JSON body', () => {
  it('is ignored by both doors', async () => {
    const operation = await app.post('/graphql', `\uFEFF${JSON.stringify({ query })}`, bearer(token));
    expect(await operation.json()).toEqual({ data: { __typename: 'Query' } });
    const batch = await app.post(
      '/v1/events',
      `\uFEFF${JSON.stringify({ events: [pageViewed()] })}`,
      bearer(token),
    );
    expect([batch.status, (await batch.json()).accepted]).toEqual([202, 1]);
  });
});
