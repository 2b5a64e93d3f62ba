import { describe, expect, it } from 'vitest';
import { dumpDatabase, leaksIn } from '../support/leaks.js';
import type { Stack } from '../support/stack.js';
import { appHost } from '../support/tracking.js';

/** Addresses that were invented by clients in these scenarios all begin so. */
const invented = ['198.51.100.'];

/** After everything: what is left behind, and whose it is. */
export function leakScenarios(stack: () => Stack): void {
  const needles = (): string[] => [
    ...stack().people.personal,
    ...stack().secrets,
    ...invented,
    appHost,
    'mail.example',
    'Googlebot',
  ];

  describe('after all of it, nothing personal is left behind', () => {
    it('there was something to leave behind, and the search finds what is there', () => {
      expect(stack().people.personal.size).toBeGreaterThan(100);
      expect(leaksIn('… 203.0.113.1 …', needles())).toContain('203.0.113.1 as it is');
      expect(leaksIn(`\\x${stack().secrets[0]?.replaceAll('-', '')}`, needles())).toHaveLength(1);
      expect(leaksIn(Buffer.from(appHost).toString('hex'), needles())).toEqual([`${appHost} in hex`]);
      expect(leaksIn(Buffer.from(appHost).toString('base64'), needles())).toEqual([`${appHost} in base64`]);
    });

    it('in a dump of the database', async () => {
      const dump = await dumpDatabase(stack().databaseUrl, stack().database);
      expect(dump).toContain('/pricing');
      expect(dump).toContain('page_viewed');
      expect(leaksIn(dump, needles())).toEqual([]);
    });

    it('in what the service wrote to standard output and standard error', () => {
      for (const { child } of stack().replicas) {
        expect(child.output()).toContain('"request"');
        expect(leaksIn(child.output(), needles()), child.name).toEqual([]);
      }
    });

    it('in its metrics', async () => {
      for (const { replica } of [stack().hive, stack().apollo]) {
        const metrics = await replica.metrics();
        expect(metrics).toContain('page_viewed');
        expect(leaksIn(metrics, needles())).toEqual([]);
      }
    });
  });
}
