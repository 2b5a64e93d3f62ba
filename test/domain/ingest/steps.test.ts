import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackEventInput } from '../../../src/contract/index.js';
import type { Author, Origin } from '../../../src/domain/event.js';
import { toInstant } from '../../../src/domain/ingest/steps/times.js';
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
  /** The field and the rule that the refusal names; nothing where nothing is wrong with the event. */
  readonly at?: string;
}

const rows: readonly Row[] = [
  { says: 'takes a plain event', verdict: 'ACCEPTED' },
  {
    says: 'refuses an app that the catalogue does not have',
    event: { appName: 'cms' },
    verdict: 'UNKNOWN_APP',
    at: '/appName unknown',
  },
  {
    says: 'refuses an event type that it does not have',
    event: { eventType: 'login' },
    verdict: 'UNKNOWN_EVENT_TYPE',
    at: '/eventType unknown',
  },
  {
    says: 'refuses a known event type on an app that has no such event',
    event: { eventType: 'video_published' },
    verdict: 'UNKNOWN_EVENT_TYPE',
    at: '/eventType app',
  },
  {
    says: 'refuses a name that only objects have',
    event: { eventType: '__proto__' },
    verdict: 'UNKNOWN_EVENT_TYPE',
    at: '/eventType unknown',
  },
  {
    says: 'refuses an unknown version',
    event: { eventVersion: 2 },
    verdict: 'UNKNOWN_EVENT_TYPE',
    at: '/eventVersion unknown',
  },
  { says: 'takes the known version', event: { eventVersion: 1 }, verdict: 'ACCEPTED' },
  {
    says: 'refuses an id that is no UUID',
    event: { clientEventId: 'abc' },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId uuid',
  },
  {
    says: 'refuses an empty id',
    event: { clientEventId: '' },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId uuid',
  },
  {
    says: 'refuses a missing id',
    event: { clientEventId: undefined },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId required',
  },
  {
    says: 'refuses a UUID in braces',
    event: { clientEventId: `{${uuid}}` },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId uuid',
  },
  {
    says: 'refuses the nil UUID',
    event: { clientEventId: '00000000-0000-0000-0000-000000000000' },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId uuid',
  },
  {
    says: 'refuses an id of ten kilobytes',
    event: { clientEventId: 'a'.repeat(10_000) },
    verdict: 'INVALID_CLIENT_EVENT_ID',
    at: '/clientEventId uuid',
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
    at: '/appVersion label',
  },
  {
    says: 'refuses a source with NUL',
    event: { source: 'web\u0000' },
    verdict: 'INVALID_TEXT',
    at: '/source label',
  },
  {
    says: 'refuses a source that is too long',
    event: { source: 'w'.repeat(65) },
    verdict: 'INVALID_TEXT',
    at: '/source maxLength',
  },
  {
    says: 'refuses a host that could forge a field',
    event: { host: 'a\u001f1.2.3.4' },
    verdict: 'INVALID_TEXT',
    at: '/host host',
  },
  { says: 'takes a host with a port', event: { host: 'admin.example.org:3000' }, verdict: 'ACCEPTED' },
  {
    says: 'refuses an unknown entity type',
    event: { entityType: 'user', entityId: uuid },
    verdict: 'UNKNOWN_ENTITY_TYPE',
    at: '/entityType unknown',
  },
  {
    says: 'refuses an entity without id',
    event: { entityType: 'journey' },
    verdict: 'INVALID_ENTITY',
    at: '/entityId pair',
  },
  {
    says: 'refuses an entity id without type',
    event: { entityId: uuid },
    verdict: 'INVALID_ENTITY',
    at: '/entityType pair',
  },
  {
    says: 'refuses an entity id of the wrong format',
    event: { entityType: 'journey', entityId: 'x1' },
    verdict: 'INVALID_ENTITY',
    at: '/entityId entityId',
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
    at: '/entityId pii.email',
  },
  {
    says: 'refuses a session id that is no UUID',
    event: { sessionId: 'tab-1' },
    verdict: 'INVALID_SESSION',
    at: '/sessionId uuid',
  },
  { says: 'refuses half a sequence number', event: { seq: 1.5 }, verdict: 'INVALID_SEQ', at: '/seq integer' },
  {
    says: 'refuses a negative sequence number',
    event: { seq: -1 },
    verdict: 'INVALID_SEQ',
    at: '/seq integer',
  },
  {
    says: 'refuses a sequence number beyond 2^30 − 1',
    event: { seq: 2 ** 30 },
    verdict: 'INVALID_SEQ',
    at: '/seq integer',
  },
  {
    says: 'refuses a sequence number that is no number',
    event: { seq: Number.NaN },
    verdict: 'INVALID_SEQ',
    at: '/seq integer',
  },
  { says: 'takes the largest sequence number', event: { seq: 2 ** 30 - 1 }, verdict: 'ACCEPTED' },
  {
    says: 'refuses a route that is no path',
    event: { route: 'journeys' },
    verdict: 'INVALID_ROUTE',
    at: '/route path',
  },
  {
    says: 'refuses a route of 300 characters',
    event: { route: `/${'a-'.repeat(150)}` },
    verdict: 'INVALID_ROUTE',
    at: '/route maxLength',
  },
  {
    says: 'refuses an e-mail address in a route',
    event: { route: '/users/alice@example.org/edit' },
    verdict: 'PII_VALUE',
    at: '/route pii.email',
  },
  {
    says: 'cuts a token in the query off',
    event: { route: '/invite?token=eyJhbGciOiJI' },
    verdict: 'ACCEPTED',
  },
  {
    says: 'refuses a time that is none',
    event: { occurredAt: 'yesterday' },
    verdict: 'INVALID_TIMESTAMP',
    at: '/occurredAt instant',
  },
  {
    says: 'refuses a time without offset',
    event: { occurredAt: '2026-11-20T11:00:00' },
    verdict: 'INVALID_TIMESTAMP',
    at: '/occurredAt instant',
  },
  {
    says: 'refuses 30 February',
    event: { occurredAt: '2026-02-30T11:00:00Z' },
    verdict: 'INVALID_TIMESTAMP',
    at: '/occurredAt instant',
  },
  {
    says: 'refuses what is older than 72 hours',
    event: { occurredAt: '2026-11-17T11:59:59.999Z' },
    verdict: 'TOO_OLD',
    at: '/occurredAt maxAge',
  },
  {
    says: 'takes what is exactly 72 hours old',
    event: { occurredAt: '2026-11-17T12:00:00.000Z' },
    verdict: 'ACCEPTED',
  },
  {
    says: 'refuses properties that are a list',
    event: { properties: [] },
    verdict: 'INVALID_PROPERTIES',
    at: '/properties type',
  },
  {
    says: 'refuses a declared property of the wrong type',
    event: { properties: { status: '200' } },
    verdict: 'INVALID_PROPERTIES',
    at: '/properties/status type',
  },
  {
    says: 'refuses a missing required property',
    event: { eventType: 'cta_clicked', properties: {} },
    verdict: 'INVALID_PROPERTIES',
    at: '/properties/ctaId required',
  },
  {
    says: 'cuts an undeclared property off',
    event: { properties: { status: 200, colour: 'red' } },
    verdict: 'ACCEPTED',
    at: '/properties/colour unknown',
  },
  {
    says: 'refuses personal data under an undeclared name',
    event: { properties: { note: 'alice@example.org' } },
    verdict: 'PII_VALUE',
    at: '/properties/note pii.email',
  },
  {
    says: 'refuses a name of personal data',
    event: { properties: { userEmail: 'x' } },
    verdict: 'PII_KEY',
    at: '/properties/userEmail pii.key',
  },
  {
    says: 'refuses NUL in a property',
    event: { properties: { note: 'a\u0000' } },
    verdict: 'INVALID_TEXT',
    at: '/properties/note characters',
  },
  {
    says: 'refuses half a surrogate pair',
    event: { properties: { note: '\ud800' } },
    verdict: 'INVALID_TEXT',
    at: '/properties/note characters',
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
  it.each(rows)('$says: $verdict', async ({ event, author, origin, verdict, at }) => {
    const pipeline = createPipeline({ internal: ['@staff.example', 'sub:e2e', 'qa@example.org'] });
    const result = await pipeline.one(pageViewed(event as Partial<TrackEventInput>), {
      author: { ...person, ...author },
      origin: { ...browser, ...origin },
    });
    expect(result.reason ?? result.status).toBe(verdict);
    expect(at ?? '').toBe([result.field, result.rule].filter((part) => part !== null).join(' '));
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
    event: Partial<TrackEventInput> = {},
  ) => {
    const pipeline = createPipeline();
    const result = await pipeline.one(pageViewed({ occurredAt, ...event }), call);
    const [row] = pipeline.rows();
    return row
      ? { createdAt: row.createdAt.toISOString(), occurredAt: row.occurredAt?.toISOString() }
      : result.reason;
  };
  const at = noon.toISOString();
  const importer = { ...person, mayBackfill: true };
  const server = { ...person, isService: true };

  it('is the arrival where a clock that nobody corrects is within five minutes of it', async () => {
    for (const near of ['12:00:00.000', '11:59:59.123', '12:05:00.000', '11:55:00.000', '12:00:37.251'])
      expect(await occurred(`2026-11-20T${near}Z`), near).toEqual({ createdAt: at, occurredAt: at });
  });
  it('is good to the minute where such a clock is further behind', async () => {
    expect(await occurred('2026-11-20T11:54:59.999Z')).toEqual({
      createdAt: at,
      occurredAt: '2026-11-20T11:54:00.000Z',
    });
  });
  it('is the arrival where it lies ahead of it, whatever clock says so', async () => {
    for (const ahead of ['2026-11-20T12:05:00.001Z', '2026-11-20T21:00:00Z', '9999-12-31T23:59:59Z']) {
      expect(await occurred(ahead)).toEqual({ createdAt: at, occurredAt: at });
      expect(await occurred(ahead, { author: server })).toEqual({ createdAt: at, occurredAt: at });
      expect(await occurred(ahead, { sentAt: noon })).toEqual({ createdAt: at, occurredAt: at });
    }
  });
  it('keeps the milliseconds of servers and importers', async () => {
    for (const author of [server, importer]) {
      expect(await occurred('2026-11-20T11:59:59.123Z', { author })).toEqual({
        createdAt: at,
        occurredAt: '2026-11-20T11:59:59.123Z',
      });
    }
  });
  it('understands offsets', async () => {
    expect(await occurred('2026-11-20T13:00:00+02:00')).toMatchObject({
      occurredAt: '2026-11-20T11:00:00.000Z',
    });
  });
  it('corrects a clock that is off by what sentAt tells, to the millisecond', async () => {
    const sentAt = new Date('2026-11-20T10:00:00.000Z'); // two hours slow
    expect(await occurred('2026-11-20T09:59:00.123Z', { sentAt })).toEqual({
      createdAt: at,
      occurredAt: '2026-11-20T11:59:00.123Z',
    });
  });
  it('takes the event’s own sentAt where the call has none, and the call’s before it', async () => {
    const own = { sentAt: '2026-11-20T10:00:00.000Z' };
    const corrected = { createdAt: at, occurredAt: '2026-11-20T11:59:00.000Z' };
    expect(await occurred('2026-11-20T09:59:00.000Z', {}, own)).toEqual(corrected);
    const sentAt = new Date('2026-11-20T09:00:00.000Z');
    expect(await occurred('2026-11-20T08:59:00.000Z', { sentAt }, own)).toEqual(corrected);
  });
  it('refuses a sentAt that is none, and says where', async () => {
    const result = await createPipeline().one(pageViewed({ sentAt: 'now' }));
    expect(result).toMatchObject({ reason: 'INVALID_TIMESTAMP', field: '/sentAt', rule: 'instant' });
  });
  it('corrects before it judges the age', async () => {
    const sentAt = new Date('2020-01-01T00:00:00.000Z');
    expect(await occurred('2019-12-31T23:00:00.000Z', { sentAt })).toMatchObject({
      occurredAt: '2026-11-20T11:00:00.000Z',
    });
  });
  it('decides createdAt where it lies on an earlier day, for anybody', async () => {
    const sentAt = noon;
    expect(await occurred('2026-11-20T00:00:00.000Z', { sentAt })).toMatchObject({ createdAt: at });
    expect(await occurred('2026-11-19T23:59:59.999Z', { sentAt })).toEqual({
      createdAt: '2026-11-19T23:59:59.999Z',
      occurredAt: '2026-11-19T23:59:59.999Z',
    });
    expect(await occurred('2026-08-01T08:00:00.000Z', { author: importer })).toEqual({
      createdAt: '2026-08-01T08:00:00.000Z',
      occurredAt: '2026-08-01T08:00:00.000Z',
    });
    expect(await occurred('2026-11-20T08:00:00.000Z', { author: importer })).toMatchObject({ createdAt: at });
  });
  it('is too old on a day that the retention does not keep, for an importer too', async () => {
    // 180 days with today are those from 25 May on.
    expect(await occurred('2026-05-25T00:00:00.000Z', { author: importer })).toMatchObject({
      createdAt: '2026-05-25T00:00:00.000Z',
    });
    expect(await occurred('2026-05-24T23:59:59.999Z', { author: importer })).toBe('TOO_OLD');
    const result = await createPipeline().one(pageViewed({ occurredAt: '2026-05-24T23:59:59.999Z' }), {
      author: importer,
    });
    expect(result).toMatchObject({ field: '/occurredAt', rule: 'retention' });
  });
});

describe('an instant', () => {
  it.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20t12:00:00.5z', '2026-11-20T12:00:00.500Z'],
    ['2026-11-20 12:00:00,123456789+01:00', '2026-11-20T11:00:00.123Z'],
    ['2026-11-20T12:00-0330', '2026-11-20T15:30:00.000Z'],
    ['2026-11-20T12:00:00+01', '2026-11-20T11:00:00.000Z'],
    ['20261120T120000Z', '2026-11-20T12:00:00.000Z'],
    ['20261120T1200+0100', '2026-11-20T11:00:00.000Z'],
    ['2026-11-20T24:00:00Z', '2026-11-21T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(toInstant(text)?.toISOString()).toBe(instant);
  });
  it.each([
    '2026-02-30T11:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-20T12:00:00',
    '2026-11-20',
    '2026-11-20T25:00:00Z',
    '2026-11-20T24:00:01Z',
    '2026-11-20T12:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-11-20T12:00:00+24:00',
    '2026-11-20T12:00:00+01:60',
    '2026-1120T12:00:00Z',
    'Fri, 20 Nov 2026 12:00:00 GMT',
    '1763640000000',
    '',
    `2026-11-20T12:00:00.${'1'.repeat(40)}Z`,
    1_763_640_000_000,
    null,
  ])('is not %s', (text) => {
    expect(toInstant(text)).toBeNull();
  });
  it('agrees with Date.parse on everything that is both', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(toInstant(date.toISOString())).toEqual(date);
      }),
    );
  });
});
