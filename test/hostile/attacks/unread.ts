import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';
import { fillLargeRows } from './many-rows.js';
import { establishedOn, numbers } from './process-figures.js';

const longest = 40_000;

/** Answers of six megabytes that nobody reads. */
export const unread: Attack = {
  name: '10 answers of 6 MB that are never read: seconds until the connections are gone',
  before: 'more than 40',
  promised: 'at most 30',
  async run(field) {
    const target = await field.start();
    try {
      await fillLargeRows(field.databaseUrl);
      const token = await target.keys.token('admin', ['admin']);
      const page = 'events(filter: {entityId: "large"}, first: $size) { edges { node { properties } } }';
      const pages = numbers(9).map((n) => `a${n}: ${page}`);
      const body = JSON.stringify({
        query: `query($size: Int!) { ${pages.join(' ')} }`,
        variables: { size: 200 },
      });
      const { text } = await target.send({ token, body });
      if (text.length < 6_000_000) throw new Error(`the answer is short: ${text.slice(0, 200)}`);
      const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
      const others = establishedOn(target.url.port);
      const sockets = await Promise.all(numbers(10).map(() => target.connect()));
      for (const socket of sockets) socket.pause().write(head + body);
      const began = performance.now();
      await sleep(3_000);
      while (performance.now() - began < longest && establishedOn(target.url.port) > others) await sleep(250);
      const seconds = (performance.now() - began) / 1_000;
      for (const socket of sockets) socket.destroy();
      const over = seconds * 1_000 < longest;
      return {
        figure: over ? seconds.toFixed(0) : `more than ${longest / 1_000}`,
        holds: over && seconds < 30,
      };
    } finally {
      await target.stop();
    }
  },
};
