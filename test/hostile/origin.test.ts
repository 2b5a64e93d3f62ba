import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';
import { createTestIssuer, testAudience, testIssuerName } from '../support/tokens.js';
import { chrome } from '../support/user-agents.js';
import { answerOf, clientOf, metric, nodeRequest, trackEvent, verdicts } from './client.js';
import { gatewaySecret, signedByGateway } from './gateway.js';
import { openWorld, type StoredEvent, type World } from './world.js';

const now = new Date('2026-11-20T12:00:00.000Z');
let world: World;
let bySocket: TestApp;
let byHeader: TestApp;
let bySignature: TestApp;

beforeAll(async () => {
  world = await openWorld();
  const fixed = { now: () => now };
  const xff = { SIGNALS_CLIENT_IP_SOURCE: 'xff', SIGNALS_TRUSTED_HOPS: '1' };
  const signed = { SIGNALS_CLIENT_IP_SOURCE: 'signed', SIGNALS_GATEWAY_HMAC_SECRETS: gatewaySecret };
  bySocket = await world.start(fixed);
  // One salt for all three, so that hashes can be compared.
  const env = { SIGNALS_SALT_SECRET: 'one salt secret for three apps, long enough' };
  byHeader = await world.start({ ...fixed, env: { ...env, ...xff } });
  bySignature = await world.start({ ...fixed, env: { ...env, ...signed } });
});
afterAll(() => world.close());

/** Sends an event with exactly these headers; what was said of it and what is stored. */
async function send(
  app: TestApp,
  headers: Record<string, string | string[]>,
  event: object = {},
): Promise<{ verdict: string; row: StoredEvent | undefined; text: string }> {
  const full = pageViewed(event);
  const { text } = await nodeRequest(`${app.url}/v1/events`, {
    headers: { 'content-type': 'application/json', ...bearer(await app.token('user-1')), ...headers },
    body: JSON.stringify({ events: [full] }),
  });
  const [row] = await world.stored(full.clientEventId ?? '');
  return { verdict: verdicts(JSON.parse(text))[0] ?? '', row, text };
}

const hex = (hash: Uint8Array | null | undefined) => (hash ? Buffer.from(hash).toString('hex') : null);

/** The visitor hash behind one trusted proxy that wrote this. */
async function hashFor(forwardedFor: string | null): Promise<string | null> {
  const { verdict, row } = await send(byHeader, {
    'user-agent': chrome,
    ...(forwardedFor !== null && { 'x-forwarded-for': forwardedFor }),
  });
  expect(verdict).toBe('ACCEPTED');
  return hex(row?.userHash);
}

/** The row of an event for which a gateway vouches. */
async function signedRow(gateway: Record<string, unknown>, event: object = {}) {
  const input = pageViewed(event);
  const request = signedByGateway({ query: trackEvent, variables: { input } }, { now, gateway });
  const response = await bySignature.post('/graphql', request, bearer(await bySignature.token('user-1')));
  const answer = await answerOf(response);
  const [row] = await world.stored(input.clientEventId ?? '');
  const { status, reason } = answer.data.trackEvent;
  return { verdict: [status, reason].filter(Boolean).join(' '), row, answer };
}

type Row = readonly [name: string, run: () => Promise<void>];

