import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';
import { pageViewed } from './events.js';
import { numbers, peakMegabytes, residentMegabytes } from './process-figures.js';
import type { Target } from './target.js';

const bodyBytes = 1_048_576;
const connections = 800;

/** Connections that send all of a large body but its last byte, and wait. */
async function holdBodies(target: Target, path: string, token: string | null): Promise<readonly Socket[]> {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${bodyBytes}`,
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
  ].join('\r\n');
  const body = Buffer.alloc(bodyBytes - 1, ' ');
  return Promise.all(
    numbers(connections).map(async () => {
      const socket = await target.connect();
      socket.resume();
      socket.write(`${head}\r\n\r\n`);
      socket.write(body);
      return socket;
    }),
  );
}

/** Whether a usual event is taken. */
async function takes(target: Target): Promise<boolean> {
  const token = await target.keys.token('somebody-else');
  const answer = await target.send({ path: '/v1/events', token, body: { events: [pageViewed()] } });
  return answer.status === 202;
}

async function attack(target: Target, path: string, token: string | null) {
  await takes(target);
  const first = residentMegabytes(target.pid);
  let taken = false;
  let sockets: readonly Socket[] = [];
  const peak = await peakMegabytes(target.pid, async () => {
    sockets = await holdBodies(target, path, token);
    await sleep(4_000);
    taken = await takes(target);
  });
  for (const socket of sockets) socket.destroy();
  await sleep(500);
  return { first, peak, taken, takenAfter: await takes(target) };
}

export const bodies: Attack = {
  name: '800 connections, 1 MiB of body each, without a token: memory in MB',
  before: '149 → 815, events are taken meanwhile',
  promised: 'at most 200 more; who has a token is served meanwhile',
  async run(field) {
    const target = await field.start();
    try {
      const { first, peak, taken } = await attack(target, '/graphql', null);
      const figure = `${first} → ${peak}, events ${taken ? 'are' : 'are not'} taken meanwhile`;
      return { figure, holds: peak - first < 200 && taken };
    } finally {
      await target.stop();
    }
  },
};

export const bodiesOfSignedIn: Attack = {
  name: 'the same with a token, to `/v1/events`',
  before: '144 → 846, events are taken afterwards',
  promised: 'at most 300 more, and events are taken as soon as it is over',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('attacker');
      const { first, peak, takenAfter } = await attack(target, '/v1/events', token);
      const figure = `${first} → ${peak}, events ${takenAfter ? 'are' : 'are not'} taken afterwards`;
      return { figure, holds: peak - first < 300 && takenAfter };
    } finally {
      await target.stop();
    }
  },
};
