import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/store/open-store.js';
import { trackEvent, trackEvents } from '../hostile/client.js';
import { signedByGateway } from '../hostile/gateway.js';
import { openStoreAt, openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';
import { type Mark, marksBelow, marksIn } from './search.js';

const tag = '9e41b7c2';
const planted = {
  address: '198.51.100.199',
  'user agent': `Canary/${tag}`,
  subject: `canary-subject-${tag}`,
  'e-mail': `canary.mail.${tag}@staff.example`,
  name: `Canary Person ${tag}`,
  'session id': `${tag}-aaaa-7bbb-8ccc-eeeeeeeeeeee`,
  host: `canary-host-${tag}.example`,
  value: `canary.value.${tag}@example.org`,
  undeclared: `canary-undeclared-${tag}`,
  'salt secret': `canary-salt-secret-${tag}-of-enough-bytes`,
  'gateway secret': `canary-gateway-secret-${tag}-of-enough-bytes`,
  error: `canary-error-${tag}`,
} as const;
const marks: Mark[] = Object.entries(planted).map(([name, text]) => ({ name, text }));
/** In an allowed field: it must be found, or the search would prove nothing. */
const allowed: Mark = { name: 'allowed', text: '/canary-gateway-route' };

const chrome = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 ${planted['user agent']}`;

let world: World;
let store: OpenedStore;
let folder: string;
let answers: string[];

beforeAll(async () => {
  world = await openWorld();
  folder = join(world.folder, 'canary-pglite');
  store = await openStoreAt({ dataDir: folder });
  await store.migrate();
  answers = [];
});
afterAll(() => world.close());

const event = (more: object = {}) =>
  pageViewed({
    host: planted.host,
    sessionId: planted['session id'],
    route: `${allowed.text}?mail=${planted.value}`,
    properties: { status: 200, colour: planted.undeclared },
    ...more,
  });

const claims = (more: object = {}) => ({
  payload: {
    sub: planted.subject,
    email: planted['e-mail'],
    name: planted.name,
    exp: Math.floor(Date.now() / 1000) + 600,
    ...more,
  },
});

function signed(query: string, variables: object, more: { now?: Date; secret?: string; jwt?: unknown } = {}) {
  return signedByGateway(
    { query, variables },
    {
      now: new Date(),
      secret: planted['gateway secret'],
      gateway: { ip: planted.address, ua: chrome },
      jwt: claims(),
      ...more,
    },
  );
}

/** Accepted, refused, malformed, forged, stale and failing requests, with marks in every place that takes text. */
async function haunt(app: TestApp): Promise<void> {
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await app.post(path, body, {
      'user-agent': chrome,
      'x-forwarded-for': planted.address,
      'x-request-id': planted.subject,
      ...headers,
    });
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
  };
  const refused = [
    { properties: { status: planted.value } },
    { properties: { [planted.value]: 1 } },
    { route: `/${planted.value}` },
    { appName: planted.value },
    { eventType: planted.value },
    { clientEventId: planted.value },
    { occurredAt: planted.value },
    { entityType: 'video', entityId: planted.value },
  ].map(event);
  const events = [event(), ...refused];
  await send('/graphql', signed(trackEvents, { input: { events } }));
  await send('/graphql', signed(trackEvent, { input: { ...event(), seq: planted.value } }));
  await send('/graphql', signed(trackEvent, { input: event() }, { now: new Date(Date.now() - 300_000) }));
  await send(
    '/graphql',
    signed(trackEvent, { input: event() }, { secret: 'another secret of more than 32 bytes' }),
  );
  await send('/graphql', signed(trackEvent, { input: event() }, { jwt: claims({ exp: 1 }) }));
  await send(
    '/graphql',
    signed(trackEvent, { input: event() }, { jwt: claims({ sub: { id: planted.subject } }) }),
  );
  await send('/graphql', signed('{ events { totalCount } }', {}));
  await send(
    '/graphql',
    signed(
      '{ events { totalCount edges { node { id route properties } } } }',
      {},
      { jwt: claims({ roles: 'admin' }) },
    ),
  );
  await send('/graphql', { ...signed(trackEvent, { input: event() }), operationName: planted.value });
  await send('/graphql', { query: trackEvent, variables: { input: event() }, extensions: { jwt: claims() } });
  await send('/graphql', `{"query": "${planted.value}`);
  await send('/v1/events', { events }, bearer(planted.subject));
  await send(`/${planted.value}?${planted.subject}`, events);
}

it('nothing that a gateway vouches for is found again: data folder, logs, metrics, answers and headers', async () => {
  const env = {
    SIGNALS_AUTH: 'forwarded-claims',
    SIGNALS_CLIENT_IP_SOURCE: 'signed',
    SIGNALS_GATEWAY_HMAC_SECRETS: planted['gateway secret'],
    SIGNALS_SALT_SECRET: planted['salt secret'],
    SIGNALS_INTERNAL_USERS: 'somebody@else.example',
  };
  const fine = await world.start({ store, env });
  await haunt(fine);
  expect(await store.prisma.event.count()).toBe(1);
  // A store and a rule that fail, with words in their errors that must go nowhere.
  const failing = {
    ...store,
    store: { ...store.store, append: () => Promise.reject(new Error(JSON.stringify(planted))) },
  };
  const broken = await world.start({ store: failing, env });
  await haunt(broken);
  const unruly = await world.start({
    store,
    env,
    ownership: () => Promise.reject(new Error(JSON.stringify(planted))),
  });
  await haunt(unruly);

  for (const app of [fine, broken, unruly]) {
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(app.logs().length).toBeGreaterThan(1_000);
    expect(metrics).toContain('signals_events_total');
    expect(marksIn(Buffer.from(app.logs()), marks)).toEqual([]);
    expect(marksIn(Buffer.from(metrics), marks)).toEqual([]);
    await app.close();
  }
  // Every kind of answer was among them.
  for (const status of ['200 ', '400 ', '401 ', '404 ']) {
    expect(answers.some((answer) => answer.startsWith(status))).toBe(true);
  }
  for (const word of [
    '"ACCEPTED"',
    '"PII_VALUE"',
    'INTERNAL_SERVER_ERROR',
    'SERVICE_UNAVAILABLE',
    '_STALE',
    '_INVALID',
  ]) {
    expect(answers.join('\n')).toContain(word);
  }
  expect(marksIn(Buffer.from(answers.join('\n')), marks)).toEqual([]);

  await store.store.close();
  expect(marksBelow(folder, [allowed]).found.length).toBeGreaterThan(0);
  expect(marksBelow(folder, marks).found).toEqual([]);
});
