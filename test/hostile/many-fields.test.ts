import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.js';
import { pageViewed } from '../support/pipeline.js';
import { type Client, clientOf, metric } from './client.js';
import { openWorld, type World } from './world.js';

let world: World;
let app: TestApp;
let client: Client;
beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ env: { SIGNALS_RATE_LIMIT_PER_MINUTE: '1000000', SIGNALS_MAX_BATCH: '20' } });
  client = clientOf(app, await app.token('user-1'));
});
afterAll(() => world.close());

const batchOf = (count: number) => ({ events: Array.from({ length: count }, () => pageViewed()) });
const storedOf = async (batch: ReturnType<typeof batchOf>) =>
  (await world.stored(...batch.events.map(({ clientEventId }) => clientEventId ?? ''))).length;

it('all tracking fields of a request hold together what one batch may hold', async () => {
  const [first, second, single] = [batchOf(12), batchOf(7), pageViewed()];
  const answer = await client.graphql(
    `mutation($a: TrackEventsInput!, $b: TrackEventsInput!, $c: TrackEventInput!) {
      a: trackEvents(input: $a) { accepted } b: trackEvents(input: $b) { accepted } c: trackEvent(input: $c) { status }
    }`,
    { a: first, b: second, c: single },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual({ a: { accepted: 12 }, b: { accepted: 7 }, c: { status: 'ACCEPTED' } });
});

it('more than that is refused before anything of it is stored, whichever way the fields are written', async () => {
  const [first, second] = [batchOf(12), batchOf(9)];
  const type = '$a: TrackEventsInput!, $b: TrackEventsInput!';
  for (const document of [
    `mutation(${type}) { a: trackEvents(input: $a) { accepted } b: trackEvents(input: $b) { accepted } }`,
    `mutation(${type}) { ...both } fragment both on Mutation {
      a: trackEvents(input: $a) { accepted } ... { b: trackEvents(input: $b) { accepted } }
    }`,
  ]) {
    const answer = await client.graphql(document, { a: first, b: second });
    expect(answer.errors).toMatchObject([{ path: ['a'], extensions: { code: 'BATCH_TOO_LARGE' } }]);
    expect(answer.errors?.[0]?.message).toBe('The fields of one request hold at most 20 events together.');
  }
  expect([await storedOf(first), await storedOf(second)]).toEqual([0, 0]);
});

it('a field that is left out does not count', async () => {
  const [first, second] = [batchOf(12), batchOf(9)];
  const answer = await client.graphql(
    `mutation($a: TrackEventsInput!, $b: TrackEventsInput!, $no: Boolean!) {
      a: trackEvents(input: $a) { accepted } b: trackEvents(input: $b) @include(if: $no) { accepted }
    }`,
    { a: first, b: second, no: false },
  );
  expect(answer.data).toEqual({ a: { accepted: 12 } });
});

it('a field over the limit of a batch says so, and takes no room from others', async () => {
  const answer = await client.graphql(
    'mutation($a: TrackEventsInput!) { trackEvents(input: $a) { accepted } }',
    { a: batchOf(21) },
  );
  expect(answer.errors).toMatchObject([
    { message: 'A batch holds at most 20 events.', extensions: { code: 'BATCH_TOO_LARGE' } },
  ]);
});

it('249 aliases of one batch are 249 batches, and refused', async () => {
  const before = await metric(app, 'signals_events_received_total');
  const fields = Array.from({ length: 249 }, (_, index) => `a${index}: trackEvents(input: $a) { accepted }`);
  const answer = await client.graphql(`mutation($a: TrackEventsInput!) { ${fields.join(' ')} }`, {
    a: batchOf(20),
  });
  expect(answer.errors).toMatchObject([{ path: ['a0'], extensions: { code: 'BATCH_TOO_LARGE' } }]);
  expect(await metric(app, 'signals_events_received_total')).toBe(before);
});
