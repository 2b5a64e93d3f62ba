import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReplayCommand } from '../../../tools/replay/main.js';
import { createNodeHttpFetch } from '../../../tools/replay/node-http-fetch.js';
import type { ReplayReport } from '../../../tools/replay/report.js';
import { type FakeServer, startFakeServer } from './fake-server.js';
import { fakeIo, logLine, realLog, temporaryFolder } from './files.js';

const botAgent = 'Examplebot/2.1 (+http://bot.example/)';
const slept: number[] = [];
const run = createReplayCommand({
  isBot: (userAgent) => userAgent?.includes('bot') === true,
  botFamily: (userAgent) => (userAgent.startsWith('Example') ? 'Examplebot' : 'other'),
  normaliseUserAgent: (userAgent) => userAgent?.split('/')[0] ?? '',
  createFetch: createNodeHttpFetch,
  sleep: async (ms) => slept.push(ms),
  random: () => 0.5,
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const servers: FakeServer[] = [];
beforeEach(async () => {
  slept.length = 0;
  folder = await temporaryFolder();
});
afterEach(async () => {
  await folder.remove();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(...options: Parameters<typeof startFakeServer>): Promise<FakeServer> {
  const server = await startFakeServer(...options);
  servers.push(server);
  return server;
}

async function replay(log: string, server: FakeServer, ...args: string[]) {
  const { io, written } = fakeIo({ env: { SIGNALS_TOKEN: 'a-token' } });
  const exitCode = await run([log, '--url', server.url, '--json', ...args], io);
  const report: ReplayReport = JSON.parse(written.stdout || '{}');
  return { exitCode, report, written };
}

const smallLog = [
  logLine({ address: '203.0.113.1', userAgent: 'Firefox/1' }),
  logLine({ address: '203.0.113.1', userAgent: 'Firefox/2', time: '18/May/2015:00:00:00 +0000' }),
  logLine({ address: '203.0.113.1', userAgent: 'Firefox/1', request: 'GET /b HTTP/1.1' }),
  'what is this',
  logLine({ address: '203.0.113.2', userAgent: '-' }),
  logLine({ address: '203.0.113.3', userAgent: botAgent }),
].join('\n');

describe('what is sent', () => {
  it('is grouped by caller, whose address and user agent are headers and whose missing one is no header', async () => {
    const server = await start();
    const { exitCode, report } = await replay(await folder.put('log', smallLog), server);
    const batches = server.seen.map(({ address, userAgent, events }) => [address, userAgent, events.length]);
    expect(batches.sort()).toEqual([
      ['203.0.113.1', 'Firefox/1', 2],
      ['203.0.113.1', 'Firefox/2', 1],
      ['203.0.113.2', undefined, 1],
      ['203.0.113.3', botAgent, 1],
    ]);
    expect(new Set(server.seen.map(({ path, authorization }) => `${path} ${authorization}`))).toEqual(
      new Set(['/v1/events Bearer a-token']),
    );
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ lines: 6, malformed: 1, sent: 5, accepted: 5, duplicates: 0 });
  });

  it('ends yesterday', async () => {
    const server = await start();
    const { report } = await replay(await folder.put('log', smallLog), server);
    const times = [...server.stored.values()].map(({ event }) => event.occurredAt ?? '').sort();
    expect(times.at(-1)).toBe('2026-03-09T00:00:00.000Z');
    expect(times[0]).toBe('2026-03-08T10:05:03.000Z');
    expect(report.shiftDays).toBe(3948);
  });

  it('is all duplicates the second time, from a packed file and a day later, too', async () => {
    const server = await start();
    await replay(await folder.put('log', smallLog), server);
    const { io, written } = fakeIo({ now: new Date('2026-03-11T15:00:00Z') });
    const packed = await folder.put('log.gz', gzipSync(smallLog));
    expect(await run([packed, '--url', server.url, '--json', '--token', 't'], io)).toBe(0);
    expect(JSON.parse(written.stdout)).toMatchObject({ sent: 5, accepted: 0, duplicates: 5 });
  });

  it('has at most 200 events in a batch and no more requests in flight than asked for', async () => {
    const server = await start();
    const lines = Array.from({ length: 1_650 }, (_, index) => logLine({ request: `GET /${index} HTTP/1.1` }));
    const { report } = await replay(await folder.put('log', lines.join('\n')), server, '--concurrency', '3');
    expect(server.seen.map(({ events }) => events.length).sort((a, b) => b - a)).toEqual([
      ...Array(8).fill(200),
      50,
    ]);
    expect(server.mostOpen()).toBeLessThanOrEqual(3);
    expect(report.accepted).toBe(1_650);
  });

  it('goes through the mutation of a gateway just the same', async () => {
    const server = await start();
    const log = await folder.put('log', smallLog);
    const { io, written } = fakeIo({ env: { SIGNALS_TOKEN: 'a-token' } });
    expect(await run([log, '--via', 'graphql', '--url', `${server.url}/graphql`, '--json'], io)).toBe(0);
    expect(JSON.parse(written.stdout)).toMatchObject({ sent: 5, accepted: 5 });
    expect(new Set(server.seen.map(({ path }) => path))).toEqual(new Set(['/graphql']));
    expect(server.seen.some(({ userAgent }) => userAgent === undefined)).toBe(true);
  });
});

describe('counting', () => {
  it('tells visitors by day and bots by family, without the server', async () => {
    const server = await start();
    const { report } = await replay(await folder.put('log', smallLog), server);
    expect(report.bots).toEqual({ Examplebot: 1 });
    expect(report.days).toEqual([
      { day: '2026-03-08', visitors: 2, visitorsTaken: 2, eventsTaken: 4 },
      { day: '2026-03-09', visitors: 1, visitorsTaken: 1, eventsTaken: 1 },
    ]);
  });

  it('names what was dropped and rejected by reason', async () => {
    const server = await start({
      verdict: (event, batch) => {
        if (batch.userAgent === botAgent) return { status: 'DROPPED', reason: 'BOT' };
        return event.route === '/b' ? { status: 'REJECTED', reason: 'INVALID_ROUTE' } : null;
      },
    });
    const { exitCode, report } = await replay(await folder.put('log', smallLog), server);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      sent: 5,
      accepted: 3,
      dropped: { BOT: 1 },
      rejected: { INVALID_ROUTE: 1 },
      failed: {},
      retries: {},
    });
  });

  it('sets its own count beside what the server has', async () => {
    const server = await start();
    const lines = Array.from({ length: 450 }, (_, index) =>
      logLine({ address: `203.0.113.${index % 30}`, request: `GET /${index} HTTP/1.1` }),
    );
    const { report } = await replay(
      await folder.put('log', lines.join('\n')),
      server,
      '--compare',
      'admin-token',
    );
    expect(report.days).toMatchObject([{ day: '2026-03-09', visitors: 30, eventsTaken: 450 }]);
    expect(report.stored).toEqual({ '2026-03-09': { visitors: 30, events: 450 } });
    expect(report.counted).toEqual({ '2026-03-09': { visitors: 30, events: 450 } });
    expect(report.compareFailed).toBeNull();
  });

  it('says why statistics could not be had, and ends with 1', async () => {
    const refused = { errors: [{ extensions: { code: 'QUERY_TOO_EXPENSIVE' } }], data: null };
    const server = await start({ stats: refused });
    const { exitCode, report } = await replay(
      await folder.put('log', smallLog),
      server,
      '--compare',
      'admin-token',
    );
    expect([exitCode, report.counted, report.compareFailed]).toEqual([1, null, 'QUERY_TOO_EXPENSIVE']);
  });

  it('shows a day of which statistics know nothing, and takes it for no agreement', async () => {
    const points = [
      { events: null, visitors: null },
      { events: 1, visitors: 1 },
    ];
    const buckets = [{ label: '2026-03-08' }, { label: '2026-03-09' }];
    const server = await start({ stats: { data: { eventStats: { buckets, total: { points } } } } });
    const { io, written } = fakeIo({ env: { SIGNALS_TOKEN: 't', SIGNALS_ADMIN_TOKEN: 'a' } });
    expect(await run([await folder.put('log', smallLog), '--url', server.url], io)).toBe(0);
    expect(written.stdout).toMatch(/2026-03-08 .+ \? +\?\n/);
    expect(written.stdout).toContain('on 1 of 2 days.');
  });

  it('is readable without --json, and shows no address and no user agent', async () => {
    const server = await start();
    const { io, written } = fakeIo({ env: { SIGNALS_TOKEN: 't', SIGNALS_ADMIN_TOKEN: 'a' }, isTTY: true });
    await run([await folder.put('log', smallLog), '--url', server.url], io);
    expect(written.stdout).toMatch(/^lines read +6\nmalformed +1\nsent +5\naccepted +5\nduplicates +0\n/);
    expect(written.stdout).toContain('  Examplebot');
    expect(written.stdout).toMatch(/2026-03-08 +2 +2 +4 +3 +4 +3 +4\n/);
    expect(written.stdout).toContain('the same events and visitors as the replay on 1 of 2 days.');
    expect(written.stdout + written.stderr).not.toMatch(/203\.0\.113|Firefox/);
  });
});

