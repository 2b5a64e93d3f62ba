import type { Attack } from './attack.js';
import { fillRows } from './many-rows.js';
import { each, numbers } from './process-figures.js';

/** Counts of everything, many in one request and several requests at once. */
export const counts: Attack = {
  name: '4 × 60 aliased `totalCount` on 600,000 rows: answers of `/readyz` that were not 200',
  before: '3 of 4',
  promised: 'none',
  async run(field) {
    const target = await field.start();
    try {
      await fillRows(field.databaseUrl, 600_000);
      const token = await target.keys.token('admin', ['admin']);
      const fields = numbers(60).map((n) => `a${n}: events(filter: {entityId: "filled"}) { totalCount }`);
      let over = false;
      let bad = 0;
      let asked = 0;
      const probe = (async () => {
        while (!over) {
          const { status } = await target.send({ method: 'GET', path: '/readyz' });
          asked++;
          if (status !== 200) bad++;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      })();
      const query = `{ ${fields.join(' ')} }`;
      await each(numbers(4), 4, () => target.send({ token, body: { query } }));
      over = true;
      await probe;
      return { figure: `${bad} of ${asked}`, holds: bad === 0 };
    } finally {
      await target.stop();
    }
  },
};
