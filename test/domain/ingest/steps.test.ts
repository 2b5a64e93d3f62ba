import { describe, expect, it } from 'vitest';
import type { TrackEventInput } from '../../../src/contract/index.js';
import type { Author, Origin } from '../../../src/domain/event.js';
import {
  browser,
  createPipeline,
  freshId,
  noon,
  pageViewed,
  person,
  testCatalogue,
} from '../../support/pipeline.js';

const uuid = '018f4e7a-1111-7222-8333-444455556666';

interface Row {
  readonly says: string;
  readonly event?: Partial<TrackEventInput> & Record<string, unknown>;
  readonly author?: Partial<Author>;
  readonly origin?: Partial<Origin>;
  readonly verdict: string;
}

const rows: readonly Row[] = [
  { says: 'takes a plain event', verdict: 'ACCEPTED' },
  {
    says: 'refuses an app that the catalogue does not have',
    event: { appName: 'cms' },
    verdict: 'UNKNOWN_APP',
  },
  {
    says: 'refuses an event type that it does not have',
    event: { eventType: 'login' },
    verdict: 'UNKNOWN_EVENT_TYPE',
  },
  {
    says: 'refuses a known event type on an app that has no such event',
    event: { eventType: 'video_published' },
    verdict: 'UNKNOWN_EVENT_TYPE',
  },
  {
    says: 'refuses a name that only objects have',
    event: { eventType: '__proto__' },
    verdict: 'UNKNOWN_EVENT_TYPE',
  },
  { says: 'refuses an unknown version', event: { eventVersion: 2 }, verdict: 'UNKNOWN_EVENT_TYPE' },
  { says: 'takes the known version', event: { eventVersion: 1 }, verdict: 'ACCEPTED' },
  {
    says: 'refuses an id that is no UUID',
    event: { clientEventId: 'abc' },
    verdict: 'INVALID_CLIENT_EVENT_ID',
  },
  { says: 'refuses an empty id', event: { clientEventId: '' }, verdict: 'INVALID_CLIENT_EVENT_ID' },
  { says: 'refuses a missing id', event: { clientEventId: undefined }, verdict: 'INVALID_CLIENT_EVENT_ID' },
  {
    says: 'refuses a UUID in braces',
    event: { clientEventId: `{${uuid}}` },
    verdict: 'INVALID_CLIENT_EVENT_ID',
  },
  {
    says: 'refuses the nil UUID',
    event: { clientEventId: '00000000-0000-0000-0000-000000000000' },
    verdict: 'INVALID_CLIENT_EVENT_ID',
  },
  {
    says: 'refuses an id of ten kilobytes',
    event: { clientEventId: 'a'.repeat(10_000) },
    verdict: 'INVALID_CLIENT_EVENT_ID',
  },
  { says: 'takes an id in capitals', event: { clientEventId: uuid.toUpperCase() }, verdict: 'ACCEPTED' },
  { says: 'takes a version label', event: { appVersion: '1.2.3-rc.4+build' }, verdict: 'ACCEPTED' },
  {
    says: 'takes a four-part version, which is no address',
    event: { appVersion: '10.2.3.4' },
    verdict: 'ACCEPTED',
  },
  {
    says: 'refuses a version with an e-mail address',
    event: { appVersion: 'alice@example.org' },
    verdict: 'INVALID_TEXT',
  },
  { says: 'refuses a source with NUL', event: { source: 'web\u0000' }, verdict: 'INVALID_TEXT' },
  { says: 'refuses a source that is too long', event: { source: 'w'.repeat(65) }, verdict: 'INVALID_TEXT' },
  {
    says: 'refuses a host that could forge a field',
    event: { host: 'a\u001f1.2.3.4' },
    verdict: 'INVALID_TEXT',
  },
  { says: 'takes a host with a port', event: { host: 'admin.example.org:3000' }, verdict: 'ACCEPTED' },
  {
    says: 'refuses an unknown entity type',
    event: { entityType: 'user', entityId: uuid },
    verdict: 'UNKNOWN_ENTITY_TYPE',
  },
  { says: 'refuses an entity without id', event: { entityType: 'journey' }, verdict: 'INVALID_ENTITY' },
  { says: 'refuses an entity id without type', event: { entityId: uuid }, verdict: 'INVALID_ENTITY' },
  {
    says: 'refuses an entity id of the wrong format',
    event: { entityType: 'journey', entityId: 'x1' },
    verdict: 'INVALID_ENTITY',
  },
  {
    says: 'takes an id in the form of its type',
    event: { entityType: 'video', entityId: '1_jf-0-0' },
    verdict: 'ACCEPTED',
  },
  {
    says: 'refuses an e-mail address as an id',
    event: { entityType: 'question', entityId: 'a@example.org' },
    verdict: 'PII_VALUE',
  },
  { says: 'refuses a session id that is no UUID', event: { sessionId: 'tab-1' }, verdict: 'INVALID_SESSION' },
  { says: 'refuses half a sequence number', event: { seq: 1.5 }, verdict: 'INVALID_SEQ' },
  { says: 'refuses a negative sequence number', event: { seq: -1 }, verdict: 'INVALID_SEQ' },
  { says: 'refuses a sequence number beyond the column', event: { seq: 2 ** 31 }, verdict: 'INVALID_SEQ' },
  { says: 'refuses a sequence number that is no number', event: { seq: Number.NaN }, verdict: 'INVALID_SEQ' },
  { says: 'takes the largest sequence number', event: { seq: 2 ** 31 - 1 }, verdict: 'ACCEPTED' },
  { says: 'refuses a route that is no path', event: { route: 'journeys' }, verdict: 'INVALID_ROUTE' },
  {
    says: 'refuses a route of 300 characters',
    event: { route: `/${'a-'.repeat(150)}` },
    verdict: 'INVALID_ROUTE',
  },
  {
    says: 'refuses an e-mail address in a route',
    event: { route: '/users/alice@example.org/edit' },
    verdict: 'PII_VALUE',
  },
  {
    says: 'cuts a token in the query off',
    event: { route: '/invite?token=eyJhbGciOiJI' },
    verdict: 'ACCEPTED',
  },
  { says: 'refuses a time that is none', event: { occurredAt: 'yesterday' }, verdict: 'INVALID_TIMESTAMP' },
  {
    says: 'refuses a time without offset',
    event: { occurredAt: '2026-11-20T11:00:00' },
    verdict: 'INVALID_TIMESTAMP',
  },
  {
    says: 'refuses 30 February',
    event: { occurredAt: '2026-02-30T11:00:00Z' },
    verdict: 'INVALID_TIMESTAMP',
  },
  {
    says: 'refuses what is older than 72 hours',
    event: { occurredAt: '2026-11-17T11:59:59.999Z' },
    verdict: 'TOO_OLD',
  },
  {
    says: 'takes what is exactly 72 hours old',
    event: { occurredAt: '2026-11-17T12:00:00.000Z' },
    verdict: 'ACCEPTED',
  },
  { says: 'refuses properties that are a list', event: { properties: [] }, verdict: 'INVALID_PROPERTIES' },
  {
    says: 'refuses a declared property of the wrong type',
    event: { properties: { status: '200' } },
    verdict: 'INVALID_PROPERTIES',
  },
  {
    says: 'refuses a missing required property',
    event: { eventType: 'cta_clicked', properties: {} },
    verdict: 'INVALID_PROPERTIES',
  },
  {
    says: 'cuts an undeclared property off',
    event: { properties: { status: 200, colour: 'red' } },
    verdict: 'ACCEPTED',
  },
  {
    says: 'refuses personal data under an undeclared name',
    event: { properties: { note: 'alice@example.org' } },
    verdict: 'PII_VALUE',
  },
  { says: 'refuses a name of personal data', event: { properties: { userEmail: 'x' } }, verdict: 'PII_KEY' },
  { says: 'refuses NUL in a property', event: { properties: { note: 'a\u0000' } }, verdict: 'INVALID_TEXT' },
  {
    says: 'refuses half a surrogate pair',
    event: { properties: { note: '\ud800' } },
    verdict: 'INVALID_TEXT',
  },
  {
    says: 'drops a crawler',
    origin: { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' },
    verdict: 'BOT',
  },
  { says: 'drops a script', origin: { userAgent: 'curl/8.5.0' }, verdict: 'BOT' },
  {
    says: 'does not take a server emitter for a bot',
    origin: { userAgent: 'curl/8.5.0' },
    author: { isService: true },
    verdict: 'ACCEPTED',
  },
  { says: 'does not take a missing user agent for a bot', origin: { userAgent: null }, verdict: 'ACCEPTED' },
  {
    says: 'drops a member of staff by domain',
    author: { email: 'Bob@Staff.example' },
    verdict: 'INTERNAL_USER',
  },
  { says: 'drops a test user by subject', author: { subject: 'e2e' }, verdict: 'INTERNAL_USER' },
  { says: 'drops an address on the list', author: { email: 'qa@example.org' }, verdict: 'INTERNAL_USER' },
  {
    says: 'keeps a domain that only ends like one of ours',
    author: { email: 'x@notstaff.example' },
    verdict: 'ACCEPTED',
  },
];

describe('the steps', () => {
  it.each(rows)('$says: $verdict', async ({ event, author, origin, verdict }) => {
    const pipeline = createPipeline({ internal: ['@staff.example', 'sub:e2e', 'qa@example.org'] });
    const result = await pipeline.one(pageViewed(event as Partial<TrackEventInput>), {
      author: { ...person, ...author },
      origin: { ...browser, ...origin },
    });
    expect(result.reason ?? result.status).toBe(verdict);
    expect(pipeline.rows()).toHaveLength(verdict === 'ACCEPTED' ? 1 : 0);
  });

  it('drops what is switched off, and takes a deprecated name', async () => {
    const catalogue = testCatalogue((file) => {
      const plan = file.eventTypes?.page_viewed;
      if (plan) plan.enabled = false;
    });
    const pipeline = createPipeline({ catalogue: { current: () => catalogue } });
    expect((await pipeline.one(pageViewed())).reason).toBe('DISABLED');
    const old = { eventType: 'create_journey_clicked', appName: 'journeys-admin', clientEventId: freshId() };
    expect((await pipeline.one(old)).status).toBe('ACCEPTED');
  });

  it('stores nothing that was not declared', async () => {
    const pipeline = createPipeline();
    await pipeline.one(pageViewed({ properties: { status: 200, colour: 'red', deep: { a: 1 } } }));
    expect(pipeline.rows()[0]?.properties).toEqual({ status: 200 });
    expect(pipeline.counts).toContain('cut web page_viewed 2');
  });

  it('keeps an event from a browser that opted out, without visitor and session', async () => {
    const pipeline = createPipeline();
    await pipeline.one(pageViewed({ sessionId: uuid }), { origin: { ...browser, optedOut: true } });
    expect(pipeline.rows()[0]).toMatchObject({ userHash: null, sessionHash: null });
  });

  it('drops such an event where the catalogue says so', async () => {
    const catalogue = testCatalogue((file) => {
      const plan = file.eventTypes?.page_viewed;
      if (plan) plan.gpc = 'drop';
    });
    const pipeline = createPipeline({ catalogue: { current: () => catalogue } });
    const result = await pipeline.one(pageViewed(), { origin: { ...browser, optedOut: true } });
    expect(result).toMatchObject({ status: 'DROPPED', reason: 'OPTED_OUT' });
  });
});

describe('the time of an event', () => {
  const occurred = async (
    occurredAt: string,
    call: Parameters<ReturnType<typeof createPipeline>['one']>[1] = {},
  ) => {
    const pipeline = createPipeline();
    const result = await pipeline.one(pageViewed({ occurredAt }), call);
    const [row] = pipeline.rows();
    return row
      ? { createdAt: row.createdAt.toISOString(), occurredAt: row.occurredAt?.toISOString() }
      : result.reason;
  };
  const at = noon.toISOString();
  const importer = { ...person, mayBackfill: true };

  it('keeps the client’s clock up to five minutes ahead', async () => {
    expect(await occurred('2026-11-20T12:05:00.000Z')).toEqual({
      createdAt: at,
      occurredAt: '2026-11-20T12:05:00.000Z',
    });
  });
  it('clamps what is further ahead to the time of receipt', async () => {
    expect(await occurred('2026-11-20T12:05:00.001Z')).toEqual({ createdAt: at, occurredAt: at });
    expect(await occurred('9999-12-31T23:59:59Z')).toEqual({ createdAt: at, occurredAt: at });
  });
  it('understands offsets', async () => {
    expect(await occurred('2026-11-20T13:00:00+02:00')).toEqual({
      createdAt: at,
      occurredAt: '2026-11-20T11:00:00.000Z',
    });
  });
  it('corrects a clock that is off by what sentAt tells', async () => {
    const sentAt = new Date('2026-11-20T10:00:00.000Z'); // two hours slow
    expect(await occurred('2026-11-20T09:59:00.000Z', { sentAt })).toEqual({
      createdAt: at,
      occurredAt: '2026-11-20T11:59:00.000Z',
    });
  });
  it('corrects before it judges the age', async () => {
    const sentAt = new Date('2020-01-01T00:00:00.000Z');
    expect(await occurred('2019-12-31T23:00:00.000Z', { sentAt })).toMatchObject({
      occurredAt: '2026-11-20T11:00:00.000Z',
    });
  });
  it('decides createdAt only for a caller who imports history', async () => {
    expect(await occurred('2026-11-18T08:00:00.000Z')).toMatchObject({ createdAt: at });
    expect(await occurred('2026-08-01T08:00:00.000Z', { author: importer })).toEqual({
      createdAt: '2026-08-01T08:00:00.000Z',
      occurredAt: '2026-08-01T08:00:00.000Z',
    });
  });
  it('imports nothing beyond the retention and nothing into the future', async () => {
    expect(await occurred('2026-05-01T00:00:00.000Z', { author: importer })).toBe('TOO_OLD');
    expect(await occurred('2027-01-01T00:00:00.000Z', { author: importer })).toEqual({
      createdAt: at,
      occurredAt: at,
    });
  });
});