describe('trouble', () => {
  it.each([
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '7' } }, 7_000],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '2' } }, 2_000],
    ['500', { status: 500 }, 250],
  ] as const)('%s is waited out', async (_, fault, waitMs) => {
    const server = await start({ fault: (_batch, request) => (request <= 2 ? fault : null) });
    const log = await folder.put('log', logLine());
    const { exitCode, report } = await replay(log, server);
    expect(exitCode).toBe(0);
    expect(slept[0]).toBe(waitMs);
    expect(report).toMatchObject({ sent: 1, accepted: 1, failed: {} });
    expect(Object.values(report.retries)).toEqual([2]);
  });

  it('waits are twice as long after every failure, up to 30 s, until the attempts are used up', async () => {
    const server = await start({ fault: () => ({ status: 503 }) });
    const { report } = await replay(await folder.put('log', logLine()), server, '--max-attempts', '9');
    // Half of 500, 1,000 …
    expect(slept).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(server.seen).toHaveLength(9);
    expect(report).toMatchObject({ failed: { http_503: 1 }, retries: { http_503: 8 } });
  });

  it('a cut connection is tried again', async () => {
    const server = await start({ fault: (_batch, request) => (request <= 3 ? 'cut' : null) });
    const { exitCode, report } = await replay(await folder.put('log', smallLog), server);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ accepted: 5, retries: { network: 3 } });
  });

  it('events refused for the moment are sent again, without the others', async () => {
    const refused = new Set<string>();
    const server = await start({
      verdict: ({ clientEventId }) => {
        if (refused.size >= 2 || clientEventId == null || refused.has(clientEventId)) return null;
        refused.add(clientEventId);
        return { status: 'DROPPED', reason: 'RATE_LIMITED' };
      },
    });
    const lines = [1, 2, 3, 4].map((page) => logLine({ request: `GET /${page} HTTP/1.1` }));
    const { report } = await replay(await folder.put('log', lines.join('\n')), server);
    expect(server.seen.map(({ events }) => events.length)).toEqual([4, 2]);
    expect(report).toMatchObject({ sent: 4, accepted: 4, dropped: {} });
  });

  it('the longest wait that is asked for is kept to', async () => {
    const refusal = { status: 'DROPPED', reason: 'RATE_LIMITED' };
    const results = [9_000, 1_000].map((retryAfterMs) => ({ ...refusal, retryAfterMs }));
    const server = await start({
      fault: (_batch, request) => (request === 1 ? { status: 202, body: { results } } : null),
    });
    const lines = [1, 2].map((page) => logLine({ request: `GET /${page} HTTP/1.1` }));
    const { report } = await replay(await folder.put('log', lines.join('\n')), server);
    expect(slept).toEqual([9_000]);
    expect(report).toMatchObject({ sent: 2, accepted: 2 });
  });

  it('what has its answer keeps it when the rest turns out to be too large', async () => {
    const refused = new Set<string>();
    const server = await start({
      verdict: ({ clientEventId }) => {
        if (refused.size >= 2 || clientEventId == null || refused.has(clientEventId)) return null;
        refused.add(clientEventId);
        return { status: 'DROPPED', reason: 'RATE_LIMITED' };
      },
      fault: (_batch, request) => (request === 2 ? { status: 413 } : null),
    });
    const lines = [1, 2, 3, 4].map((page) => logLine({ request: `GET /${page} HTTP/1.1` }));
    const { report } = await replay(await folder.put('log', lines.join('\n')), server);
    expect(server.seen.map(({ events }) => events.length)).toEqual([4, 2, 1, 1]);
    expect(report).toMatchObject({ sent: 4, accepted: 4, dropped: {}, failed: {} });
  });

  it('a server that takes smaller batches gets them', async () => {
    const server = await start({ fault: ({ events }) => (events.length > 60 ? { status: 413 } : null) });
    const lines = Array.from({ length: 200 }, (_, index) => logLine({ request: `GET /${index} HTTP/1.1` }));
    const { exitCode, report } = await replay(await folder.put('log', lines.join('\n')), server);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ sent: 200, accepted: 200 });
  });

  it.each([
    ['rest', { status: 503 }, 'http_503'],
    ['rest', { status: 400, body: { error: { code: 'BAD_USER_INPUT' } } }, 'BAD_USER_INPUT'],
    [
      'graphql',
      { status: 200, body: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] } },
      'SERVICE_UNAVAILABLE',
    ],
    ['graphql', { status: 200, body: { errors: [{ extensions: { code: 'DOWNSTREAM' } }] } }, 'DOWNSTREAM'],
    ['graphql', { status: 502, body: {} }, 'http_502'],
  ])(
    'over %s, what is never answered for good (%j) is failed as %s, and the exit code is 1',
    async (via, fault, reason) => {
      const server = await start({ fault: () => fault });
      const { exitCode, report } = await replay(
        await folder.put('log', smallLog),
        server,
        '--via',
        via,
        '--max-attempts',
        '3',
      );
      expect(exitCode).toBe(1);
      expect(report).toMatchObject({ sent: 5, accepted: 0, failed: { [reason]: 5 } });
    },
  );

  it.each([
    ['rest', { status: 401 }],
    ['rest', { status: 403, body: { error: { code: 'FORBIDDEN' } } }],
    ['graphql', { status: 200, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } }],
  ])('over %s, a refused token (%j) ends it at once', async (via, fault) => {
    const server = await start({ fault: () => fault });
    const lines = Array.from({ length: 50 }, (_, index) => logLine({ address: `203.0.113.${index}` }));
    const log = await folder.put('log', lines.join('\n'));
    const { exitCode, report } = await replay(log, server, '--via', via, '--concurrency', '2');
    expect(exitCode).toBe(1);
    expect(report.stopped).toMatch(/UNAUTHENTICATED|FORBIDDEN|http_401/);
    expect(server.seen.length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['no arguments', [], {}],
    ['two logs', ['a', 'b', '--token', 't'], {}],
    ['no token', ['a'], {}],
    ['an unknown option', ['a', '--token', 't', '--nonsense'], {}],
    ['a token that is no header', ['a', '--token', 't\nx-admin: 1'], {}],
    ['--via something', ['a', '--token', 't', '--via', 'pigeon'], {}],
    ['a url without a scheme', ['a', '--token', 't', '--url', 'localhost'], {}],
    ['no concurrency', ['a', '--token', 't', '--concurrency', '0'], {}],
  ])('%s is a mistake that is explained', async (_, argv, env) => {
    const { io, written } = fakeIo({ env });
    expect(await run(argv, io)).toBe(2);
    expect(written.stderr).toMatch(/^replay: .+\n\nUsage: /);
    expect(written.stdout).toBe('');
  });

  it('--help explains and succeeds', async () => {
    const { io, written } = fakeIo();
    expect(await run(['--help'], io)).toBe(0);
    expect(written.stdout).toMatch(/^Usage: npm run -s replay/);
  });

  it.each([
    ['is not there', null, /ENOENT/],
    ['is a damaged archive', gzipSync(Buffer.alloc(100_000, 'line\n')).subarray(0, 60), /Z_BUF_ERROR/],
  ])('a log that %s is said to be so', async (_, content, message) => {
    const { io, written } = fakeIo({ env: { SIGNALS_TOKEN: 't' } });
    const log = content === null ? `${folder.path}/nothing` : await folder.put('log.gz', content);
    expect(await run([log], io)).toBe(1);
    expect(written.stderr).toMatch(message);
  });
});

