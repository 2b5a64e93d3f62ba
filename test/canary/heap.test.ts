import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { developmentKey } from '../../src/app/embedded/credentials.js';
import { trackEvent, trackEvents } from '../hostile/client.js';
import { gatewaySecret, signedByGateway } from '../hostile/gateway.js';
import { bearer } from '../support/app.js';
import { compileScript, type Script } from '../support/child.js';
import { pageViewed } from '../support/pipeline.js';
import { chrome } from '../support/user-agents.js';
import { type HeapService, startHeapService } from './heap-process.js';
import { type Mark, marksIn } from './search.js';

/** Words of one run. Each is used in one place, so that a find says which way leaks. */
function createPlants() {
  const tag = randomBytes(6).toString('hex');
  const marks: Mark[] = [];
  const mark = (place: string, text: string): string => {
    if (!marks.some((one) => one.name === place)) marks.push({ name: place, text });
    return text;
  };
  return {
    /** A word that a GraphQL name, an address of mail and a header can hold. */
    word: (place: string) => mark(place, `${place.replaceAll(/\W+/g, '_')}_${tag}`),
    uuid: (place: string, start: string) => mark(place, `${start}-aaaa-4bbb-8ccc-${tag}`),
    address: (place: string, text: string) => mark(place, text),
    /** Names of the places whose words stand in the bytes, in any form. */
    foundIn(bytes: Buffer): string[] {
      // Nearly all marks end with the tag: one search says whether there is anything to look for.
      const untagged = marks.filter(({ text }) => !text.endsWith(tag));
      const any = marksIn(bytes, [{ name: 'tag', text: tag }]).length > 0;
      if (!any) return marksIn(bytes, untagged);
      const found = marksIn(bytes, marks);
      return found.length > 0 ? found : ['somewhere that no mark tells'];
    },
  };
}
type Plants = ReturnType<typeof createPlants>;

