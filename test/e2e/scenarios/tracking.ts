import { describe, expect, it } from 'vitest';
import { ask } from '../support/browser.js';
import type { Route, Stack } from '../support/stack.js';
import { dataOf, pageView, track, trackMany } from '../support/tracking.js';

/** The write side as a browser uses it through a gateway. */
export function trackingScenarios(stack: () => Stack, routeOf: () => Route, otherRouteOf: () => Route): void {
  describe('tracking', () => {
    it('a user’s event is accepted once, whatever the letter case of its id', async () => {
      const person = await stack().people.person();
      const input = pageView(person);
      const upper = { ...input, clientEventId: input.clientEventId.toUpperCase() };
      const { url } = routeOf();
      expect(await track(url, person, input)).toMatchObject({ status: 'ACCEPTED', reason: null });
      expect(await track(url, person, input)).toMatchObject({ status: 'DUPLICATE', reason: null });
      expect(await track(url, person, upper)).toMatchObject({ status: 'DUPLICATE', reason: null });
      expect(await stack().database.only(input.clientEventId)).toMatchObject({
        event_type: 'page_viewed',
        app_name: 'web',
        route: '/pricing',
        device_type: 'desktop',
        browser_family: 'Chrome',
        os_family: 'macOS',
        user_hash: expect.any(Buffer),
        session_hash: expect.any(Buffer),
      });
    });

    it('it is the same event when it comes again through the other gateway and replica', async () => {
      const person = await stack().people.person();
      const input = pageView(person);
      expect(await track(routeOf().url, person, input)).toMatchObject({ status: 'ACCEPTED' });
      expect(await track(otherRouteOf().url, person, input)).toMatchObject({ status: 'DUPLICATE' });
      expect(await stack().database.stored(input.clientEventId)).toHaveLength(1);
    });

    it('somebody else’s event with the same id is another event', async () => {
      const [one, other] = [await stack().people.person(), await stack().people.person()];
      const input = pageView(one);
      expect(await track(routeOf().url, one, input)).toMatchObject({ status: 'ACCEPTED' });
      expect(await track(routeOf().url, other, input)).toMatchObject({ status: 'ACCEPTED' });
      expect(await stack().database.stored(input.clientEventId)).toHaveLength(2);
    });

    it('one bad event of a batch costs the others nothing', async () => {
      const person = await stack().people.person();
      const events = Array.from({ length: 20 }, () => pageView(person));
      const bad = { ...events[7], clientEventId: crypto.randomUUID(), eventType: 'never_heard_of' };
      const batch = events.with(7, bad as (typeof events)[number]);
      const answer = await trackMany(routeOf().url, person, batch);
      expect(answer).toMatchObject({ accepted: 19, duplicates: 0, dropped: 0, rejected: 1 });
      expect(answer.results.map(({ clientEventId }) => clientEventId)).toEqual(
        batch.map((e) => e.clientEventId),
      );
      expect(answer.results[7]).toMatchObject({ status: 'REJECTED', reason: 'UNKNOWN_EVENT_TYPE' });
      const rows = await stack().database.query('SELECT 1 FROM events WHERE client_event_id = ANY($1)', [
        batch.map((event) => event.clientEventId),
      ]);
      expect(rows).toHaveLength(19);
    });

    it('20 requests at once with one id make exactly one row', async () => {
      const person = await stack().people.person();
      const input = pageView(person);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => track(routeOf().url, person, input)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual(['ACCEPTED', ...Array.from({ length: 19 }, () => 'DUPLICATE')]);
      expect(await stack().database.stored(input.clientEventId)).toHaveLength(1);
    });

    it('aliases of one mutation and a mutation of the neighbour each have their own answer', async () => {
      const person = await stack().people.person();
      const [first, second] = [pageView(person), pageView(person)];
      const answer = await ask<Record<string, { status?: string; title?: string }>>(
        routeOf().url,
        person,
        `mutation Both($first: TrackEventInput!, $second: TrackEventInput!) {
          one: trackEvent(input: $first) { status }
          two: trackEvent(input: $second) { status }
          book(title: "Tea") { title }
          again: trackEvent(input: $first) { status }
        }`,
        { variables: { first, second } },
      );
      expect(dataOf(answer)).toEqual({
        one: { status: 'ACCEPTED' },
        two: { status: 'ACCEPTED' },
        book: { title: 'Tea' },
        again: { status: 'DUPLICATE' },
      });
    });
  });
}
