import type { Attack } from './attack.js';
import { pageViewed } from './events.js';
import { cpuSeconds, numbers } from './process-figures.js';

/** U+FDFA, one character that becomes eighteen in the compatibility forms (NFKC, NFKD) of Unicode. */
const ligature = '\ufdfa';

const events = 200;
/** So many keys of the length at which a name is still read fit into an event. */
const keys = 5;

/** A batch whose keys of properties grow when they are folded, each event as large as events may be. */
export const expansion: Attack = {
  name: `${events} events whose keys, 400 kB of them, grow eighteenfold when folded: ms of CPU`,
  before: '3830',
  promised: 'at most 300',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('attacker');
      const send = (batch: readonly object[]) =>
        target.send({ path: '/v1/events', token, body: { events: batch } });
      // Once before, so that what a first request compiles does not count.
      for (let warm = 0; warm < 5; warm++) await send(numbers(events).map(() => pageViewed()));
      const hostile = numbers(events).map(() =>
        pageViewed({
          properties: Object.fromEntries(numbers(keys).map((n) => [`${n}${ligature.repeat(126)}`, 1])),
        }),
      );
      const began = cpuSeconds(target.pid);
      const answer = await send(hostile);
      const ms = Math.round((cpuSeconds(target.pid) - began) * 1_000);
      return { figure: String(ms), holds: answer.status === 202 && ms <= 300 };
    } finally {
      await target.stop();
    }
  },
};
