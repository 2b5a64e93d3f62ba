import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawBytes } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';

let world: World;
let app: TestApp;
beforeAll(async () => {
  world = await openWorld();
  app = await world.start();
});
afterAll(() => world.close());

const head = 'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

/** The service’s own time-outs, which are 10 and 15 seconds; side by side, since all of it is waiting. */
const rows: readonly (readonly [name: string, run: () => Promise<void>])[] = [
  [
    '73. headers that do not end: 408, and the connection is closed',
    async () => expect(await rawBytes(app.url, `${head}x-slow`, { end: false })).toMatch(/^HTTP\/1\.1 408 /),
  ],
  [
    '73. a body that does not end: 408, the connection is closed, and nothing is stored',
    async () => {
      const event = pageViewed();
      const body = JSON.stringify({ events: [event] });
      const { authorization } = bearer(await app.token('user-1'));
      const request = `${head}authorization: ${authorization}\r\ncontent-length: ${body.length + 1}\r\n\r\n${body}`;
      expect(await rawBytes(app.url, request, { end: false })).toMatch(/^HTTP\/1\.1 408 /);
      expect(await world.stored(event.clientEventId ?? '')).toEqual([]);
    },
  ],
  [
    '73. a client that asks and does not read: others are served, and it holds nobody up at the end',
    async () => {
      const own = await world.start();
      const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      // What has arrived is answered into memory; then, with nobody reading, no more is taken from the connection.
      const asked = 20_000;
      socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(asked));
      const answered = () => own.logs().match(/"route":"metrics"/g)?.length ?? 0;
      let before = -1;
      while (answered() > before) {
        before = answered();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      expect(answered()).toBeGreaterThan(0);
      expect(answered()).toBeLessThan(asked / 2);
      expect((await fetch(`${own.url}/livez`)).status).toBe(200);
      await own.close();
      socket.destroy();
    },
  ],
];

it.concurrent.each(rows)('%s', { timeout: 60_000 }, (_name, run) => run());
