import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developmentKey } from '../../src/app/embedded/credentials.js';
import { type OpenedStore, openStore } from '../../src/store/open-store.js';
import { createTestApp, type TestApp } from '../support/app.js';
import {
  createPostgresDatabase,
  migrationsDir,
  type PostgresDatabase,
  postgresOffer,
  silent,
} from '../support/database.js';
import { type Mark, marksBelow, marksIn } from './search.js';

const address = '198.51.100.177';
const userAgent =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Canary/7f3a9c1d';
const bot = 'Googlebot/2.1 (+http://www.google.com/bot.html) canary-bot-7f3a9c1d';
const email = 'canary.mail.7f3a9c1d@staff.example';
const subject = 'canary-subject-7f3a9c1d';
const sessionId = '7f3a9c1d-aaaa-7bbb-8ccc-dddddddddddd';
const saltSecret = 'canary-salt-secret-7f3a9c1d-of-enough-bytes';
const host = 'canary-host-7f3a9c1d.example';
const refusedMail = 'canary.value.7f3a9c1d@example.org';
const phone = '+1 415 555 0177';
const query = 'canary-query-7f3a9c1d';
const undeclared = 'canary-undeclared-7f3a9c1d';
/** In an allowed field: the one thing that must be found again, or the search would prove nothing. */
const allowed = '/canary-allowed-route';

const marks = (tokens: readonly string[]): Mark[] => [
  { name: 'address', text: address },
  { name: 'user agent', text: 'Canary/7f3a9c1d' },
  { name: 'bot user agent', text: 'canary-bot-7f3a9c1d' },
  { name: 'e-mail', text: email },
  { name: 'subject', text: subject },
  { name: 'session id', text: sessionId },
  { name: 'salt secret', text: saltSecret },
  { name: 'host', text: host },
  { name: 'refused e-mail', text: refusedMail },
  { name: 'refused phone number', text: phone },
  { name: 'query', text: query },
  { name: 'undeclared value', text: undeclared },
  ...tokens.map((token, index) => ({
    name: `signature of token ${index}`,
    text: token.split('.')[2] ?? token,
  })),
];