const addresses: readonly Row[] = [
  [
    '28. X-Forwarded-For from the client changes nothing: the trusted hop’s entry counts, and without a proxy none',
    async () => {
      const real = await hashFor('203.0.113.7');
      expect(real).toMatch(/^[0-9a-f]{32}$/);
      expect(await hashFor('1.1.1.1, 203.0.113.7')).toBe(real);
      expect(await hashFor('2.2.2.2,9.9.9.9 ,\t203.0.113.7')).toBe(real);
      expect(await hashFor('203.0.113.7, 203.0.113.8')).not.toBe(real);
      const [plain, spoofed] = [
        await send(bySocket, { 'user-agent': chrome }),
        await send(bySocket, {
          'user-agent': chrome,
          'x-forwarded-for': '1.1.1.1',
          forwarded: 'for=1.1.1.1',
        }),
      ];
      expect(hex(plain.row?.userHash)).toMatch(/^[0-9a-f]{32}$/);
      expect(hex(spoofed.row?.userHash)).toBe(hex(plain.row?.userHash));
    },
  ],
  [
    '29. X-Forwarded-For with 5,000 entries, ports, brackets, words and gaps is read strictly, or counts as missing',
    async () => {
      const missing = () => metric(byHeader, 'signals_origin_missing_total', { what: 'address' });
      const before = await missing();
      const useless = [
        'unknown',
        '_hidden',
        '',
        '203.0.113.7,',
        '203.0.113.7, ,',
        '203.0.113.256',
        '0x7f.1',
        '203.0.113.07',
        '[2001:db8::1',
        'for=203.0.113.7',
      ];
      for (const header of useless)
        expect([header.slice(0, 20), await hashFor(header)]).toEqual([header.slice(0, 20), null]);
      expect(await missing()).toBe(before + useless.length);
      const real = await hashFor('203.0.113.7');
      // Longer than 4 KiB: what the client writes in front takes nothing from the end.
      expect(await hashFor(`${'1.1.1.1,'.repeat(5_000)}203.0.113.7`)).toBe(real);
      expect(await hashFor('203.0.113.7:51234')).toBe(real);
      expect(await hashFor('[2001:db8:1:2::1]:443')).toBe(await hashFor('2001:db8:1:2::1'));
    },
  ],
  [
    '30. all spellings of one address are one visitor',
    async () => {
      const four = await hashFor('1.2.3.4');
      expect(await hashFor('::ffff:1.2.3.4')).toBe(four);
      expect(await hashFor('::FFFF:102:304')).toBe(four);
      const six = await hashFor('2001:db8:0:0:0:0:0:1');
      for (const spelling of ['2001:DB8::1', '2001:0db8:0000::0001', '[2001:db8::1]', '2001:db8::1%eth0']) {
        expect(await hashFor(spelling)).toBe(six);
      }
      expect(await hashFor('2001:db8:0:1::1')).not.toBe(six);
    },
  ],
  [
    '31. no address in production: the event is stored without a visitor, counted, and warned of once a minute',
    async () => {
      const issuer = await createTestIssuer();
      const jwks = join(world.folder, 'production-jwks.json');
      writeFileSync(jwks, JSON.stringify(issuer.jwks));
      const time = { now };
      const production = await world.start({
        now: () => time.now,
        env: {
          NODE_ENV: 'production',
          SIGNALS_STORE: 'embedded',
          SIGNALS_SALT_SECRET: 'a production salt secret, long enough to be one',
          SIGNALS_JWKS_FILE: jwks,
          SIGNALS_JWT_ISSUER: testIssuerName,
          SIGNALS_JWT_AUDIENCE: testAudience,
          SIGNALS_CLIENT_IP_SOURCE: 'xff',
        },
      });
      const client = clientOf(production, await issuer.token({ now }));
      const warnings = () => production.logs().match(/addresses are missing/g)?.length ?? 0;
      const event = pageViewed();
      for (const one of [event, pageViewed(), pageViewed()]) expect(await client.one(one)).toBe('ACCEPTED');
      const [row] = await world.stored(event.clientEventId ?? '');
      expect(row?.userHash).toBeNull();
      expect(row?.dimensions.browserFamily).toBe('Chrome');
      expect(await metric(production, 'signals_origin_missing_total', { what: 'address' })).toBe(3);
      expect(warnings()).toBe(1);
      time.now = new Date(now.getTime() + 60_000);
      await client.one(pageViewed());
      expect(warnings()).toBe(2);
    },
  ],
];

const optOuts: readonly Row[] = [
  [
    'a header that stands twice opts out by any of its values; no value but 1 does',
    async () => {
      const says = async (headers: Record<string, string | string[]>) => {
        const { verdict, row } = await send(bySocket, { 'user-agent': chrome, ...headers });
        expect(verdict).toBe('ACCEPTED');
        // The row of somebody who opted out has no client id to find it by.
        return row === undefined;
      };
      for (const name of ['sec-gpc', 'dnt']) {
        for (const value of ['1', ' 1 ', '1, 1', '0,1', ['1', '1'], ['0', '1'], ['1', '0']])
          expect([name, value, await says({ [name]: value })]).toEqual([name, value, true]);
        for (const value of ['0', '', '11', '1;a', ['0', '0']])
          expect([name, value, await says({ [name]: value })]).toEqual([name, value, false]);
      }
    },
  ],
  [
    'a gateway that signs what it met twice opts out as well',
    async () => {
      for (const gateway of [{ gpc: '1, 1' }, { dnt: '0,1' }, { gpc: '1' }]) {
        const { verdict, row } = await signedRow({ ip: '203.0.113.7', ua: chrome, ...gateway });
        expect([gateway, verdict, row]).toEqual([gateway, 'ACCEPTED', undefined]);
      }
    },
  ],
];

