import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnonymousEvent } from '../../src/domain/event.js';
import type { TestEngine } from '../support/database.js';
import { anonymousEvent, anonymousEvents } from '../support/events.js';

const day = 86_400_000;
const cutoff = new Date('2026-06-01T00:00:00.000Z');
const at = (offsetMs: number): Date => new Date(cutoff.getTime() + offsetMs);
const byId = (events: readonly AnonymousEvent[]) => [...events].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What every engine behind the `EventStore` port must do. */
export function eventStoreContract(engine: TestEngine): void {
  describe('append', () => appending(engine));
  describe('forgetting', () => forgetting(engine));
  describe('dimensions', () => dimensions(engine));
  describe('locks', () => locks(engine));
  describe('life', () => life(engine));
}

function appending(engine: TestEngine): void {
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
}

function forgetting(engine: TestEngine): void {
  it('counts and deletes what was created before the cut-off, and not a millisecond more', async () => {
    const offsets = [-day, -1, 0, 1, day];
    const events = offsets.map((offset) =>
      anonymousEvent({ createdAt: at(offset), occurredAt: at(-2 * day) }),
    );
    await engine.store().append(events);
    expect(await engine.store().countBefore(cutoff)).toBe(2);
    expect(await engine.store().deleteBefore(cutoff, 100)).toBe(2);
    expect(await engine.rows()).toEqual(byId(events.slice(2)));
    expect(await engine.store().deleteBefore(cutoff, 100)).toBe(0);
  });

  it('deletes at most as many as it may, the oldest first', async () => {
    const events = [5, 3, 1, 4, 2].map((age) => anonymousEvent({ createdAt: at(-age * day) }));
    await engine.store().append(events);
    expect(await engine.store().deleteBefore(cutoff, 2)).toBe(2);
    const ages = (await engine.rows()).map(({ createdAt }) => (cutoff.getTime() - createdAt.getTime()) / day);
    expect(ages.sort()).toEqual([1, 2, 3]);
  });

  it('stores while it deletes, and deletes each row once when two purges run', async () => {
    await engine.store().append(anonymousEvents(500, { createdAt: at(-day) }));
    const fresh = anonymousEvents(100, { createdAt: at(day) });
    const [one, two, verdicts] = await Promise.all([
      engine.store().deleteBefore(cutoff, 300),
      engine.store().deleteBefore(cutoff, 300),
      engine.store().append(fresh),
    ]);
    expect(new Set(verdicts)).toEqual(new Set(['ACCEPTED']));
    const rest = await engine.store().deleteBefore(cutoff, 500);
    expect(one + two + rest).toBe(500);
    expect(await engine.rows()).toEqual(byId(fresh));
  });

  it('accepts an event again after it was deleted', async () => {
    const event = anonymousEvent({ createdAt: at(-day) });
    await engine.store().append([event]);
    await engine.store().deleteBefore(cutoff, 1);
    expect(await engine.store().append([event])).toEqual(['ACCEPTED']);
  });
}

function dimensions(engine: TestEngine): void {
  const daysAgo = (days: number): Date => new Date(engine.now().getTime() - days * day);
  const old = { createdAt: at(-day), dimensions: { route: '/old' } };

  it('deletes a combination that is unused for longer than asked and that no event refers to', async () => {
    await engine.store().append([anonymousEvent(old), anonymousEvent({ dimensions: { route: '/in-use' } })]);
    await engine.ageDimensions(10);
    await engine.store().deleteBefore(cutoff, 10);
    expect(await engine.store().deleteUnusedDimensions(daysAgo(11))).toBe(0);
    expect(await engine.store().deleteUnusedDimensions(daysAgo(3))).toBe(1);
    expect(await engine.rows()).toHaveLength(1);
  });

  it('deletes none that was used in the last two days, whatever is asked', async () => {
    await engine.store().append([anonymousEvent(old)]);
    await engine.store().deleteBefore(cutoff, 10);
    expect(await engine.store().deleteUnusedDimensions(daysAgo(-365))).toBe(0);
    expect(await engine.store().append([anonymousEvent(old)])).toEqual(['ACCEPTED']);
    expect(await engine.rows()).toHaveLength(1);
  });
}

function locks(engine: TestEngine): void {
  it('runs the work and hands back its value', async () => {
    expect(await engine.store().withLock('job', async () => 42)).toEqual({ ran: true, value: 42 });
  });

  it('lets nobody else in meanwhile, and does not wait', async () => {
    const inner = await engine
      .store()
      .withLock('job', () => engine.store().withLock('job', async () => 'never'));
    expect(inner).toEqual({ ran: true, value: { ran: false } });
  });

  it('keeps names apart', async () => {
    const inner = await engine
      .store()
      .withLock('one', () => engine.store().withLock('two', async () => 'both'));
    expect(inner).toEqual({ ran: true, value: { ran: true, value: 'both' } });
  });

  it('lets go after work that throws, and passes the error on', async () => {
    const work = () => engine.store().withLock('job', () => Promise.reject(new Error('the work failed')));
    await expect(work()).rejects.toThrow('the work failed');
    expect(await engine.store().withLock('job', async () => 'again')).toEqual({ ran: true, value: 'again' });
  });
}

function life(engine: TestEngine): void {
  it('is ready, and has nothing pending at rest', async () => {
    expect(await engine.store().readiness()).toEqual({ ready: true });
    expect(engine.store().pending()).toBe(0);
  });

  it('commits what it has taken before it closes, and then takes nothing', async () => {
    const store = engine.another();
    const taken = store.append(anonymousEvents(50));
    await store.close();
    expect(new Set(await taken)).toEqual(new Set(['ACCEPTED']));
    expect(await store.append([anonymousEvent()])).toEqual(['UNAVAILABLE']);
    expect(await store.readiness()).toEqual({ ready: false, reason: 'store_closed' });
    expect(store.pending()).toBe(0);
    await expect(store.close()).resolves.toBeUndefined();
  });
}