describe('the log of 10,000 real requests', () => {
  const log = realLog();
  if (log === null) {
    it('is not beside the repository, so it was not replayed', () => {
      console.warn('replay: the real access log is not there, so it was not replayed');
      expect(log).toBeNull();
    });
    return;
  }

  it('is read but for one line, and ends up stored once, replayed twice', async () => {
    const server = await start();
    const first = await replay(log, server, '--compare', 'admin');
    expect(first.exitCode).toBe(0);
    expect(first.report).toMatchObject({
      lines: 10_000,
      malformed: 1,
      sent: 9_999,
      accepted: 9_999,
      failed: {},
    });
    expect(first.report.days.map(({ day, eventsTaken }) => [day, eventsTaken])).toEqual([
      ['2026-03-06', 1_632],
      ['2026-03-07', 2_893],
      ['2026-03-08', 2_896],
      ['2026-03-09', 2_578],
    ]);
    const storedEvents = Object.values(first.report.stored ?? {}).reduce(
      (sum, { events }) => sum + events,
      0,
    );
    expect(storedEvents).toBe(9_999);
    expect(JSON.stringify([...server.stored.values()].map(({ event }) => event))).not.toContain('Mozilla');
    const second = await replay(log, server);
    expect(second.report).toMatchObject({ sent: 9_999, accepted: 0, duplicates: 9_999 });
    expect(server.stored.size).toBe(9_999);
  });
});
