import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bearer, developmentToken } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';
import { chrome } from '../support/user-agents.js';
import { verdicts } from './client.js';
import { type BuiltService, buildService, type RunningService } from './service.js';
import { openPostgresWorld } from './world.js';

let service: BuiltService;
let folder: string;
let used = 0;

beforeAll(async () => {
  service = await buildService();
  folder = mkdtempSync(join(tmpdir(), 'signals-process-'));
});
afterAll(() => {
  service.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Row = readonly [name: string, run: () => Promise<void>];

/** The settings of an embedded service with a data folder of its own. */
const embedded = (): Record<string, string> => ({ SIGNALS_DATA_DIR: join(folder, `data-${used++}`) });

const token = (env: Record<string, string>, sub: string, ...roles: string[]) =>
  developmentToken(env, () => new Date(), sub, roles);

async function send(url: string, env: Record<string, string>, event: object): Promise<Response> {
  return fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': chrome,
      ...bearer(await token(env, 'user-1')),
    },
    body: JSON.stringify({ events: [event] }),
  });
}

async function verdict(url: string, env: Record<string, string>, event: object): Promise<string> {
  return verdicts(JSON.parse(await (await send(url, env, event)).text()))[0] ?? '';
}

async function stop(running: RunningService): Promise<number | null> {
  running.child.kill('SIGTERM');
  return running.ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const ends: readonly Row[] = [
  [
    '68. kill -9 right after the answer: the event is there after the restart',
    async () => {
      const env = embedded();
      const first = await service.start(env);
      const events = Array.from({ length: 5 }, () => pageViewed());
      for (const event of events) expect(await verdict(first.url, env, event)).toBe('ACCEPTED');
      first.child.kill('SIGKILL');
      expect(await first.ended).toBeNull();
      const second = await service.start(env);
      for (const event of events) expect(await verdict(second.url, env, event)).toBe('DUPLICATE');
      expect(await verdict(second.url, env, pageViewed())).toBe('ACCEPTED');
      expect(await stop(second)).toBe(0);
    },
  ],
  [
    '69. SIGTERM while an event is being written: it is written and answered, nothing new is taken, exit 0',
    async () => {
      const world = await openPostgresWorld();
      if (!world) return;
      const operator = new pg.Client(world.databaseUrl);
      await operator.connect();
      const env = { ...embedded(), DATABASE_URL: world.databaseUrl, SIGNALS_DEVELOPMENT: '1' };
      const running = await service.start(env);
      await operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const event = pageViewed();
      const sent = send(running.url, env, event);
      await vi.waitFor(
        async () => {
          const text = await (await fetch(`${running.url}/metrics`)).text();
          expect(text).toMatch(/^signals_events_pending 1$/m);
        },
        { timeout: 5_000 },
      );
      running.child.kill('SIGTERM');
      await vi.waitFor(async () =>
        expect(await fetch(`${running.url}/readyz`).catch(() => 'refused')).toBe('refused'),
      );
      await operator.query('ROLLBACK');
      const response = await sent;
      expect(response.status).toBe(202);
      expect(await running.ended).toBe(0);
      expect(await world.stored(event.clientEventId ?? '')).toHaveLength(1);
      await operator.end();
      await world.close();
    },
  ],
  [
    '70. SIGTERM twice: the second one ends it at once',
    async () => {
      const world = await openPostgresWorld();
      if (!world) return;
      const operator = new pg.Client(world.databaseUrl);
      await operator.connect();
      const env = { ...embedded(), DATABASE_URL: world.databaseUrl, SIGNALS_DEVELOPMENT: '1' };
      const running = await service.start(env);
      await operator.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
      const sent = send(running.url, env, pageViewed()).catch(() => 'cut off');
      await vi.waitFor(async () => {
        const text = await (await fetch(`${running.url}/metrics`)).text();
        expect(text).toMatch(/^signals_events_pending 1$/m);
      });
      running.child.kill('SIGTERM');
      await vi.waitFor(() => expect(running.output()).toContain('stopping'));
      running.child.kill('SIGTERM');
      expect(await running.ended).toBe(1);
      expect(await sent).toBe('cut off');
      await operator.query('ROLLBACK');
      await operator.end();
      await world.close();
    },
  ],
  ...(
    [
      ['uncaught exception', 'setTimeout(() => { throw new TypeError("alice@example.org"); });'],
      ['unhandled rejection', 'void Promise.reject(new TypeError("alice@example.org"));'],
    ] as const
  ).map(
    ([what, code]): Row => [
      `71. an ${what}: logged without its words, and exit 1 after a drain`,
      async () => {
        const rule = join(folder, `rule-${used++}.mjs`);
        writeFileSync(rule, `export default () => { ${code} return true; };`);
        const env = { ...embedded(), SIGNALS_OWNERSHIP_MODULE: rule };
        const running = await service.start(env);
        const event = pageViewed({ sessionId: '018f4e7a-1111-7222-8333-444455556666' });
        await send(running.url, env, event).catch(() => undefined);
        expect(await running.ended).toBe(1);
        expect(running.output()).toContain('uncaught error');
        expect(running.output()).toContain('TypeError');
        expect(running.output()).not.toContain('alice');
      },
    ],
  ),
];

const outputs: readonly Row[] = [
  ...(
    [
      ['that nobody reads', () => 'unread' as const],
      ['that is full', () => openSync('/dev/full', 'w')],
    ] as const
  ).map(
    ([what, destination]): Row => [
      `79. a log ${what}: the service goes on`,
      async () => {
        if (what === 'that is full' && !existsSync('/dev/full')) {
          console.warn('SKIPPED: a log that is full, because this system has no /dev/full');
          return;
        }
        const env = { ...embedded(), PORT: String(await freePort()) };
        const running = await service.start(env, destination());
        const url = `http://127.0.0.1:${env.PORT}`;
        await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
          // A first start makes and migrates a database: seconds, and many more beside other tests.
          timeout: 90_000,
          interval: 200,
        });
        // Some 150 bytes each: many times what a pipe holds.
        for (let round = 0; round < 60; round++) {
          await Promise.all(
            Array.from({ length: 50 }, () =>
              fetch(`${url}/nowhere`, { signal: AbortSignal.timeout(10_000) }),
            ),
          );
        }
        expect(await verdict(url, env, pageViewed())).toBe('ACCEPTED');
        running.child.kill('SIGKILL');
        await running.ended;
      },
    ],
  ),
  [
    '84. a port that is taken: one clear line, exit 1',
    async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const running = await service.start({ ...embedded(), PORT: String(port) });
      expect(await running.ended).toBe(1);
      expect(running.output()).toContain(`PORT ${port} is in use`);
      expect(running.output()).not.toMatch(/\n\s+at /);
      server.close();
    },
  ],
  [
    '84. settings that are wrong: every one at once, by name, no value shown, exit 1',
    async () => {
      const secret = 'a-short-secret';
      const running = await service.start({
        NODE_ENV: 'production',
        PORT: 'eighty',
        SIGNALS_SALT_SECRET: secret,
        SIGNALS_RETENTION_DAYS: '0',
        SIGNALS_GATEWAY_HMAC_SECRETS: secret,
        SIGNALS_AUTH: 'cookies',
        DATABASE_URL: 'mysql://root:hunter2@db/x',
      });
      expect(await running.ended).toBe(1);
      const output = running.output();
      for (const name of [
        'PORT',
        'SALT_SECRET',
        'RETENTION_DAYS',
        'GATEWAY_HMAC_SECRETS',
        'AUTH',
        'DATABASE_URL',
        'JWT_ISSUER',
        'CLIENT_IP_SOURCE',
      ]) {
        expect(output).toContain(name);
      }
      for (const value of [secret, 'hunter2', 'cookies', 'eighty']) expect(output).not.toContain(value);
    },
  ],
];

it.each([...ends, ...outputs])('%s', { timeout: 150_000 }, (_name, run) => run());
