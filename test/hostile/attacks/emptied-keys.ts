import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attack.js';

const longest = 8_000;

/** An issuer that takes all of its keys back, which is how it ends every token at once. */
export const emptiedKeys: Attack = {
  name: 'an emptied key set: seconds until a token of before is refused',
  before: 'more than 8',
  promised: 'at most 5',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('somebody');
      const ask = async () =>
        (await target.send({ token, body: { query: '{ eventCatalog { __typename } }' } })).text;
      const first = await ask();
      target.keys.empty();
      const began = performance.now();
      let refused = false;
      while (!refused && performance.now() - began < longest) {
        await sleep(200);
        refused = (await ask()).includes('UNAUTHENTICATED');
      }
      const seconds = (performance.now() - began) / 1_000;
      return {
        figure: refused ? seconds.toFixed(1) : `more than ${longest / 1_000}`,
        holds: !first.includes('errors') && refused && seconds <= 5,
      };
    } finally {
      await target.stop();
    }
  },
};
