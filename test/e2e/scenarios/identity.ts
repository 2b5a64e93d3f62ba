import { describe, expect, it } from 'vitest';
import { ask } from '../support/browser.js';
import type { Route, Stack } from '../support/stack.js';
import { pageView, tryTrack } from '../support/tracking.js';

const readEvents = '{ events(first: 1) { totalCount edges { node { id } } } }';

/** Who may do nothing: the same through both gateways, whoever of gateway and subgraph refuses. */
export function identityScenarios(stack: () => Stack, routeOf: () => Route): void {
  describe('identity', () => {
    it('an anonymous trackEvent is UNAUTHENTICATED and leaves no row', async () => {
      const person = await stack().people.person();
      const input = pageView(person);
      const answer = await tryTrack(routeOf().url, person, input, { token: null });
      expect(answer.codes).toEqual(['UNAUTHENTICATED']);
      expect(answer.data?.trackEvent ?? null).toBeNull();
      expect(await stack().database.stored(input.clientEventId)).toEqual([]);
    });

    it.each(['expired', 'signed by a stranger', 'unsigned'] as const)(
      'a token that is %s opens neither the write side nor the read side',
      async (what) => {
        const person = await stack().people.person();
        const token = (await stack().people.worthlessTokens(person.sub))[what];
        const input = pageView(person);
        const written = await tryTrack(routeOf().url, person, input, { token });
        const read = await ask(routeOf().url, person, readEvents, { token });
        for (const answer of [written, read]) {
          expect(
            answer.status === 401 || answer.codes.includes('UNAUTHENTICATED'),
            JSON.stringify(answer),
          ).toBe(true);
          expect(Object.values(answer.data ?? {}).every((value) => value === null)).toBe(true);
        }
        expect(await stack().database.stored(input.clientEventId)).toEqual([]);
      },
    );

    it.each([
      ['UNAUTHENTICATED', 'without a token', true],
      ['FORBIDDEN', 'beside a user’s token', false],
    ])('extensions that a client makes itself give no power: %s %s', async (code, _, anonymous) => {
      const person = await stack().people.person();
      const payload = {
        sub: 'root',
        roles: ['admin'],
        iss: stack().people.issuer,
        aud: stack().people.audience,
        exp: Math.floor(Date.now() / 1000) + 600,
      };
      const gateway = { ts: Date.now(), nonce: 'n', ip: '198.51.100.66', ua: person.userAgent };
      for (const extensions of [
        { jwt: { payload } },
        { jwt: payload },
        { claims: payload },
        { jwt: { payload }, claims: payload, gateway, 'hmac-signature': `${'A'.repeat(43)}=` },
      ]) {
        const token = anonymous ? { token: null } : {};
        const answer = await ask(routeOf().url, person, readEvents, { extensions, ...token });
        expect(answer.codes, JSON.stringify(Object.keys(extensions))).toEqual([code]);
        expect(answer.data?.events ?? null).toBeNull();
      }
    });
  });
}