let folder: string;
let script: Script;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signals-heap-'));
  script = await compileScript(join(import.meta.dirname, 'heap-service.ts'));
});
afterAll(() => {
  script.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a service, lets the work plant what it likes, and answers the names of what its heap still holds. */
async function foundAfter(
  env: Readonly<Record<string, string>>,
  work: (service: HeapService, plants: Plants, dataDir: string) => Promise<void>,
): Promise<string[]> {
  const dataDir = mkdtempSync(join(folder, 'service-'));
  const plants = createPlants();
  const service = await startHeapService(script.path, dataDir, env);
  try {
    await work(service, plants, dataDir);
    const heap = await service.writeHeap();
    return plants.foundIn(readFileSync(heap));
  } finally {
    await service.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Tokens as the development issuer signs them, an hour long unless the claims say otherwise. */
async function issuerOf(dataDir: string) {
  const key = await importJWK({ ...developmentKey(dataDir).privateJwk }, 'ES256');
  return (subject: string, claims: Record<string, unknown> = {}, kid = 'development'): Promise<string> =>
    new SignJWT({ exp: Math.floor(Date.now() / 1000) + 3_600, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setSubject(subject)
      .setIssuedAt()
      .sign(key);
}

/**
 * Requests of nobody in particular, as a service in use has had them. V8's inline caches hold the one name by
 * which a piece of code has read objects, until there was a second.
 */
async function ordinaryTraffic(post: (query: string, variables?: object) => Promise<string>): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const named = `query Op${round} { a${round}: __typename ...f${round} }`;
    const fragment = `fragment f${round} on Query { eventCatalog { fingerprint } }`;
    expect(await post(`${named} ${fragment}`)).toContain('"fingerprint"');
    await post(`query($v${round}: Int) { events(first: $v${round}) { totalCount } }`);
    const properties = { status: 200, [`key${round}`]: round };
    expect(await post(trackEvents, { input: { events: [pageViewed({ properties })] } })).toContain(
      '"ACCEPTED"',
    );
    const json = `properties: {key${round}: true, status: 200}`;
    const inline = `eventType: "page_viewed", appName: "web", clientEventId: "${crypto.randomUUID()}", ${json}`;
    expect(await post(`mutation { trackEvent(input: {${inline}}) { status } }`)).toContain('"ACCEPTED"');
    await post('{ nothing }');
    await post('{');
    await post(trackEvent, { input: { [`key${round}`]: 'x' } });
  }
}

/** Events that are refused, each for a text of its own. */
function refusedEvents({ word }: Plants, where: string): object[] {
  return [
    { properties: { status: `${word(`a value, ${where}`)}@example.org` } },
    { properties: { [`${word(`a key, ${where}`)}@example.org`]: 1 } },
    {
      properties: {
        status: 200,
        [word(`an undeclared key, ${where}`)]: word(`an undeclared value, ${where}`),
      },
    },
    { properties: `{"email":"${word(`JSON in a text, ${where}`)}"}` },
    { route: `/${word(`a route, ${where}`)}@example.org` },
    { appName: word(`an app, ${where}`) },
    { eventType: word(`an event type, ${where}`) },
    { clientEventId: word(`a client event id, ${where}`) },
    { sessionId: word(`a session id, ${where}`) },
    { occurredAt: word(`a time, ${where}`) },
    { entityType: 'question', entityId: `${word(`an entity id, ${where}`)}@example.org` },
    { appVersion: `${word(`an app version, ${where}`)}@example.org` },
  ].map(pageViewed);
}

it('after requests with tokens the heap holds nothing of who made them', async () => {
  const env = {
    SIGNALS_CLIENT_IP_SOURCE: 'xff',
    SIGNALS_INTERNAL_USERS: '@staff.example',
    SIGNALS_LOG_LEVEL: 'debug',
  };
  const found = await foundAfter(env, async (service, plants, dataDir) => {
    const { word, uuid, address } = plants;
    const sign = await issuerOf(dataDir);
    const nobody = bearer(await sign('nobody'));
    const ordinary = () =>
      ordinaryTraffic((query, variables) =>
        service.post('/graphql', { query, variables }, { 'user-agent': chrome, ...nobody }),
      );
    await ordinary();

    const token = await sign(word('sub of a token'), {
      email: `${word('e-mail of a token')}@example.org`,
      name: word('name in a token'),
      roles: ['admin', word('role of a token')],
    });
    const headers = {
      ...bearer(token),
      'user-agent': `${chrome} ${word('user agent')}`,
      'x-forwarded-for': address('address', '198.51.100.214'),
      cookie: `id=${word('cookie')}`,
      referer: `https://example.org/${word('referer')}`,
    };
    const event = pageViewed({
      host: `${word('host').replaceAll('_', '-')}.example`,
      route: `/videos?q=${word('query of a route')}`,
      sessionId: uuid('session id', '5e551017'),
      clientEventId: uuid('client event id', 'c11e4717'),
    });
    const graphql = (query: string, variables?: object, more?: object) =>
      service.post('/graphql', { query, variables, ...more }, headers);
    const rest = (body: unknown, more = {}) => service.post('/v1/events', body, { ...headers, ...more });

    // Everything twice and more: what a cache takes in at the second sight is seen too.
    for (let round = 0; round < 3; round++) {
      expect(await graphql(trackEvents, { input: { events: [event] } })).toMatch(/"(ACCEPTED|DUPLICATE)"/);
      expect(await rest({ events: [event] })).toContain('"DUPLICATE"');
      await graphql(trackEvents, { input: { events: refusedEvents(plants, 'GraphQL') } });
      await rest({ events: refusedEvents(plants, 'REST') });

      const literal = `mutation { trackEvent(input: {eventType: "page_viewed", appName: "web", clientEventId: "${crypto.randomUUID()}", host: "${word('literal')}"}) { status } } # ${word('comment')}`;
      expect(await graphql(literal)).toContain('"status"');
      const block = `{ events(filter: { route: """${word('block string')}""" }) { totalCount } }`;
      expect(await graphql(block)).toContain('"totalCount":0');
      const byDefault = `query($r: String = "${word('default of a variable')}") { events(filter: { route: $r }) { totalCount } }`;
      expect(await graphql(byDefault)).toContain('"totalCount":0');
      const inline = `mutation { trackEvent(input: {eventType: "page_viewed", appName: "web", clientEventId: "${crypto.randomUUID()}", properties: {${word('key of an object in a document')}: true}}) { status } }`;
      expect(await graphql(inline)).toContain('"status"');
      expect(await graphql(`{ events(after: "${word('document that does not parse')} }`)).toContain('PARSE');
      expect(await graphql(`{ ${word('document that does not validate')} }`)).toContain('VALIDATION');
      const dear = Array.from({ length: 260 }, (_, at) => `a${at}: __typename`).join(' ');
      expect(await graphql(`{ ${word('document over a limit')}: __typename ${dear} }`)).toContain('limit');
      expect(await graphql(`{ a: __typename ${'['.repeat(70)} "${word('nested too deep')}"`)).toContain(
        'limit',
      );
      expect(
        await graphql('query A { __typename }', {}, { operationName: word('name of no operation') }),
      ).toContain('errors');
      expect(await graphql(trackEvent, { input: { seq: word('refused variable') } })).toContain('A variable');
      await graphql(trackEvent, { input: { ...event, [word('refused name in a variable')]: 1 } });
      await graphql(`{ events(after: "${word('cursor')}") { totalCount } }`);
      await graphql(
        '{ __typename }',
        {},
        { extensions: { jwt: { payload: { sub: word('unsigned claims') } } } },
      );
      await graphql('{ __typename }', {}, { [word('unknown member of a body')]: 1 });

      expect(await rest(`{"events": [${word('REST body that is no JSON')}`)).toMatch(/^400/);
      expect(await rest({ events: [], sentAt: word('refused time of sending') })).toMatch(/^400/);
      expect(await rest({ events: word('REST body of a wrong shape') })).toMatch(/^400/);
      expect(await rest({ events: [event] }, { 'content-type': `text/${word('content type')}` })).toMatch(
        /^415/,
      );
      await service.post(`/${word('path')}?a=${word('query of a path')}`, {}, headers);
      await rest({ events: [event] }, { 'user-agent': `Googlebot/2.1 ${word('user agent of a bot')}` });
      await rest({ events: [event] }, { 'user-agent': `node ${word('user agent of a gateway')}` });

      const staff = await sign(word('sub of an internal user'), {
        email: `${word('e-mail of an internal user')}@staff.example`,
      });
      expect(await rest({ events: [pageViewed()] }, bearer(staff))).toContain('INTERNAL_USER');
      const refused = [
        `${await sign(word('sub of a token with a bad signature'))}x`,
        await sign(word('sub of an expired token'), { exp: 1 }),
        await sign(word('sub of a token of an unknown key'), {}, word('unknown key id')),
        word('no token at all'),
      ];
      for (const one of refused) expect(await rest({ events: [event] }, bearer(one))).toMatch(/^401/);
    }
    // The last one does not wait for its answer: nothing comes after it that could push anything out.
    await service.hangUp(
      '/v1/events',
      { events: [pageViewed()] },
      {
        ...bearer(await sign(word('sub of a token whose sender hung up'))),
        'user-agent': `${chrome} ${word('user agent of a sender that hung up')}`,
      },
    );
  });
  expect(found).toEqual([]);
}, 180_000);

it('after requests that a gateway signed the heap holds nothing but what is kept on purpose', async () => {
  const env = {
    SIGNALS_AUTH: 'bearer,forwarded-token,forwarded-claims',
    SIGNALS_CLIENT_IP_SOURCE: 'signed',
    SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret,
    SIGNALS_LOG_LEVEL: 'debug',
  };
  const found = await foundAfter(env, async (service, plants, dataDir) => {
    const { word, uuid, address } = plants;
    const sign = await issuerOf(dataDir);
    const send = (
      query: string,
      variables: object = {},
      more: Partial<Parameters<typeof signedByGateway>[1]> = {},
    ) => service.post('/graphql', signedByGateway({ query, variables }, { now: new Date(), ...more }));
    const exp = Math.floor(Date.now() / 1000) + 600;
    const nobody = { payload: { sub: 'nobody', exp } };
    const ordinary = () =>
      ordinaryTraffic((query, variables) =>
        send(query, variables, { jwt: nobody, gateway: { ip: '192.0.2.1', ua: chrome } }),
      );
    await ordinary();
    // What is kept on purpose must be found, by whatever keeps it, or the search would prove nothing.
    const kept = JSON.stringify({ sub: word('in the token that is kept') });
    await service.tell('keep', word('kept as it is'));
    await service.tell('keep', `e30.${Buffer.from(kept).toString('base64url')}.c2lnbmF0dXJl`);
    await service.tell(
      'keep a slice',
      `${'any text '.repeat(8)}${word('kept by a slice of the text before it')}`,
    );
    await service.tell('keep', `${'x'.repeat(20_000)}${word('kept at the end of a long text')}`);
    await service.tell('let go', word('let go'));

    for (let round = 0; round < 3; round++) {
      const gateway = {
        ip: address('forwarded address', '198.51.100.215'),
        ua: `${chrome} ${word('forwarded user agent')}`,
      };
      const sub = word('forwarded sub');
      const payload = {
        sub,
        exp,
        email: `${word('forwarded e-mail')}@example.org`,
        name: word('forwarded name'),
      };
      const value = await sign(sub, { name: word('name in a forwarded token') });
      const jwt = { payload, token: { value, prefix: 'Bearer' } };
      const input = pageViewed({ sessionId: uuid('session id', '5e551018') });
      expect(await send(trackEvent, { input }, { jwt, gateway })).toContain('"ACCEPTED"');
      await send(trackEvent, { input: refusedEvents(plants, 'signed')[0] ?? {} }, { jwt, gateway });
      expect(
        await send(
          trackEvent,
          { input },
          { jwt: { payload: { sub: word('forged sub'), exp } }, secret: 'x'.repeat(32) },
        ),
      ).toContain('SIGNATURE_INVALID');
      const past = new Date(Date.now() - 300_000);
      expect(
        await send(trackEvent, { input }, { jwt: { payload: { sub: word('stale sub'), exp } }, now: past }),
      ).toContain('SIGNATURE_STALE');
      expect(
        await send(
          trackEvent,
          { input },
          { jwt: { payload: { sub: { a: word('sub that is no text') }, exp } } },
        ),
      ).toContain('UNAUTHENTICATED');
      expect(
        await send(
          trackEvent,
          { input },
          { jwt: { payload: { sub: word('another sub'), exp }, token: { value } } },
        ),
      ).toContain('UNAUTHENTICATED');
    }
  });
  expect(found).toEqual([
    'in the token that is kept',
    'kept as it is',
    'kept by a slice of the text before it',
    'kept at the end of a long text',
  ]);
}, 180_000);
