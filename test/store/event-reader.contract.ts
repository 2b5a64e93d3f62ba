import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AnonymousEvent, EventDimensions } from '../../src/domain/event.js';
import type {
  EventField,
  EventFilter,
  EventPosition,
  EventReader,
  PageSpan,
} from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent } from '../support/events.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 12, 0, second));
const hash = (digit: number): string => String(digit).repeat(32);

/** Forty events: four share each instant, so that the order has ties, and every field is missing here and there. */
const events = Array.from({ length: 40 }, (_, n) =>
  anonymousEvent({
    createdAt: at(Math.floor(n / 4)),
    occurredAt: n % 2 ? at(0) : null,
    entityId: n % 3 ? `entity-${n % 3}` : null,
    userHash: n % 4 ? hash(n % 4) : null,
    sessionHash: n % 5 ? hash(n % 5) : null,
    seq: n % 7 ? n : null,
    properties: n % 2 ? { status: 200 + n } : null,
    dimensions: {
      appName: n % 2 ? 'web' : 'admin',
      eventType: ['page_viewed', 'clicked', 'opened'][n % 3] ?? '',
      eventVersion: 1 + (n % 3),
      appVersion: n % 4 ? `1.${n % 4}.0` : null,
      source: n % 3 ? 'web' : null,
      route: ['/a', '/a/[id]', null][n % 3] ?? null,
      entityType: n % 3 ? 'journey' : null,
      deviceType: ['desktop', 'mobile', null][n % 3] ?? null,
      browserFamily: ['Chrome', 'Safari', null][n % 3] ?? null,
      osFamily: ['Windows', 'iOS', null][n % 3] ?? null,
    },
  }),
);

// The oracle: what the port promises, said with the plainest means.

const newerFirst = (a: EventPosition, b: EventPosition): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const own = ['entityId', 'userHash', 'sessionHash'] as const;
const words = Object.keys(events[0]?.dimensions ?? {}) as (keyof EventDimensions)[];
const fieldOf = (event: AnonymousEvent, field: (typeof own)[number] | keyof EventDimensions) =>
  field === 'entityId' || field === 'userHash' || field === 'sessionHash'
    ? event[field]
    : event.dimensions[field];

function matching(filter: EventFilter): AnonymousEvent[] {
  let left = [...events].sort(newerFirst);
  const { from, to } = filter;
  if (from) left = left.filter(({ createdAt }) => createdAt.getTime() >= from.getTime());
  if (to) left = left.filter(({ createdAt }) => createdAt.getTime() < to.getTime());
  for (const field of [...own, ...words]) {
    const wanted: readonly unknown[] | undefined = filter[field];
    if (wanted) left = left.filter((event) => wanted.some((value) => value === fieldOf(event, field)));
  }
  return left;
}

function pageOf(filter: EventFilter, { size, backwards, after, before }: PageSpan) {
  let left = matching(filter);
  if (after) left = left.filter((event) => newerFirst(after, event) < 0);
  if (before) left = left.filter((event) => newerFirst(event, before) < 0);
  const shown = backwards ? left.slice(Math.max(0, left.length - size)) : left.slice(0, size);
  return { events: shown, hasMore: left.length > size };
}

const fields: readonly EventField[] = [
  'occurredAt',
  'clientEventId',
  'dimensions',
  'entityId',
  'userHash',
  'sessionHash',
  'seq',
  'properties',
];
const only = (event: AnonymousEvent, wanted: readonly EventField[]) =>
  Object.fromEntries((['id', 'createdAt', ...wanted] as const).map((field) => [field, event[field]]));

// What is asked: values that events have, none, and some that no event has.

