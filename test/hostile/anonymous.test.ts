import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorCodes, type RefusalCause, refusalCauses } from '../../src/contract/index.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';
import { type Answer, answerOf, nodeRequest, rawBytes, trackEvent } from './client.js';
import { gatewaySecret, signedByGateway } from './gateway.js';
import { openWorld, type World } from './world.js';

let world: World;
let app: TestApp;
/** Takes identities inside bodies, too. */
let behindGateway: TestApp;
let user: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  app = await world.start();
  behindGateway = await world.start({
    env: {
      SIGNALS_AUTH: 'bearer,forwarded-claims',
      SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret,
      SIGNALS_CLIENT_IP_SOURCE: 'signed',
    },
  });
  user = bearer(await app.token('user-1'));
});
afterAll(() => world.close());

const padded = (query: string, bytes: number) => query + ' '.repeat(bytes - Buffer.byteLength(query));
const ask = async (body: unknown, headers: Record<string, string> = {}, to = app): Promise<Answer> =>
  answerOf(await to.post('/graphql', body, headers));
const said = ({ status, codes, errors }: Answer) => [status, codes[0] ?? null, errors?.[0]?.message ?? null];
const typename = '{ __typename }';

const tooLarge = (cause: RefusalCause) => [413, 'REQUEST_ENTITY_TOO_LARGE', refusalCauses[cause].message];

it('without a verified token a body has 16 KiB, and a document 8', async () => {
  const body = (bytes: number) => ({ query: typename, variables: { a: 'x'.repeat(bytes) } });
  const room = 16_384 - JSON.stringify(body(0)).length;
  expect(said(await ask(body(room)))).toEqual([200, null, null]);
  expect(said(await ask(body(room + 1)))).toEqual(tooLarge('strangersBody'));
  // Sending less would not help who has a token that does not hold: that is what they are told.
  for (const authorization of ['Bearer invented', 'Basic eDp5']) {
    expect(said(await ask(body(room), { authorization }))).toEqual([200, null, null]);
    expect(said(await ask(body(room + 1), { authorization }))).toEqual([
      401,
      'UNAUTHENTICATED',
      errorCodes.UNAUTHENTICATED.meaning,
    ]);
  }
  expect(said(await ask({ query: padded(typename, 8_192) }))).toEqual([200, null, null]);
  const longer = await ask({ query: padded(typename, 8_193) });
  expect(said(longer)).toEqual(tooLarge('strangersDocument'));
  const bytes = await ask({ query: `${typename} # ${'é'.repeat(4_100)}` });
  expect(said(bytes)).toEqual(tooLarge('strangersDocument'));
});

it('with one a body has all that a body may have, and a document 64 KiB', async () => {
  const large = { query: typename, variables: { a: 'x'.repeat(1_000_000) } };
  expect(said(await ask(large, user))).toEqual([200, null, null]);
  expect(said(await ask({ query: padded(typename, 65_536) }, user))).toEqual([200, null, null]);
  expect(said(await ask({ query: padded(typename, 65_537) }, user))).toEqual(tooLarge('documentTooLarge'));
  expect(said(await ask({ query: typename, variables: { a: 'x'.repeat(1_100_000) } }, user))).toEqual([
    413,
    'REQUEST_ENTITY_TOO_LARGE',
    errorCodes.REQUEST_ENTITY_TOO_LARGE.meaning,
  ]);
});

it('what gateways and tools ask for without a token still fits', async () => {
  expect((await ask({ query: '{ _service { sdl } }' })).data._service.sdl).toContain('type Mutation');
  for (const descriptions of [true, false]) {
    const query = getIntrospectionQuery({
      descriptions,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
    });
    expect((await ask({ query })).data.__schema.queryType.name).toBe('Query');
  }
});

it('a REST caller without a token gets 401 before the body is read', async () => {
  const head = (more: string) =>
    `POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}content-length: 1000000\r\n\r\n`;
  for (const more of ['', 'authorization: Bearer invented\r\n']) {
    const answer = await rawBytes(app.url, head(more), { end: false });
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*UNAUTHENTICATED/s);
  }
  const sent = await nodeRequest(`${app.url}/v1/events`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ events: [pageViewed({ properties: { note: 'x'.repeat(500_000) } })] }),
  });
  expect(sent.status).toBe(401);
});

it('where identities come inside bodies, a body may be as large as ever, and then its sender decides on the document', async () => {
  const now = new Date();
  const claims = { sub: 'user-1', exp: Math.floor(now.getTime() / 1_000) + 60 };
  const gateway = { ip: '203.0.113.7' };
  const signed = (query: string, jwt?: unknown, variables: object = {}) =>
    ask(
      signedByGateway({ query, variables }, { now, gateway, ...(jwt !== undefined && { jwt }) }),
      {},
      behindGateway,
    );
  const large = { input: pageViewed(), more: 'x'.repeat(900_000) };
  const answer = await signed(trackEvent, claims, large);
  expect([answer.errors, answer.data.trackEvent.status]).toEqual([undefined, 'ACCEPTED']);
  expect(said(await signed(padded(typename, 60_000), claims))).toEqual([200, null, null]);
  expect(said(await signed(padded(typename, 8_193)))).toEqual(tooLarge('strangersDocument'));
  const unsigned = await ask(
    { query: typename, variables: large, extensions: { jwt: claims } },
    {},
    behindGateway,
  );
  expect(said(unsigned).slice(0, 2)).toEqual([401, 'GATEWAY_SIGNATURE_REQUIRED']);
});
