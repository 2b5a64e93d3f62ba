import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf } from '../hostile/client.js';
import { openWorld, type World } from '../hostile/world.js';
import { bearer, type TestApp } from '../support/app.js';
import { usedBytes } from '../support/heap.js';

let world: World;
let app: TestApp;
let user: Record<string, string>;
beforeAll(async () => {
  world = await openWorld();
  app = await world.start({ env: { SIGNALS_LOG_LEVEL: 'error' } });
  user = bearer(await app.token('user-1'));
});
afterAll(() => world.close());

const megabyte = 1_048_576;
/** Sends as many documents, and says by how many bytes the process has grown for good. */
async function growth(count: number, document: (index: number) => string, headers = {}): Promise<number> {
  const ask = async (index: number) =>
    (await answerOf(await app.post('/graphql', { query: document(index) }, headers))).status;
  await ask(count);
  const before = await usedBytes();
  for (let index = 0; index < count; index++) await ask(index);
  return (await usedBytes()) - before;
}

it('500 documents of a megabyte without a token leave nothing behind', { timeout: 120_000 }, async () => {
  const grown = await growth(500, (index) => `{ a${index}: __typename } #${'x'.repeat(megabyte - 100)}`);
  expect(grown).toBeLessThan(8 * megabyte);
});

it('nor do documents that an anonymous caller may send', { timeout: 120_000 }, async () => {
  const grown = await growth(400, (index) => `{ a${index}: __typename ${' __typename'.repeat(600)} }`);
  expect(grown).toBeLessThan(8 * megabyte);
});

it('nor do documents that are not valid', { timeout: 120_000 }, async () => {
  const grown = await growth(200, (index) => `{ a${index} ${' b'.repeat(1_500)} }`, user);
  expect(grown).toBeLessThan(8 * megabyte);
});

it('valid documents of signed-in callers take no more than there is room for', {
  timeout: 240_000,
}, async () => {
  const grown = await growth(
    600,
    (index) => `{ a${index}: __typename ${' __typename'.repeat(3_900)} }`,
    user,
  );
  expect(grown).toBeLessThan(64 * megabyte);
});
