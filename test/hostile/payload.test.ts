import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, type TestApp } from '../support/app.js';
import { freshId, pageViewed } from '../support/pipeline.js';
import { answerOf, type Client, clientOf, metric, rawBytes, trackEvent, verdicts } from './client.js';
import { openStoreAt, openWorld, type World } from './world.js';

const now = new Date('2026-11-20T12:00:00.000Z');
let world: World;
let app: TestApp;
let token: string;
let client: Client;

beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ now: () => now, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000' } });
  token = await app.token('user-1');
  client = clientOf(app, token);
});
afterAll(() => world.close());

type Row = readonly [name: string, run: () => Promise<void>];

/** What becomes of an event with these properties, and what is stored of it. */
async function propertiesVerdict(properties: unknown): Promise<{ verdict: string; stored: unknown }> {
  const event = pageViewed({ properties: properties as never });
  const verdict = await client.one(event);
  const [row] = await world.stored(event.clientEventId ?? '');
  return { verdict, stored: row?.properties };
}

/** The same through text, for values that no JSON.stringify writes. */
async function textVerdict(properties: string): Promise<string> {
  const id = freshId();
  const event = `{"eventType":"page_viewed","appName":"web","clientEventId":"${id}","properties":${properties}}`;
  const response = await app.post('/v1/events', `{"events":[${event}]}`, bearer(token));
  const body = JSON.parse(await response.text());
  return response.status === 202 ? (verdicts(body)[0] ?? '') : `HTTP ${response.status}`;
}

async function refusedText(event: object, verdict: string): Promise<void> {
  expect([event, await client.one(pageViewed(event))]).toEqual([event, verdict]);
}

const nested = (depth: number, leaf: unknown = 1): unknown =>
  depth === 0 ? leaf : { a: nested(depth - 1, leaf) };

