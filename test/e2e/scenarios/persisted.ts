import { describe, expect, it } from 'vitest';
import type { Exchange } from '../support/recorder.js';
import { startService } from '../support/service.js';
import type { Stack } from '../support/stack.js';
import { pageView, track, trackEventMutation } from '../support/tracking.js';

/** Clients and gateways that send a hash in place of the document, and the document when the answer asks for it. */
export function persistedScenarios(stack: () => Stack): void {
  describe('persisted queries', () => {
    it('of Apollo Client and Apollo Gateway are not found, and arrive with their text', async () => {
      const { people, apollo, database } = stack();
      const person = await people.person();
      const inputs = [pageView(person), pageView(person)];
      apollo.wire.take();
      const child = startService('persisted', {
        ENDPOINT: `${apollo.wire.url}/graphql`,
        TOKEN: person.token,
        MUTATION: trackEventMutation,
        INPUTS: JSON.stringify(inputs),
      });
      expect(await child.ended(), child.output()).toBe(0);
      expect(JSON.parse(child.output())).toEqual({ link: 'ACCEPTED', source: 'ACCEPTED' });
      expect(apollo.wire.take().map(kindOf)).toEqual(['hash', 'hash and text', 'hash', 'hash and text']);
      for (const { clientEventId } of inputs) expect(await database.stored(clientEventId)).toHaveLength(1);
    });

    it('of Hive Gateway are not found, and arrive with their text and a signature that fits', async () => {
      const { people, hive, hashing, database } = stack();
      const person = await people.person();
      const input = pageView(person);
      hive.wire.take();
      expect(await track(hashing.url, person, input)).toMatchObject({ status: 'ACCEPTED' });
      const exchanges = hive.wire.take();
      expect(exchanges.map(kindOf)).toEqual(['hash', 'hash and text']);
      expect(JSON.parse(exchanges[1]?.body ?? '').extensions).toHaveProperty('hmac-signature');
      expect(await database.stored(input.clientEventId)).toHaveLength(1);
    });
  });
}

function kindOf({ body }: Exchange): string {
  const { query, extensions } = JSON.parse(body);
  const parts = [extensions?.persistedQuery && 'hash', query && 'text'];
  return parts.filter(Boolean).join(' and ');
}
