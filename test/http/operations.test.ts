import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EventCatalogDocument } from '../../src/generated/documents.js';
import { clientOf, metric } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const soon = { timeout: 15_000, interval: 100 };

const app = { description: 'An app.', owner: 'tests' };
const eventType = { description: 'Something happened.', owner: 'tests', apps: ['web'] };
const plan = (eventTypes: object) => JSON.stringify({ apps: { web: app }, entityTypes: {}, eventTypes });

describe('the catalogue, changed while the service runs', () => {
  it('is in force without a restart; a bad one changes nothing and is counted', async () => {
    const file = join(world.folder, 'catalogue.json');
    writeFileSync(file, plan({ page_viewed: eventType }));
    const running = await world.start({ env: { SIGNALS_CATALOG: file } });
    const client = clientOf(running, await running.token('user-1'));
    const newer = () => client.one(pageViewed({ eventType: 'invented_later' }));
    const catalogue = async () => {
      const headers = bearer(await running.token('user-1'));
      return (await running.graphql(EventCatalogDocument, {}, headers)).data?.eventCatalog;
    };
    const first = await catalogue();
    expect(first?.eventTypes.map(({ name }) => name)).toEqual(['page_viewed']);
    expect(await newer()).toBe('REJECTED UNKNOWN_EVENT_TYPE');

    writeFileSync(file, plan({ page_viewed: eventType, invented_later: eventType }));
    await vi.waitFor(async () => expect(await newer()).toBe('ACCEPTED'), soon);
    const second = await catalogue();
    expect(second?.eventTypes.map(({ name }) => name).sort()).toEqual(['invented_later', 'page_viewed']);
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
    expect(
      await metric(running, 'signals_events_total', { event_type: 'invented_later', outcome: 'accepted' }),
    ).toBe(1);

    writeFileSync(file, '{ "apps": ');
    await vi.waitFor(
      async () => expect(await metric(running, 'signals_catalogue_problems')).toBeGreaterThan(0),
      soon,
    );
    expect(await newer()).toBe('ACCEPTED');
    expect((await catalogue())?.fingerprint).toBe(second?.fingerprint);
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200);

    writeFileSync(file, plan({ page_viewed: eventType, invented_later: { ...eventType, enabled: false } }));
    await vi.waitFor(async () => expect(await newer()).toBe('DROPPED DISABLED'), soon);
    expect(await metric(running, 'signals_catalogue_problems')).toBe(0);
    expect(await client.one(pageViewed())).toBe('ACCEPTED');
  });

  it('that is bad at the start keeps it from starting, with every problem and no value', async () => {
    const file = join(world.folder, 'bad-catalogue.json');
    writeFileSync(
      file,
      plan({ 'alice@example.org': eventType, page_viewed: { ...eventType, apps: ['nope'] } }),
    );
    const message = await world.start({ env: { SIGNALS_CATALOG: file } }).then(
      () => 'started',
      (error: Error) => error.message,
    );
    expect(message.split('\n').length).toBeGreaterThanOrEqual(2);
    for (const line of message.split('\n')) expect(line).toContain('SIGNALS_CATALOG');
  });
});

async function ask(running: TestApp, path: string, method = 'GET') {
  const response = await fetch(`${running.url}${path}`, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('health', () => {
  it('says that it lives, that it is ready, and nothing else', async () => {
    const running = await world.start();
    for (const path of ['/livez', '/readyz']) {
      expect(await ask(running, path)).toMatchObject({ status: 200, text: '{"status":"ok"}' });
      expect(await ask(running, path, 'HEAD')).toMatchObject({ status: 200, text: '' });
      expect((await ask(running, path, 'POST')).status).toBe(405);
    }
  });

  it.each([
    'store_unreachable',
    'store_slow',
    'store_read_only',
    'migrations_pending',
    'schema_newer_than_code',
  ])('is not ready where the store says %s, and lives all the same', async (reason) => {
    const readiness = async () => ({ ready: false, reason });
    const running = await world.start({
      store: { ...world.store, store: { ...world.store.store, readiness } },
    });
    const { status, text, headers } = await ask(running, '/readyz');
    expect([status, JSON.parse(text)]).toEqual([503, { status: 'unavailable', reason }]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await ask(running, '/livez')).status).toBe(200);
  });

  it('asks the store for /readyz and never for /livez', async () => {
    let asked = 0;
    const readiness = async () => {
      asked++;
      return { ready: true };
    };
    const running = await world.start({
      store: { ...world.store, store: { ...world.store.store, readiness } },
    });
    // The start asks as well: a database that counts its days in another zone is refused at once.
    asked = 0;
    await ask(running, '/livez');
    await ask(running, '/metrics');
    expect(asked).toBe(0);
    await ask(running, '/readyz');
    expect(asked).toBe(1);
  });

  it('says that it is draining to those who are still connected', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store = {
      ...world.store,
      store: {
        ...world.store.store,
        append: async (events: Parameters<typeof world.store.store.append>[0]) => {
          await held;
          return world.store.store.append(events);
        },
      },
    };
    const running = await world.start({ store });
    const body = JSON.stringify({ events: [pageViewed()] });
    const token = await running.token('user-1');
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(
      `POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer ${token}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await vi.waitFor(async () => expect(await metric(running, 'signals_events_received_total')).toBe(1));
    const closed = running.close();
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n');
    await vi.waitFor(() => expect(running.logs()).toContain('"route":"readyz","status":503'));
    release();
    await ended;
    await closed;
    expect(text).toMatch(/^HTTP\/1\.1 202 [\s\S]*"status":"ACCEPTED"/);
  });
});