const sizes: readonly Row[] = [
  [
    '37. properties of 2,048 bytes of UTF-8 are taken, of 2,049 not: bytes, not characters',
    async () => {
      // {"":""} around it takes 8 bytes with a key of one letter.
      expect((await propertiesVerdict({ a: 'é'.repeat(1_020) })).verdict).toBe('ACCEPTED');
      expect((await propertiesVerdict({ a: `${'é'.repeat(1_020)}b` })).verdict).toBe(
        'REJECTED PROPERTIES_TOO_LARGE',
      );
      expect((await propertiesVerdict({ a: 'b'.repeat(2_040) })).verdict).toBe('ACCEPTED');
      expect((await propertiesVerdict({ a: 'b'.repeat(2_041) })).verdict).toBe(
        'REJECTED PROPERTIES_TOO_LARGE',
      );
      const keys = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, 1]));
      expect((await propertiesVerdict(keys)).verdict).toBe('REJECTED PROPERTIES_TOO_LARGE');
    },
  ],
  [
    '38. a body of 10 MB, declared or in chunks, and a wrong Content-Length',
    async () => {
      const large = 'x'.repeat(10_000_000);
      const head = (path: string) =>
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n`;
      for (const path of ['/graphql', '/v1/events']) {
        const declared = await rawBytes(app.url, `${head(path)}content-length: ${large.length}\r\n\r\n`, {
          end: false,
        });
        expect(declared).toMatch(/^HTTP\/1\.1 413 .*REQUEST_ENTITY_TOO_LARGE/s);
        const chunks = `${(2_000_000).toString(16)}\r\n${'x'.repeat(2_000_000)}\r\n0\r\n\r\n`;
        const chunked = await rawBytes(app.url, `${head(path)}transfer-encoding: chunked\r\n\r\n${chunks}`);
        expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
        for (const length of ['abc', '-1', '1, 2', '0x10']) {
          const wrong = await rawBytes(app.url, `${head(path)}content-length: ${length}\r\n\r\n{}`);
          expect(wrong).toMatch(/^HTTP\/1\.1 400 /);
        }
        const both = `${head(path)}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
        expect(await rawBytes(app.url, both)).toMatch(/^HTTP\/1\.1 400 /);
      }
      const id = freshId();
      const body = JSON.stringify({ events: [pageViewed({ clientEventId: id })] });
      await rawBytes(app.url, `${head('/v1/events')}content-length: ${body.length + 10}\r\n\r\n${body}`);
      expect(await world.stored(id)).toEqual([]);
    },
  ],
  [
    '39. properties 9,000 and 100,000 deep: PROPERTIES_TOO_DEEP for that event alone, over both doors',
    async () => {
      expect((await propertiesVerdict(nested(6))).verdict).toBe('REJECTED PROPERTIES_TOO_DEEP');
      for (const depth of [9_000, 100_000]) {
        const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
        expect(await textVerdict(deep)).toBe('REJECTED PROPERTIES_TOO_DEEP');
        expect(await textVerdict(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toBe(
          'REJECTED PROPERTIES_TOO_DEEP',
        );
        const [good, bad] = [pageViewed(), pageViewed()];
        const events = `[${JSON.stringify({ ...bad, properties: 0 }).replace(':0}', `:${deep}}`)},${JSON.stringify(good)}]`;
        const query = JSON.stringify(
          'mutation($input: TrackEventsInput!) { trackEvents(input: $input) { results { clientEventId status reason } } }',
        );
        const response = await app.post(
          '/graphql',
          `{"query":${query},"variables":{"input":{"events":${events}}}}`,
          bearer(token),
        );
        const answer = await answerOf(response);
        expect(verdicts(answer.data.trackEvents)).toEqual(['REJECTED PROPERTIES_TOO_DEEP', 'ACCEPTED']);
        expect(await world.stored(good.clientEventId ?? '', bad.clientEventId ?? '')).toHaveLength(1);
      }
      expect(app.logs()).not.toContain('RangeError');
    },
  ],
  [
    '40. a literal of 60,000 brackets is refused by the parser’s limit, and one of 100,000 by its size',
    async () => {
      for (const literal of [
        '['.repeat(60_000),
        '{a:'.repeat(20_000),
        `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      ]) {
        const query = `mutation { trackEvent(input: {eventType: "page_viewed", properties: ${literal}`;
        const answer = await client.graphql(query);
        expect([answer.status, answer.codes]).toEqual([200, ['GRAPHQL_VALIDATION_FAILED']]);
        expect(answer.errors?.[0]?.message).toContain('limit of');
      }
      const larger = await client.graphql('['.repeat(100_000));
      expect([larger.status, larger.codes]).toEqual([413, ['REQUEST_ENTITY_TOO_LARGE']]);
    },
  ],
];

const contents: readonly Row[] = [
  [
    '41. keys that mean something to JavaScript are refused, and pollute nothing',
    async () => {
      for (const key of ['__proto__', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty']) {
        for (const text of [
          `{"${key}":{"polluted":1}}`,
          `{"a":{"${key}":{"polluted":1}}}`,
          `{"a":[{"${key}":1}]}`,
        ]) {
          expect([text, await textVerdict(text)]).toEqual([text, 'REJECTED INVALID_PROPERTIES']);
        }
      }
      const response = await app.post(
        '/v1/events',
        '{"__proto__":{"events":[]},"constructor":{}}',
        bearer(token),
      );
      expect(response.status).toBe(400);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  ],
  ...(
    [
      ['42. NUL', '\u0000'],
      ['42. another control character', '\u0085'],
      ['43. half a surrogate pair', '\ud83d'],
      ['43. the other half', '\ude00'],
    ] as const
  ).map(
    ([name, bad]): Row => [
      `${name} in any text: that event is refused`,
      async () => {
        await refusedText({ appName: `web${bad}` }, 'REJECTED UNKNOWN_APP');
        await refusedText({ eventType: `page_viewed${bad}` }, 'REJECTED UNKNOWN_EVENT_TYPE');
        await refusedText({ clientEventId: `${freshId()}${bad}` }, 'REJECTED INVALID_CLIENT_EVENT_ID');
        await refusedText({ appVersion: `1${bad}` }, 'REJECTED INVALID_TEXT');
        await refusedText({ source: `web${bad}` }, 'REJECTED INVALID_TEXT');
        await refusedText({ host: `a.example${bad}` }, 'REJECTED INVALID_TEXT');
        await refusedText({ route: `/a${bad}b` }, 'REJECTED INVALID_TEXT');
        await refusedText({ sessionId: `${freshId()}${bad}` }, 'REJECTED INVALID_SESSION');
        await refusedText({ occurredAt: `2026-11-20T12:00:00Z${bad}` }, 'REJECTED INVALID_TIMESTAMP');
        await refusedText({ entityType: `video${bad}`, entityId: 'a' }, 'REJECTED UNKNOWN_ENTITY_TYPE');
        await refusedText({ entityType: 'video', entityId: `a${bad}` }, 'REJECTED INVALID_TEXT');
        await refusedText({ properties: { a: `b${bad}` } }, 'REJECTED INVALID_TEXT');
        await refusedText({ properties: { [`a${bad}`]: 'b' } }, 'REJECTED INVALID_TEXT');
        await refusedText({ properties: { referrerHost: `b${bad}` } }, 'REJECTED INVALID_TEXT');
      },
    ],
  ),
  [
    '44. bytes that are no UTF-8 become U+FFFD: taken as text, refused in ids',
    async () => {
      const send = async (event: string) => {
        const body = Buffer.from(`{"events":[${event}]}`, 'latin1');
        const response = await fetch(`${app.url}/v1/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...bearer(token) },
          body: new Uint8Array(body),
        });
        return verdicts(JSON.parse(await response.text()))[0];
      };
      const event = (more: object) => JSON.stringify(pageViewed(more));
      expect(await send(event({ properties: { note: 'a\xff\xc3b' } }))).toBe('ACCEPTED');
      expect(await send(event({ clientEventId: `${freshId().slice(0, -1)}\xff` }))).toBe(
        'REJECTED INVALID_CLIENT_EVENT_ID',
      );
      expect(await send(event({ sessionId: `${freshId().slice(0, -1)}\xff` }))).toBe(
        'REJECTED INVALID_SESSION',
      );
      expect(await send(event({ entityType: 'video', entityId: 'a\xff' }))).toBe('REJECTED INVALID_ENTITY');
    },
  ],
  [
    '45. numbers that would come back changed are refused',
    async () => {
      for (const number of ['1e400', '-1e400', '9007199254740993', '-9007199254740992', '-0', '-0.0']) {
        expect([number, await textVerdict(`{"status":${number}}`)]).toEqual([
          number,
          'REJECTED INVALID_PROPERTIES',
        ]);
        expect(await textVerdict(`{"other":[${number}]}`)).toBe('REJECTED INVALID_PROPERTIES');
      }
      expect(await textVerdict('{"status":"NaN"}')).toBe('REJECTED INVALID_PROPERTIES');
      expect(await textVerdict('{"status":NaN}')).toBe('HTTP 400');
      for (const seq of ['1e400', '1.5', '-1', '2147483648', '"1"', 'true']) {
        const id = freshId();
        const event = `{"eventType":"page_viewed","appName":"web","clientEventId":"${id}","seq":${seq}}`;
        const response = await app.post('/v1/events', `{"events":[${event}]}`, bearer(token));
        expect([seq, verdicts(JSON.parse(await response.text()))]).toEqual([seq, ['REJECTED INVALID_SEQ']]);
      }
    },
  ],
  [
    '46. keys that name personal data, in every costume',
    async () => {
      const keys = [
        'email',
        'E-Mail',
        'e_mail',
        'userEmail',
        'ｅmail',
        'e\u200bmail',
        '\u0435mail',
        'EMAIL_ADDRESS',
        'phoneNumber',
        'password',
        'ipAddress',
        'lastName',
      ];
      for (const key of keys) {
        for (const properties of [{ [key]: 'x' }, nested(3, { [key]: 1 }), { list: [{ [key]: null }] }]) {
          expect([properties, (await propertiesVerdict(properties)).verdict]).toEqual([
            properties,
            'REJECTED PII_KEY',
          ]);
        }
        const json = { note: JSON.stringify({ [key]: 'x' }) };
        expect([key, (await propertiesVerdict(json)).verdict]).toEqual([key, 'REJECTED PII_KEY']);
      }
      // Seven deep it is refused for its depth, before anybody looks for a key.
      expect((await propertiesVerdict(nested(7, { email: 'x' }))).verdict).toBe(
        'REJECTED PROPERTIES_TOO_DEEP',
      );
    },
  ],
  [
    '47. values that look like personal data under harmless keys',
    async () => {
      const values = [
        'alice@example.org',
        'write to Alice <alice@example.org> today',
        'alice%40example.org',
        'ａlice＠example.org',
        '+49 30 901820',
        '4111 1111 1111 1111',
        'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
        '203.0.113.7',
        '2001:db8::1',
        'https://alice:secret@example.org/',
        'https://example.org/?token=abcdef',
        'Bearer abcdefghijklmnop',
      ];
      for (const value of values) {
        expect([value, (await propertiesVerdict({ note: value })).verdict]).toEqual([
          value,
          'REJECTED PII_VALUE',
        ]);
        expect((await propertiesVerdict({ referrerHost: value })).verdict).toBe('REJECTED PII_VALUE');
      }
      expect((await propertiesVerdict({ note: 4_111_111_111_111_111 })).verdict).toBe('REJECTED PII_VALUE');
    },
  ],
  [
    '48. personal data in route, entity, session, labels and names',
    async () => {
      const clean = pageViewed({ route: '/users/42?token=abcdef&email=alice@example.org#alice@example.org' });
      expect(await client.one(clean)).toBe('ACCEPTED');
      expect((await world.stored(clean.clientEventId ?? ''))[0]?.dimensions.route).toBe('/users/[id]');
      await refusedText({ route: '/users/alice@example.org?token=x' }, 'REJECTED PII_VALUE');
      await refusedText({ route: '/users/alice%40example.org' }, 'REJECTED PII_VALUE');
      await refusedText({ entityType: 'video', entityId: 'alice@example.org' }, 'REJECTED PII_VALUE');
      await refusedText({ sessionId: 'alice@example.org' }, 'REJECTED INVALID_SESSION');
      await refusedText({ appVersion: 'alice@example.org' }, 'REJECTED INVALID_TEXT');
      await refusedText({ source: '203.0.113.7' }, 'REJECTED PII_VALUE');
      await refusedText({ appName: 'alice@example.org' }, 'REJECTED UNKNOWN_APP');
      await refusedText({ eventType: 'alice@example.org' }, 'REJECTED UNKNOWN_EVENT_TYPE');
    },
  ],
  [
    '49. unknown names are each event’s own verdict, so that old bundles live',
    async () => {
      const { results, ...counts } = await client.batch([
        pageViewed({ eventType: 'renamed_long_ago' }),
        pageViewed({ appName: 'gone' }),
        pageViewed({ entityType: 'unheard', entityId: 'x' }),
        pageViewed({ eventType: 'cta_clicked', appName: 'ide' }),
        pageViewed({ eventVersion: 99 }),
        pageViewed(),
      ]);
      expect(verdicts({ results })).toEqual([
        'REJECTED UNKNOWN_EVENT_TYPE',
        'REJECTED UNKNOWN_APP',
        'REJECTED UNKNOWN_ENTITY_TYPE',
        'REJECTED UNKNOWN_EVENT_TYPE',
        'REJECTED UNKNOWN_EVENT_TYPE',
        'ACCEPTED',
      ]);
      expect(counts).toEqual({ accepted: 1, duplicates: 0, dropped: 0, rejected: 5 });
    },
  ],
  [
    '50. entity type and id come together and in the type’s format',
    async () => {
      await refusedText({ entityType: 'video' }, 'REJECTED INVALID_ENTITY');
      await refusedText({ entityId: 'some-video' }, 'REJECTED INVALID_ENTITY');
      await refusedText({ entityType: 'journey', entityId: 'no-uuid' }, 'REJECTED INVALID_ENTITY');
      await refusedText({ entityType: 'video', entityId: 'a'.repeat(10_000) }, 'REJECTED INVALID_ENTITY');
      await refusedText({ entityType: 'video', entityId: '../../etc/passwd' }, 'REJECTED INVALID_ENTITY');
      await refusedText({ entityType: 'journey', entityId: freshId().toUpperCase() }, 'ACCEPTED');
    },
  ],
];

const uuid = '018f4e7a-abcd-4222-8333-444455556666';

const ids: readonly Row[] = [
  [
    '51. a clientEventId that is missing, empty, 10 KB, in braces or no UUID; letter case is no difference',
    async () => {
      const bad = [
        '',
        'x'.repeat(10_000),
        `{${uuid}}`,
        `urn:uuid:${uuid}`,
        'not-a-uuid',
        `${uuid} `,
        '00000000-0000-0000-0000-000000000000',
      ];
      for (const clientEventId of bad)
        await refusedText({ clientEventId }, 'REJECTED INVALID_CLIENT_EVENT_ID');
      const { clientEventId: _, ...without } = pageViewed();
      const answer = await client.graphql(trackEvent, { input: without });
      expect([answer.status, answer.codes]).toEqual([200, ['BAD_USER_INPUT']]);
      expect(await client.one(pageViewed({ clientEventId: uuid }))).toBe('ACCEPTED');
      expect(await client.one(pageViewed({ clientEventId: uuid.toUpperCase() }))).toBe('DUPLICATE');
      expect(await world.stored(uuid)).toHaveLength(1);
    },
  ],
  [
    '52. one id is one row: in a batch, concurrently, on two replicas, with other content, and the first wins',
    async () => {
      const event = pageViewed({ route: '/first' });
      const again = { ...event, route: '/second' };
      expect(verdicts(await client.batch([event, again, event]))).toEqual([
        'ACCEPTED',
        'DUPLICATE',
        'DUPLICATE',
      ]);
      // Same subject, same salt secret: another process of the same service.
      const secret = { SIGNALS_SALT_SECRET: 'shared by two replicas, at least 32 bytes' };
      const replicas = [await world.start({ env: secret }), await world.start({ env: secret })];
      const clients = await Promise.all(
        replicas.map(async (one) => clientOf(one, await one.token('user-1'))),
      );
      const shared = pageViewed({ route: '/first' });
      const said = await Promise.all(
        Array.from({ length: 20 }, (_, index) => clients[index % 2]?.one({ ...shared, seq: index })),
      );
      expect(said.filter((word) => word === 'ACCEPTED')).toHaveLength(1);
      expect(said.filter((word) => word === 'DUPLICATE')).toHaveLength(19);
      const rows = await world.stored(event.clientEventId ?? '', shared.clientEventId ?? '');
      expect(rows.map((row) => row.dimensions.route)).toEqual(['/first', '/first']);
    },
  ],
  [
    '52. one id is one row after a restart, too',
    async () => {
      const own = await openWorld();
      const dataDir = `${own.folder}/restarted`;
      const env = { SIGNALS_SALT_SECRET: 'the same before and after, at least 32 bytes' };
      const event = pageViewed();
      const said: string[] = [];
      for (const route of ['/before', '/after']) {
        const store = await openStoreAt({ dataDir });
        await store.migrate();
        const started = await own.start({ store, env });
        said.push(await clientOf(started, await started.token('user-1')).one({ ...event, route }));
        if (route === '/after') {
          const rows = await store.prisma.event.findMany({ include: { dimensions: true } });
          expect(rows.map((row) => row.dimensions.route)).toEqual(['/before']);
        }
        await started.close();
        await store.store.close();
      }
      expect(said).toEqual(['ACCEPTED', 'DUPLICATE']);
      await own.close();
    },
  ],
  [
    '53. somebody else’s id neither suppresses nor reveals nor overwrites that event',
    async () => {
      const event = pageViewed({ route: '/mine' });
      expect(await client.one(event)).toBe('ACCEPTED');
      const stranger = clientOf(app, await app.token('user-2'));
      const guess = { ...event, route: '/theirs' };
      expect(verdicts(await stranger.batch([guess, guess]))).toEqual(['ACCEPTED', 'DUPLICATE']);
      const rows = await world.stored(event.clientEventId ?? '');
      expect(rows.map((row) => row.dimensions.route).sort()).toEqual(['/mine', '/theirs']);
    },
  ],
  [
    '54. batches of none, the most and one more; one bad of fifty; aliases count one by one',
    async () => {
      expect(await client.batch([])).toEqual({
        accepted: 0,
        duplicates: 0,
        dropped: 0,
        rejected: 0,
        results: [],
      });
      const many = (count: number) => Array.from({ length: count }, () => pageViewed());
      expect(await client.batch(many(200))).toMatchObject({ accepted: 200 });
      const over = many(201);
      const answer = await client.graphql(
        'mutation($input: TrackEventsInput!) { trackEvents(input: $input) { accepted } }',
        { input: { events: over } },
      );
      expect([answer.status, answer.codes, answer.data]).toEqual([200, ['BATCH_TOO_LARGE'], null]);
      expect(await world.stored(...over.map((event) => event.clientEventId ?? ''))).toEqual([]);
      const fifty = many(50).map((event, index) => (index === 17 ? { ...event, seq: -1 } : event));
      const { results, ...counts } = await client.batch(fifty);
      expect(counts).toEqual({ accepted: 49, duplicates: 0, dropped: 0, rejected: 1 });
      expect(results[17]?.reason).toBe('INVALID_SEQ');
      expect(await world.stored(...fifty.map((event) => event.clientEventId ?? ''))).toHaveLength(49);
    },
  ],
];

async function answers(body: string | Buffer, headers: Record<string, string> = {}, path = '/graphql') {
  const response = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const text = await response.text();
  const { errors, error } = JSON.parse(text);
  return [response.status, error?.code ?? errors?.[0].extensions.code ?? 'no error'] as const;
}

const bodies: readonly [
  name: string,
  body: string | Buffer,
  headers: Record<string, string>,
  status: number,
  code: string,
][] = [
  [
    'duplicate keys (the last one counts)',
    '{"query":"{ nope }","query":"{ __typename }"}',
    {},
    200,
    'no error',
  ],
  ['variables as a list', '{"query":"{ __typename }","variables":[1]}', {}, 400, 'BAD_USER_INPUT'],
  ['variables as text', '{"query":"{ __typename }","variables":"{}"}', {}, 400, 'BAD_USER_INPUT'],
  ['extensions as text', '{"query":"{ __typename }","extensions":"x"}', {}, 400, 'BAD_USER_INPUT'],
  ['operationName as a number', '{"query":"{ __typename }","operationName":1}', {}, 400, 'BAD_USER_INPUT'],
  ['an unknown member', '{"query":"{ __typename }","id":1}', {}, 400, 'BAD_USER_INPUT'],
  ['null', 'null', {}, 400, 'BAD_USER_INPUT'],
  ['an empty list', '[]', {}, 400, 'BAD_USER_INPUT'],
  ['a list', '[{"query":"{ __typename }"}]', {}, 400, 'BAD_USER_INPUT'],
  ['a text', '"x"', {}, 400, 'BAD_USER_INPUT'],
  ['a number', '1', {}, 400, 'BAD_USER_INPUT'],
  ['nothing', '', {}, 400, 'BAD_USER_INPUT'],
  ['half an object', '{"query":', {}, 400, 'BAD_USER_INPUT'],
  ['no query', '{"variables":{}}', {}, 400, 'BAD_USER_INPUT'],
  ['an empty query', '{"query":""}', {}, 200, 'GRAPHQL_PARSE_FAILED'],
  ['query as an object', '{"query":{}}', {}, 400, 'BAD_USER_INPUT'],
  ['behind a byte order mark', '\ufeff{"query":"{ __typename }"}', {}, 200, 'no error'],
  ['behind two of them', '\ufeff\ufeff{"query":"{ __typename }"}', {}, 400, 'BAD_USER_INPUT'],
  ['nothing but one', '\ufeff', {}, 400, 'BAD_USER_INPUT'],
  ['UTF-16', Buffer.from('{"query":"{ __typename }"}', 'utf16le'), {}, 400, 'BAD_USER_INPUT'],
  [
    'UTF-16 that says so',
    '{}',
    { 'content-type': 'application/json; charset=utf-16' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['gzip', Buffer.from('1f8b0800', 'hex'), { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['zstd', '{"query":"{ __typename }"}', { 'content-encoding': 'zstd' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'plain text',
    '{"query":"{ __typename }"}',
    { 'content-type': 'text/plain' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'a form',
    'query=%7B__typename%7D',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'multipart',
    '--x\r\n\r\n--x--',
    { 'content-type': 'multipart/form-data; boundary=x' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'application/graphql',
    '{ __typename }',
    { 'content-type': 'application/graphql' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
];

const shapes: readonly Row[] = [
  ...bodies.map(
    ([name, body, headers, status, code]): Row => [
      `55. a body that is ${name}: ${status} ${code}`,
      async () => expect(await answers(body, headers)).toEqual([status, code]),
    ],
  ),
  [
    '55. other methods, a mutation by GET among them: 405',
    async () => {
      const url = `${app.url}/graphql?query=${encodeURIComponent('mutation { __typename }')}`;
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const response = await fetch(url, { method, headers: bearer(token) });
        expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST']);
      }
      expect(await rawBytes(app.url, 'TRACE /graphql HTTP/1.1\r\nhost: x\r\n\r\n')).toMatch(
        /^HTTP\/1\.1 405 /,
      );
    },
  ],
  [
    '56. a coercion error does not repeat the e-mail address that caused it',
    async () => {
      const email = 'alice@example.org';
      for (const input of [
        { ...pageViewed(), eventVersion: email },
        { ...pageViewed(), seq: email },
        { ...pageViewed(), [email]: 1 },
        { ...pageViewed(), eventType: { email } },
        email,
      ]) {
        const answer = await client.graphql(trackEvent, { input });
        expect(answer.codes).toEqual(['BAD_USER_INPUT']);
        expect(answer.text).not.toContain('alice');
        expect(answer.text).not.toContain('example.org');
      }
      expect(app.logs()).not.toContain('alice');
    },
  ],
  [
    '57. cycles, bombs, 3,500 aliases, 2,000 directives and deep introspection are refused before execution',
    async () => {
      const typeOf = (depth: number): string =>
        depth === 0 ? 'name' : `name ofType { ${typeOf(depth - 1)} }`;
      const bomb = Array.from(
        { length: 24 },
        (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
      ).join(' ');
      const documents = {
        cycle: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
        self: '{ ...A } fragment A on Query { ...A }',
        bomb: `{ ...F0 } ${bomb} fragment F24 on Query { eventCatalog { fingerprint } }`,
        aliases: `{ ${Array.from({ length: 3_500 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
        directives: `{ __typename ${'@include(if: true) '.repeat(2_000)} }`,
        'a few directives': `{ __typename ${'@skip(if: false) '.repeat(60)} }`,
        introspection: `{ __schema { types { fields { type { ${typeOf(30)} } } } } }`,
        'wide introspection': `{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`,
      };
      const received = () => metric(app, 'signals_events_received_total');
      const before = await received();
      for (const [name, document] of Object.entries(documents)) {
        const answer = await client.graphql(document);
        expect([name, answer.status, [...new Set(answer.codes)], answer.data]).toEqual([
          name,
          200,
          ['GRAPHQL_VALIDATION_FAILED'],
          undefined,
        ]);
      }
      expect(await received()).toBe(before);
    },
  ],
  [
    '58. a clock of the client’s decides the day of an event, never a time ahead of its arrival, and no field but occurredAt says it',
    async () => {
      const withClock = { ...pageViewed(), createdAt: '2020-01-01T00:00:00Z' };
      expect((await client.graphql(trackEvent, { input: withClock })).codes).toEqual(['BAD_USER_INPUT']);
      const { body } = await client.rest({ events: [withClock] });
      expect(body.accepted).toBe(1);
      const past = pageViewed({ occurredAt: '2026-11-19T08:00:00Z' });
      const ahead = pageViewed({ occurredAt: '2031-01-01T00:00:00Z' });
      expect(verdicts(await client.batch([past, ahead]))).toEqual(['ACCEPTED', 'ACCEPTED']);
      const rows = await world.stored(...[withClock, past, ahead].map((event) => event.clientEventId ?? ''));
      const happened = new Date('2026-11-19T08:00:00Z');
      expect(rows.map((row) => row.createdAt).sort((a, b) => +a - +b)).toEqual([happened, now, now]);
      const [stored] = await world.stored(past.clientEventId ?? '');
      expect(stored).toMatchObject({ createdAt: happened, occurredAt: happened });
      const [clamped] = await world.stored(ahead.clientEventId ?? '');
      expect(clamped?.occurredAt).toEqual(now);
    },
  ],
];

it.each([...sizes, ...contents, ...ids, ...shapes])('%s', (_name, run) => run(), 90_000);

it('54. fifty aliases of trackEvent are fifty events, and each costs its share of the allowance', async () => {
  const limited = await world.start({ now: () => now, env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '30' } });
  const events = Array.from({ length: 50 }, () => pageViewed());
  const names = events.map((_, index) => `$e${index}: TrackEventInput!`).join(' ');
  const fields = events
    .map((_, index) => `a${index}: trackEvent(input: $e${index}) { status reason }`)
    .join(' ');
  const answer = await clientOf(limited, await limited.token('user-1')).graphql(
    `mutation(${names}) { ${fields} }`,
    Object.fromEntries(events.map((event, index) => [`e${index}`, event])),
  );
  expect(answer.errors).toBeUndefined();
  const said = Object.values<{ status: string; reason: string | null }>(answer.data);
  expect(said.map(({ status, reason }) => reason ?? status)).toEqual([
    ...Array(30).fill('ACCEPTED'),
    ...Array(20).fill('RATE_LIMITED'),
  ]);
  expect(await world.stored(...events.map((event) => event.clientEventId ?? ''))).toHaveLength(30);
});
