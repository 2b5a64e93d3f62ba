import pg from 'pg';
import type { Attack } from './attack.js';
import { pageViewed } from './events.js';
import { numbers } from './process-figures.js';

/** Routes that nobody has, from one user: each would be a row that is kept for as long as its events. */
export const words: Attack = {
  name: '2,000 events with 2,000 routes and versions from one user: new rows of words',
  before: '2000, 2000 events kept',
  promised: 'at most 201, and all events are kept',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('attacker');
      const first = await count(field.databaseUrl);
      let accepted = 0;
      for (const part of numbers(10)) {
        const events = numbers(200).map((n) =>
          pageViewed({
            route: `/made-up/route-${'abcdefghij'[part]}-${letters(n)}`,
            appVersion: `1.${part}.${n}`,
          }),
        );
        const answer = await target.send({ path: '/v1/events', token, body: { events } });
        accepted += (JSON.parse(answer.text) as { accepted?: number }).accepted ?? 0;
      }
      const made = (await count(field.databaseUrl)) - first;
      return { figure: `${made}, ${accepted} events kept`, holds: made <= 201 && accepted === 2_000 };
    } finally {
      await target.stop();
    }
  },
};

/** A number in letters: routes with digits in them are made templates. */
function letters(n: number): string {
  return [...String(n)].map((digit) => 'klmnopqrst'[Number(digit)]).join('');
}

async function count(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*) AS count FROM event_dimensions');
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