/** Everything that can be asked of the service, with marks in every place that takes text. */
async function haunt(app: TestApp, dataDir: string): Promise<{ tokens: string[]; answers: string[] }> {
  const sign = async (claims: Record<string, unknown>) =>
    new SignJWT({ email, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'development' })
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await importJWK({ ...developmentKey(dataDir).privateJwk }, 'ES256'));
  const user = await sign({});
  const admin = await sign({ roles: ['admin'] });
  const expired = await sign({ exp: 1 });
  const answers: string[] = [];
  const headersOf = (token: string, agent = userAgent) => ({
    authorization: `Bearer ${token}`,
    'user-agent': agent,
    'x-forwarded-for': `10.0.0.1, ${address}`,
  });
  const send = async (path: string, body: unknown, headers: Record<string, string>) => {
    const response = await app.post(path, body, headers);
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
  };
  const event = (more: object = {}) => ({
    eventType: 'page_viewed',
    appName: 'web',
    clientEventId: crypto.randomUUID(),
    host,
    sessionId,
    route: `${allowed}?token=${query}#${query}`,
    properties: { status: 200, colour: undeclared },
    ...more,
  });
  const events = [
    event(),
    event({ properties: { status: refusedMail } }),
    event({ properties: { referrerHost: refusedMail } }),
    event({ properties: { email: refusedMail } }),
    event({ properties: { [refusedMail]: 1 } }),
    event({ properties: { referrerHost: phone } }),
    event({ route: `/users/${refusedMail}` }),
    event({ entityType: 'question', entityId: refusedMail }),
    event({ eventType: refusedMail }),
    event({ appName: refusedMail }),
    event({ appVersion: refusedMail }),
    event({ clientEventId: refusedMail }),
    event({ sessionId: refusedMail }),
    event({ occurredAt: refusedMail }),
  ];
  const track =
    'mutation($input: TrackEventsInput!) { trackEvents(input: $input) { accepted results { clientEventId status reason } } }';
  await send('/v1/events', { events }, headersOf(user));
  await send('/graphql', { query: track, variables: { input: { events } } }, headersOf(user));
  await send(
    '/graphql',
    { query: track, variables: { input: { events: [event()], sentAt: refusedMail } } },
    headersOf(user),
  );
  await send('/v1/events', { events }, headersOf(user, bot));
  await send('/v1/events', { events }, headersOf(expired));
  await send('/v1/events', { events }, headersOf(`${user}x`));
  await send('/v1/events', `{"events": [${refusedMail}`, headersOf(user));
  await send('/v1/events', { events: refusedMail }, headersOf(user));
  await send('/v1/events', { events, sentAt: refusedMail }, headersOf(user));
  await send(`/${refusedMail}`, {}, headersOf(user));
  await send('/graphql', { query: `{ ${query.replaceAll('-', '_')} }` }, headersOf(user));
  await send(
    '/graphql',
    { query: `{ events(filter: { userHash: "${refusedMail}", from: "${refusedMail}" }) { totalCount } }` },
    headersOf(admin),
  );
  await send('/graphql', { query: `{ events(after: "${refusedMail}") { totalCount } }` }, headersOf(admin));
  await send('/graphql', { query: track, variables: { input: { events: refusedMail } } }, headersOf(user));
  await send(
    '/graphql',
    { query: track, variables: { input: { events: [{ seq: refusedMail }] } } },
    headersOf(user),
  );
  await send('/graphql', { query: `{ events(first: "${refusedMail}` }, headersOf(admin));
  const statistics = (input: string) =>
    send('/graphql', { query: `{ eventStats(input: ${input}) { rows { key } } }` }, headersOf(admin));
  await statistics(`{ last: "P1D", filter: { route: ["${refusedMail}"] }, groupBy: [{ dimension: ROUTE }] }`);
  await statistics(`{ last: "${refusedMail}" }`);
  await statistics(`{ last: "P1D", zone: "${refusedMail}" }`);
  await statistics(`{ last: "P1D", groupBy: [{ property: "${refusedMail}" }] }`);
  await statistics(`{ last: "P1D", interval: ${query.replaceAll('-', '_')} }`);
  await send(
    '/graphql',
    { query: '{ events { totalCount edges { node { id route userHash sessionId properties } } } }' },
    headersOf(admin),
  );
  const jwt = { payload: { sub: subject, email }, token: { value: user, prefix: 'Bearer' } };
  await send(
    '/graphql',
    { query: '{ __typename }', extensions: { jwt, gateway: { ip: address, ua: userAgent } } },
    headersOf(user),
  );
  return { tokens: [user, admin, expired], answers };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-canary-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withApp<T>(
  store: OpenedStore,
  dataDir: string,
  work: (app: TestApp) => Promise<T>,
): Promise<T> {
  const env = { SIGNALS_DATA_DIR: dataDir, SIGNALS_CLIENT_IP_SOURCE: 'xff', SIGNALS_SALT_SECRET: saltSecret };
  const app = await createTestApp({ store, env });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Counts the days of what was stored, so that the tables of statistics hold what they would. */
async function countDays({ store, prisma }: OpenedStore): Promise<void> {
  await store.beginCounting();
  for (const { day } of await store.changedDays()) expect(await store.countDay(day)).toBe('COUNTED');
  await expectHashesInEventsOnly(prisma);
}

/** Of all tables, whatever their names, that of the events alone holds a hash of one. */
async function expectHashesInEventsOnly(prisma: OpenedStore['prisma']): Promise<void> {
  const stored = await prisma.event.findMany();
  const hashes = stored.flatMap(({ userHash, sessionHash }) => [userHash, sessionHash]);
  const hashMarks = hashes.flatMap((hash) =>
    hash === null ? [] : [{ name: 'hash', text: Buffer.from(hash).toString('hex') }],
  );
  expect(hashMarks.length).toBeGreaterThan(1);
  const tables = await prisma.$queryRawUnsafe<{ name: string }[]>(
    `SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
  );
  const contents = new Map<string, Buffer>();
  for (const { name } of tables) {
    const rows = await prisma.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
    contents.set(name, Buffer.from(rows.map(({ row }) => row).join('\n')));
  }
  const withHash = [...contents].filter(([, bytes]) => marksIn(bytes, hashMarks).length > 0);
  expect(withHash.map(([name]) => name)).toEqual(['events']);
  // What is allowed was counted, so that there was something to find.
  const withRoute = [...contents].filter(
    ([, bytes]) => marksIn(bytes, [{ name: 'allowed', text: allowed }]).length > 0,
  );
  expect(withRoute.map(([name]) => name)).toEqual(expect.arrayContaining(['stat_day', 'stat_set']));
}

/** What a run left behind apart from the database. */
async function traces(app: TestApp, answers: readonly string[]) {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  return {
    logs: Buffer.from(app.logs()),
    metrics: Buffer.from(metrics),
    answers: Buffer.from(answers.join('\n')),
  };
}

function expectClean(
  where: { logs: Buffer; metrics: Buffer; answers: Buffer },
  tokens: readonly string[],
): void {
  expect(where.logs.length).toBeGreaterThan(1_000);
  expect(where.metrics.includes('signals_events_total')).toBe(true);
  for (const [name, bytes] of Object.entries(where)) expect(marksIn(bytes, marks(tokens)), name).toEqual([]);
}

describe('nothing planted is found again', () => {
  it('on PGlite: in the data folder, logs, metrics, answers and headers', async () => {
    const database = join(folder, 'pglite');
    const store = await openStore({
      dataDir: database,
      migrationsDir,
      log: silent,
      clock: { now: () => new Date() },
    });
    await store.migrate();
    const credentials = mkdtempSync(join(tmpdir(), 'signals-canary-keys-'));
    const tokens = await withApp(store, credentials, async (app) => {
      const haunted = await haunt(app, credentials);
      expect(await store.prisma.event.count()).toBe(1);
      await countDays(store);
      expectClean(await traces(app, haunted.answers), haunted.tokens);
      return haunted.tokens;
    });
    await store.store.close();
    rmSync(credentials, { recursive: true, force: true });
    const { files, found } = marksBelow(database, marks(tokens));
    expect(files).toBeGreaterThan(500);
    expect(found).toEqual([]);
    expect(marksBelow(database, [{ name: 'allowed', text: allowed }]).found.length).toBeGreaterThan(0);
  }, 90_000);

  it('on PostgreSQL: in a dump, logs, metrics, answers and headers', async () => {
    const { missing } = await postgresOffer();
    const pgDump = findPgDump();
    if (missing !== undefined || pgDump === null) {
      if (process.env.SIGNALS_TEST_REQUIRE_ALL) throw new Error(missing ?? 'pg_dump is missing');
      console.warn(`SKIPPED: the canary on PostgreSQL, because ${missing ?? 'pg_dump is not installed'}`);
      return;
    }
    const database: PostgresDatabase = await createPostgresDatabase();
    const store = await openStore({
      databaseUrl: database.url,
      migrationsDir,
      log: silent,
      clock: { now: () => new Date() },
    });
    const credentials = mkdtempSync(join(tmpdir(), 'signals-canary-keys-'));
    await withApp(store, credentials, async (app) => {
      const { tokens, answers } = await haunt(app, credentials);
      expect(await store.prisma.event.count()).toBe(1);
      await countDays(store);
      expectClean(await traces(app, answers), tokens);
      const dump = execFileSync(pgDump, [database.url], { maxBuffer: 64 * 1024 * 1024 });
      expect(marksIn(dump, marks(tokens))).toEqual([]);
      expect(marksIn(dump, [{ name: 'allowed', text: allowed }])).toEqual(['allowed']);
    });
    await store.store.close();
    await database.drop();
    rmSync(credentials, { recursive: true, force: true });
  });
});

describe('the search', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['in capitals', (text: string) => text.toUpperCase()],
    ['in a URL', (text: string) => encodeURIComponent(text)],
    ['in hex', (text: string) => Buffer.from(text).toString('hex')],
    ['in base64 after anything', (text: string) => Buffer.from(`ab${text}cd`).toString('base64')],
    ['in base64url', (text: string) => Buffer.from(`a${text}`).toString('base64url')],
    ['in UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
  ])('finds a mark %s', (_, write) => {
    const bytes = Buffer.concat([Buffer.from('before '), Buffer.from(write(email)), Buffer.from(' after')]);
    expect(marksIn(bytes, marks([]))).toContain('e-mail');
  });
});

/** A pg_dump as new as the newest server on the machine. */
function findPgDump(): string | null {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const path = versions.map((version) => join(base, version, 'bin', 'pg_dump')).find(existsSync);
  return path ?? null;
}