const listOf = (field: (typeof own)[number] | keyof EventDimensions) => {
  const known = [...new Set(events.map((event) => fieldOf(event, field)))];
  const foreign = field === 'eventVersion' ? 99 : field.endsWith('Hash') ? hash(9) : 'nobody';
  return fc.uniqueArray(fc.constantFrom(...known, foreign), { maxLength: 4 });
};
const someFilter: fc.Arbitrary<EventFilter> = fc
  .record(
    {
      ...Object.fromEntries([...own, ...words].map((field) => [field, listOf(field)])),
      from: fc.integer({ min: -1, max: 11 }).map(at),
      to: fc.integer({ min: -1, max: 11 }).map(at),
    },
    { requiredKeys: [] },
  )
  // Few conditions at once: with more, hardly any filter matches something.
  .chain((filter) => fc.subarray(Object.entries(filter), { maxLength: 3 }))
  .map((conditions) => Object.fromEntries(conditions));
const somePosition: fc.Arbitrary<EventPosition | null> = fc.option(
  fc.oneof(
    fc.constantFrom(...events).map(({ createdAt, id }) => ({ createdAt, id })),
    fc.record({ createdAt: fc.integer({ min: -1, max: 11 }).map(at), id: fc.uuid() }),
  ),
);
const someSpan: fc.Arbitrary<PageSpan> = fc.record({
  size: fc.constantFrom(1, 2, 7, 39, 40, 41, 200),
  backwards: fc.boolean(),
  after: somePosition,
  before: somePosition,
});

const everything: PageSpan = { size: 200, backwards: false, after: null, before: null };

/** What every `EventReader` must do. */
export function eventReaderContract(engine: StoreUnderTest<EventReader>): void {
  beforeEach(() => engine.fill(events));

  it('answers the page that a plain filter and sort would, with the fields asked for and no others', async () => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(someFilter, someSpan, fc.subarray([...fields]), async (filter, span, wanted) => {
        const page = await engine.store().page(filter, span, wanted);
        const expected = pageOf(filter, span);
        expect(page.events).toEqual(expected.events.map((event) => only(event, wanted)));
        expect(page.hasMore).toBe(expected.hasMore);
        matched += page.events.length > 0 ? 1 : 0;
      }),
      { numRuns: 150 },
    );
    expect(matched).toBeGreaterThan(20);
  });

  it('counts what matches', () =>
    fc.assert(
      fc.asyncProperty(someFilter, async (filter) => {
        expect(await engine.store().count(filter)).toBe(matching(filter).length);
      }),
      { numRuns: 100 },
    ));

  describe('filters by each field alone', () => {
    it.each([...own, ...words])('%s', async (field) => {
      for (const value of new Set(events.map((event) => fieldOf(event, field)))) {
        const filter: EventFilter = { [field]: [value] };
        const { events: found } = await engine.store().page(filter, everything, []);
        expect(found.map(({ id }) => id)).toEqual(matching(filter).map(({ id }) => id));
        expect(found.length).toBeGreaterThan(0);
      }
      expect(await engine.store().count({ [field]: [] })).toBe(0);
    });
  });

  it('pages through everything without loss or repetition, in both directions', async () => {
    const all = matching({}).map(({ id }) => id);
    expect((await pages(engine.store(), false)).flat()).toEqual(all);
    expect((await pages(engine.store(), true)).reverse().flat()).toEqual(all);
  });

  it('finds events by their ids, those that exist', async () => {
    const [one, two] = events;
    if (!one || !two) throw new Error('two');
    const found = await engine
      .store()
      .byIds([two.id, '00000000-0000-4000-8000-000000000000', one.id], ['dimensions', 'userHash']);
    expect([...found].sort(newerFirst)).toEqual(
      [one, two].sort(newerFirst).map((event) => only(event, ['dimensions', 'userHash'])),
    );
    expect(await engine.store().byIds([], [])).toEqual([]);
  });
}

/** The ids of page after page, each beginning where the one before it ended. */
async function pages(reader: EventReader, backwards: boolean): Promise<string[][]> {
  const seen: string[][] = [];
  let span: PageSpan = { ...everything, size: 7, backwards };
  for (let more = true; more; ) {
    const page = await reader.page({}, span, []);
    seen.push(page.events.map(({ id }) => id));
    const edge = (backwards ? page.events[0] : page.events.at(-1)) ?? null;
    span = { ...span, [backwards ? 'before' : 'after']: edge };
    more = page.hasMore;
  }
  return seen;
}
