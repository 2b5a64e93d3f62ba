import type { Attack } from './attack.js';
import { numbers } from './process-figures.js';

/** Filters that no row can match and no database takes. */
const hostile: readonly (readonly [argument: string, filter: object])[] = [
  ['route', { route: '/a\u0000b' }],
  ['entityId', { entityId: '\u0000' }],
  ['appName', { appName: ['web', 'a\u0000'] }],
  ['entityType', { entityType: '\ud800' }],
  ['from', { from: '0000-01-01T00:00:00Z' }],
  ['to', { to: '0000-12-31T23:59:59Z' }],
  ['eventType', { eventType: numbers(100_000).map((n) => `e${n}`) }],
];

export const filters: Attack = {
  name: `${hostile.length} filters with NUL, half a character, year 0, 100,000 values: how many are not BAD_USER_INPUT naming the argument; lines in the log`,
  before: '7; 5',
  promised: '0; 0',
  async run(field) {
    const target = await field.start();
    try {
      const token = await target.keys.token('admin', ['admin']);
      const query = 'query($filter: EventsFilter) { events(filter: $filter) { totalCount } }';
      await target.send({ token, body: { query } });
      const before = target.output().split('\n').length;
      let wrong = 0;
      for (const [argument, filter] of hostile) {
        const { text } = await target.send({ token, body: { query, variables: { filter } } });
        const { errors } = JSON.parse(text) as {
          errors?: { message: string; extensions: { code: string } }[];
        };
        const [error] = errors ?? [];
        if (error?.extensions.code !== 'BAD_USER_INPUT' || !error.message.includes(argument)) wrong++;
      }
      const lines = target.output().split('\n').length - before;
      return { figure: `${wrong}; ${lines}`, holds: wrong === 0 && lines === 0 };
    } finally {
      await target.stop();
    }
  },
};
