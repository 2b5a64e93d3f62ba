import type { Attack } from './attack.js';

/** Paths that a proxy which only lets `/graphql` through may let through, too. */
const tricks = [
  '//graphql/metrics',
  '/graphql/../metrics',
  '/graphql/%2e%2e/metrics',
  '/graphql/./../metrics',
  '/graphql\\..\\metrics',
  '/./metrics',
  '//metrics',
  '/%6detrics',
  '/metrics/',
  '/metrics;/graphql',
  '/graphql/..;/metrics',
];

/** Figures for everybody who can reach the port of an operator's gateway. */
export const paths: Attack = {
  name: `${tricks.length} spellings of /metrics behind /graphql: how many serve it`,
  before: '6',
  promised: '0',
  async run(field) {
    const target = await field.start();
    try {
      const served: string[] = [];
      for (const path of tricks) {
        const { text } = await target.send({ method: 'GET', path });
        if (text.includes('# HELP')) served.push(path);
      }
      const plain = await target.send({ method: 'GET', path: '/metrics' });
      return {
        figure: String(served.length),
        holds: served.length === 0 && plain.text.includes('# HELP'),
      };
    } finally {
      await target.stop();
    }
  },
};
