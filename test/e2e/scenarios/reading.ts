import { describe, expect, it } from 'vitest';
import { ask } from '../support/browser.js';
import type { Route, Stack } from '../support/stack.js';
import { dataOf, pageView, track, trackMany } from '../support/tracking.js';

interface Page {
  readonly events: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly edges: readonly { readonly node: { readonly clientEventId: string; readonly note: string } }[];
  };
}

const pageQuery = `query Page($filter: EventsFilter, $after: String) {
  events(filter: $filter, first: 3, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { id clientEventId note } }
  }
}`;
const joinQuery =
  'query Marks($ids: [ID!]!) { marks(ids: $ids) { label event { eventType browserFamily note } } }';

/** The read side for admins, and the second door: entities. */
export function readingScenarios(stack: () => Stack, routeOf: () => Route): void {
  describe('reading', () => {
    it('an admin pages through a filter, with the neighbour’s field on every event', async () => {
      const { people } = stack();
      const [user, admin] = [await people.person(), await people.person({ roles: ['admin'] })];
      const route = `/paging/${routeOf() === stack().hive ? 'hive' : 'apollo'}`;
      const events = Array.from({ length: 8 }, () => pageView(user, { route }));
      await trackMany(routeOf().url, user, [...events, pageView(user, { route: '/elsewhere' })]);

      const found: string[] = [];
      let after: string | null = null;
      let sizes: readonly number[] = [];
      do {
        const variables: Record<string, unknown> = { filter: { route, appName: ['web'] }, after };
        const page: Page['events'] = dataOf(
          await ask<Page>(routeOf().url, admin, pageQuery, { variables }),
        ).events;
        expect(page.totalCount).toBe(8);
        for (const { node } of page.edges) expect(node.note).toMatch(/^note on [0-9a-f-]{36}$/);
        found.push(...page.edges.map(({ node }) => node.clientEventId));
        sizes = [...sizes, page.edges.length];
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null && sizes.length < 10);
      expect(sizes).toEqual([3, 3, 2]);
      expect(found.toSorted()).toEqual(events.map(({ clientEventId }) => clientEventId).toSorted());
    });

    it('a user gets FORBIDDEN and anybody UNAUTHENTICATED, and the neighbour’s fields all the same', async () => {
      const user = await stack().people.person();
      const query = '{ events(first: 1) { edges { node { id } } } appointments { nodes { title extra } } }';
      for (const [code, token] of [
        ['FORBIDDEN', user.token],
        ['UNAUTHENTICATED', null],
      ] as const) {
        routeOf().wire.take();
        const answer = await ask(routeOf().url, user, query, { token });
        expect(answer.codes).toEqual([code]);
        const [exchange] = routeOf().wire.take();
        expect(exchange?.answer).toMatchObject({
          status: 200,
          text: expect.stringContaining(`"code":"${code}"`),
        });
      }
      const both =
        '{ one: eventCatalog { fingerprint } two: eventCatalog { apps { name } } appointments { nodes { title } } node(id: "appointment-1") { id } }';
      routeOf().wire.take();
      expect(dataOf(await ask(routeOf().url, user, both))).toMatchObject({
        one: { fingerprint: expect.any(String) },
        two: { apps: expect.arrayContaining([{ name: 'web' }]) },
        appointments: { nodes: [{ title: 'Lunch' }] },
        node: { id: 'appointment-1' },
      });
      expect(routeOf().wire.take(), 'both aliases in one request').toHaveLength(1);
    });

    it('an entity that the neighbour refers to is resolved for admins and FORBIDDEN for users', async () => {
      const { people, database } = stack();
      const [user, admin] = [await people.person(), await people.person({ roles: ['admin'] })];
      const input = pageView(user);
      await track(routeOf().url, user, input);
      const { id } = await database.only(input.clientEventId);
      expect(dataOf(await ask(routeOf().url, admin, joinQuery, { variables: { ids: [id] } }))).toEqual({
        marks: [
          {
            label: `mark on ${id}`,
            event: { eventType: 'page_viewed', browserFamily: 'Chrome', note: `note on ${id}` },
          },
        ],
      });
      const refused = await ask<{ marks: { event: unknown }[] }>(routeOf().url, user, joinQuery, {
        variables: { ids: [id] },
      });
      expect(refused.codes.length).toBeGreaterThan(0);
      expect(new Set(refused.codes)).toEqual(new Set(['FORBIDDEN']));
      expect(refused.data?.marks[0]?.event ?? null).toBeNull();
    });

    it('an entity that is not there is null and no error of ours', async () => {
      const admin = await stack().people.person({ roles: ['admin'] });
      routeOf().wire.take();
      const answer = await ask<{ marks: { event: unknown }[] }>(routeOf().url, admin, joinQuery, {
        variables: { ids: [crypto.randomUUID()] },
      });
      expect(answer.data?.marks).toEqual([{ label: expect.any(String), event: null }]);
      // Hive Gateway then adds an error of its own, because the neighbour's half of the entity is there.
      const texts = routeOf()
        .wire.take()
        .map((exchange) => exchange.answer.text);
      expect(texts.map((text) => JSON.parse(text))).toEqual([{ data: { _entities: [null] } }]);
    });
  });
}
