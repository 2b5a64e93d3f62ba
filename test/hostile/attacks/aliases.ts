import type { Attack } from './attack.js';
import { pageViewed } from './events.js';
import { numbers } from './process-figures.js';
import type { Target } from './target.js';

const fields = 249;
const batch = 200;

/** One small document that asks for one batch again and again. */
export const aliases: Attack = {
  name: '249 aliases of a batch of 200 in one request: events looked at; longest wait of `/livez` in ms',
  before: '49800; 672',
  promised: 'at most 200 events',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('attacker', ['service']);
      const aliased = numbers(fields).map((n) => `a${n}: trackEvents(input: $input) { accepted duplicates }`);
      const query = `mutation($input: TrackEventsInput!) { ${aliased.join(' ')} }`;
      const variables = { input: { events: numbers(batch).map(() => pageViewed()) } };
      const { answer, waitMs } = await besideLivez(target, () =>
        target.send({ token, body: { query, variables } }),
      );
      const data = (JSON.parse(answer.text) as { data?: Record<string, Counts | null> }).data ?? {};
      const looked = Object.values(data).reduce(
        (sum, counts) => sum + (counts ? counts.accepted + counts.duplicates : 0),
        0,
      );
      return { figure: `${looked}; ${Math.round(waitMs)}`, holds: looked <= batch };
    } finally {
      await target.stop();
    }
  },
};

interface Counts {
  readonly accepted: number;
  readonly duplicates: number;
}

/** Does the work, and asks `/livez` all the while: the longest answer shows how long the loop stood still. */
async function besideLivez<T>(target: Target, work: () => Promise<T>) {
  let waitMs = 0;
  let over = false;
  const asking = (async () => {
    while (!over) {
      const began = performance.now();
      await target.send({ method: 'GET', path: '/livez' });
      waitMs = Math.max(waitMs, performance.now() - began);
    }
  })();
  const answer = await work();
  over = true;
  await asking;
  return { answer, waitMs };
}
