import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultProxy } from '../fault-proxy.js';
import type { Attack } from './attack.js';
import { pageViewed } from './events.js';
import { each, numbers } from './process-figures.js';

const limit = 600;
const minute = 60_000;

/** Large batches at the very end of a window: what is refused there must not be given back in the next one. */
export const sharedLimit: Attack = {
  name: 'batches of 200 over the end of a minute, a Redis 100 ms away, a limit of 600: events taken in two minutes',
  before: '8200',
  promised: `at most ${2 * limit}`,
  patient: true,
  async run(field) {
    if (field.redisUrl === null) return null;
    const line = await createFaultProxy(field.redisUrl);
    line.slow(100);
    const target = await field.start({
      env: { REDIS_URL: line.url, SIGNALS_RATE_LIMIT_PER_MINUTE: String(limit) },
    });
    try {
      const token = await target.keys.token('attacker');
      let taken = 0;
      const batch = async (size: number): Promise<void> => {
        const events = numbers(size).map(() => pageViewed());
        const answer = await target.send({ path: '/v1/events', token, body: { events } });
        taken += (JSON.parse(answer.text) as { accepted?: number }).accepted ?? 0;
      };
      // The allowance is one of the clock's minute. A steady stream over its end is charged before it and answered
      // after it. Nothing is sent earlier, so that no third minute has a share in the figure.
      await sleep(minute - (Date.now() % minute) - 1_500);
      const end = Date.now() + 3_500;
      await each(numbers(90), 90, async () => {
        while (Date.now() < end) await batch(200);
      });
      return { figure: String(taken), holds: taken <= 2 * limit };
    } finally {
      await target.stop();
      await line.close();
    }
  },
};