const hostileAgents = [
  'A'.repeat(16_000),
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '{"toString":1}',
  "'; DROP TABLE events; --",
  '%s%s%n',
  'Mozilla/5.0 '.repeat(1_000),
  '\u0000',
  'a\r\nset-cookie: b=c',
  '\u{1F600}'.repeat(100),
];

const userAgents: readonly Row[] = [
  [
    '32. no user agent: stored with unknown buckets',
    async () => {
      for (const { verdict, row } of [
        await send(bySocket, {}),
        await send(bySocket, { 'user-agent': '  ' }),
      ]) {
        expect(verdict).toBe('ACCEPTED');
        expect(row?.dimensions).toMatchObject({ deviceType: null, browserFamily: null, osFamily: null });
      }
    },
  ],
  [
    '33. hostile user agents are capped, bucketed as other and never reflected',
    async () => {
      for (const ua of hostileAgents) {
        const { verdict, row, answer } = await signedRow({ ip: '203.0.113.7', ua });
        // Whatever the text, only words of the closed lists are stored.
        const stored = row && [row.dimensions.browserFamily, row.dimensions.osFamily];
        expect([ua.slice(0, 20), verdict, stored]).toBeOneOf([
          [ua.slice(0, 20), 'ACCEPTED', ['other', 'other']],
          [ua.slice(0, 20), 'DROPPED BOT', undefined],
        ]);
        for (const text of [answer.text, bySignature.logs()]) expect(text).not.toContain(ua.slice(0, 40));
      }
      const long = await send(bySocket, { 'user-agent': `${chrome} ${'A'.repeat(16_000)}` });
      expect([long.verdict, long.row?.dimensions.browserFamily]).toEqual(['ACCEPTED', 'Chrome']);
      expect(long.text).not.toContain('AAAA');
    },
  ],
  ...[
    'node',
    'undici',
    'node-fetch',
    'Go-http-client/2.0',
    'hyper/1.0',
    'node-fetch/1.0 (+https://github.com/x)',
  ].map(
    (ua): Row => [
      `34. a gateway’s own user agent (${ua}) is no bot: stored with unknown buckets, counted, and warned of`,
      async () => {
        const count = () => metric(bySocket, 'signals_origin_missing_total', { what: 'user_agent' });
        const before = await count();
        const { verdict, row } = await send(bySocket, { 'user-agent': ua });
        expect(verdict).toBe('ACCEPTED');
        expect(row?.dimensions).toMatchObject({ deviceType: null, browserFamily: null, osFamily: null });
        expect(await count()).toBe(before + 1);
        expect(bySocket.logs()).toContain('the gateway sends its own or none; let it pass on user-agent');
      },
    ],
  ),
  [
    '35. a real bot: DROPPED BOT, no row, one counter',
    async () => {
      const count = () => metric(bySocket, 'signals_events_total', { outcome: 'dropped', reason: 'BOT' });
      const before = await count();
      const { verdict, row } = await send(bySocket, {
        'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      });
      expect([verdict, row]).toEqual(['DROPPED BOT', undefined]);
      expect(await count()).toBe(before + 1);
    },
  ],
  [
    '36. separators in host or user agent forge nobody’s hash',
    async () => {
      const gateway = { ip: '203.0.113.7', ua: chrome };
      for (const host of ['a\u001f203.0.113.7', 'a\u0000b', 'a\nb', 'a|b', 'a:b:c', '9:a.example']) {
        expect((await signedRow(gateway, { host })).verdict).toBe('REJECTED INVALID_TEXT');
      }
      // Text that moves from one field to its neighbour makes another visitor.
      const one = await signedRow({ ...gateway, ip: '1.2.3.4' }, { host: 'a1' });
      const two = await signedRow({ ...gateway, ip: '11.2.3.4' }, { host: 'a' });
      expect(hex(one.row?.userHash)).toMatch(/^[0-9a-f]{32}$/);
      expect(hex(one.row?.userHash)).not.toBe(hex(two.row?.userHash));
      const separated = await signedRow({ ...gateway, ua: `${chrome}\u001f203.0.113.8` });
      const plain = await signedRow({ ...gateway, ip: '203.0.113.8' });
      expect(hex(separated.row?.userHash)).not.toBe(hex(plain.row?.userHash));
    },
  ],
];

it.each([...addresses, ...optOuts, ...userAgents])('%s', (_name, run) => run());
