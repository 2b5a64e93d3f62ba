import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventSink } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent, anonymousEvents, byId } from '../support/events.js';

/** What every `EventSink` must do. */
export function eventSinkContract(engine: StoreUnderTest<EventSink>): void {
  it('answers one verdict per event, in order', async () => {
    const [a, b, c] = anonymousEvents(3);
    if (!a || !b || !c) throw new Error('three');
    expect(await engine.store().append([b])).toEqual(['ACCEPTED']);
    expect(await engine.store().append([a, b, c, a])).toEqual([
      'ACCEPTED',
      'DUPLICATE',
      'ACCEPTED',
      'DUPLICATE',
    ]);
    expect(await engine.store().append([])).toEqual([]);
  });

  it('gives back what was stored, to the millisecond and to the last bit', async () => {
    const events = [
      anonymousEvent(),
      anonymousEvent({ occurredAt: null, userHash: null, sessionHash: null, seq: null, properties: null }),
      anonymousEvent({
        entityId: 'ünïcödé 🦊 "quoted" \\ \t',
        dimensions: { entityType: 'journey', route: null },
      }),
      anonymousEvent({
        seq: 2_147_483_647,
        properties: { deep: { list: [1, 'two', null, { three: 3.5 }] }, '': '' },
      }),
      anonymousEvent({
        createdAt: new Date('1999-12-31T23:59:59.999Z'),
        occurredAt: new Date('2026-03-29T01:30:00.001Z'),
        userHash: '00'.repeat(16),
        sessionHash: 'ff'.repeat(16),
        dimensions: { appVersion: null, source: null, deviceType: null, browserFamily: null, osFamily: null },
      }),
    ];
    await engine.store().append(events);
    expect(await engine.rows()).toEqual(byId(events));
  });

  it('stores one event, whatever the order, split and repetition of the calls', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(9), { maxLength: 8 }), { minLength: 1, maxLength: 8 }),
        async (calls) => {
          const known = anonymousEvents(10);
          const before = new Set((await engine.rows()).map(({ id }) => id));
          const answers = await Promise.all(
            calls.map((call) => engine.store().append(call.flatMap((n) => known[n] ?? []))),
          );
          const stored = (await engine.rows()).filter(({ id }) => !before.has(id)).map(({ id }) => id);
          const wanted = new Set(calls.flat().map((n) => known[n]?.id));
          expect(new Set(stored)).toEqual(wanted);
          expect(answers.flat().filter((verdict) => verdict === 'ACCEPTED')).toHaveLength(wanted.size);
        },
      ),
      { numRuns: 15 },
    ));

  it('accepts one of twenty equal events sent at once', async () => {
    const event = anonymousEvent();
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.store().append([event])));
    expect(answers.flat().sort()).toEqual(['ACCEPTED', ...Array(19).fill('DUPLICATE')]);
    expect(await engine.rows()).toEqual([event]);
  });

  it('keeps the first content of an id', async () => {
    const first = anonymousEvent({ properties: { version: 1 } });
    const second = anonymousEvent({
      id: first.id,
      properties: { version: 2 },
      dimensions: { route: '/other' },
    });
    const third = anonymousEvent({ id: first.id, createdAt: new Date('2027-01-01T00:00:00Z') });
    expect(await engine.store().append([first, second])).toEqual(['ACCEPTED', 'DUPLICATE']);
    expect(await engine.store().append([third])).toEqual(['DUPLICATE']);
    expect(await engine.rows()).toEqual([first]);
  });

  it('keeps two events apart that share the client id', async () => {
    const clientEventId = randomUUID();
    const events = [anonymousEvent({ clientEventId }), anonymousEvent({ clientEventId })];
    expect(await engine.store().append(events)).toEqual(['ACCEPTED', 'ACCEPTED']);
  });

  it.each([
    { what: 'NUL in a text', poison: { entityId: 'a\u0000b' } },
    { what: 'NUL in a property', poison: { properties: { note: 'a\u0000b' } } },
    { what: 'NUL in a property name', poison: { properties: { 'a\u0000b': 1 } } },
    { what: 'NUL in a dimension', poison: { dimensions: { appVersion: '1\u00000' } } },
  ])('lets a poisoned event ($what) cost only itself', async ({ poison }) => {
    const good = anonymousEvents(6);
    const events = [...good.slice(0, 3), anonymousEvent(poison), ...good.slice(3)];
    const verdicts = await engine.store().append(events);
    expect(verdicts).toEqual(events.map((_, n) => (n === 3 ? 'UNSTORABLE' : 'ACCEPTED')));
    expect(await engine.rows()).toEqual(byId(good));
  });

  it('stores a large batch of large events whole', async () => {
    const text = randomBytes(1_500).toString('hex');
    const events = anonymousEvents(1_200, { properties: { text } });
    expect(new Set(await engine.store().append(events))).toEqual(new Set(['ACCEPTED']));
    expect(await engine.rows()).toHaveLength(1_200);
  });

  it('has nothing pending at rest', async () => {
    await engine.store().append(anonymousEvents(3));
    expect(engine.store().pending()).toBe(0);
  });
}
