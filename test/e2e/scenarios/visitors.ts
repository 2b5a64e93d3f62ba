import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RequestOptions } from '../support/browser.js';
import { type Person, userAgents } from '../support/people.js';
import type { Route, Stack } from '../support/stack.js';
import { pageView, track } from '../support/tracking.js';

/** What a visitor is, and what a visitor is not, by the headers that a gateway passes on. */
export function visitorScenarios(stack: () => Stack, routeOf: () => Route): void {
  const hashOf = async (person: Person, options: RequestOptions = {}): Promise<string | undefined> => {
    const input = pageView(person);
    expect(await track(routeOf().url, person, input, options)).toMatchObject({ status: 'ACCEPTED' });
    return (await stack().database.only(input.clientEventId)).user_hash?.toString('hex');
  };

  describe('visitors', () => {
    it('an x-forwarded-for that the client invents changes nothing', async () => {
      const person = await stack().people.person();
      const honest = await hashOf(person);
      expect(honest).toMatch(/^[0-9a-f]{32,}$/);
      expect(await hashOf(person, { spoofedForwardedFor: '198.51.100.1' })).toBe(honest);
      expect(await hashOf(person, { spoofedForwardedFor: '198.51.100.2, 198.51.100.3' })).toBe(honest);
    });

    it('another address or another browser is another visitor', async () => {
      const person = await stack().people.person();
      const elsewhere = { ...person, address: (await stack().people.person()).address };
      const otherBrowser = { ...person, userAgent: userAgents.firefox };
      const hashes = [await hashOf(person), await hashOf(elsewhere), await hashOf(otherBrowser)];
      expect(new Set(hashes).size).toBe(3);
    });

    it('two people at one address with one browser are one visitor: the token does not count', async () => {
      const one = await stack().people.person();
      const other = { ...(await stack().people.person()), address: one.address };
      expect(await hashOf(other)).toBe(await hashOf(one));
    });

    it('a crawler is dropped as BOT and leaves no row', async () => {
      const person = await stack().people.person({ userAgent: userAgents.crawler });
      const input = pageView(person);
      expect(await track(routeOf().url, person, input)).toMatchObject({ status: 'DROPPED', reason: 'BOT' });
      expect(await stack().database.stored(input.clientEventId)).toEqual([]);
    });

    it('a browser that says Sec-GPC is counted without visitor and session', async () => {
      const person = await stack().people.person();
      const entityId = randomUUID();
      const occurredAt = new Date().toISOString();
      const input = pageView(person, { entityType: 'journey', entityId, seq: 5, occurredAt });
      expect(await track(routeOf().url, person, input, { headers: { 'sec-gpc': '1' } })).toMatchObject({
        status: 'ACCEPTED',
      });
      const rows = await stack().database.query(
        'SELECT user_hash, session_hash, client_event_id, seq, occurred_at, created_at, browser_family FROM events JOIN event_dimensions d ON d.id = dimension_id WHERE entity_id = $1',
        [entityId],
      );
      expect(rows).toEqual([
        {
          ...{ user_hash: null, session_hash: null, client_event_id: null, seq: null, occurred_at: null },
          created_at: expect.toSatisfy((at: Date) => at.getTime() % 3_600_000 === 0),
          browser_family: 'Chrome',
        },
      ]);
    });

    it('a caller without a user agent is counted without buckets, and is no bot', async () => {
      const person = await stack().people.person({ userAgent: null });
      const input = pageView(person);
      expect(await track(routeOf().url, person, input)).toMatchObject({ status: 'ACCEPTED' });
      expect(await stack().database.only(input.clientEventId)).toMatchObject(noBuckets);
    });
  });
}

const noBuckets = { device_type: null, browser_family: null, os_family: null };

/** Gateways that are set up otherwise than the examples. */
export function otherGatewayScenarios(stack: () => Stack): void {
  describe('other gateways', () => {
    it('behind one that passes on the token only, events are stored without buckets and visitor, not dropped as BOT', async () => {
      const person = await stack().people.person();
      const input = pageView(person);
      stack().apollo.wire.take();
      expect(await track(stack().careless.url, person, input)).toMatchObject({ status: 'ACCEPTED' });
      expect(stack().apollo.wire.take()[0]?.headers['user-agent']).toBe('node');
      expect(await stack().database.only(input.clientEventId)).toMatchObject({
        ...noBuckets,
        user_hash: null,
      });
      expect(await stack().apollo.replica.metrics()).toMatch(
        /signals_origin_missing_total\{what="user_agent"\} [1-9]/,
      );
    });

    it('one that browsers reach directly signs the address of the connection, whatever the headers say', async () => {
      const person = await stack().people.person();
      const hashes = new Set<string | undefined>();
      for (const spoofedForwardedFor of ['198.51.100.1', '198.51.100.2']) {
        const input = pageView(person);
        stack().hive.wire.take();
        await track(stack().exposed.url, person, input, { spoofedForwardedFor });
        const sent = JSON.parse(stack().hive.wire.take()[0]?.body ?? '{}');
        expect(sent.extensions.gateway.ip).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
        hashes.add((await stack().database.only(input.clientEventId)).user_hash?.toString('hex'));
      }
      expect(hashes.size).toBe(1);
      expect([...hashes][0]).toMatch(/^[0-9a-f]{32,}$/);
    });
  });
}
