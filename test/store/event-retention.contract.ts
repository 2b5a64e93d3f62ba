import { expect, it } from 'vitest';
import type { EventRetention, EventSink } from '../../src/domain/ports/index.js';
import type { StoreUnderTest } from '../support/database.js';
import { anonymousEvent, anonymousEvents, type EventOverrides } from '../support/events.js';
import { forgetDays, usualRules, utcDay } from '../support/forget.js';

const dayMs = 86_400_000;
const first = utcDay('2026-05-31');
const second = utcDay('2026-06-01');

/** An event so long after the beginning of the first day. */
function eventAt(offsetMs: number, overrides: EventOverrides = {}) {
  const createdAt = new Date(first.start.getTime() + offsetMs);
  return anonymousEvent({ createdAt, day: createdAt.toISOString().slice(0, 10), ...overrides });
}

function idsOf(events: readonly { readonly id: string }[]): readonly string[] {
  return events.map(({ id }) => id).sort();
}

/** What every `EventRetention` must do. */
export function eventRetentionContract(engine: StoreUnderTest<EventRetention & EventSink>): void {
  const ids = async (): Promise<readonly string[]> => idsOf(await engine.rows());

  it('counts what was created before the cut-off, and forgets a day, not a millisecond more', async () => {
    const events = [-1, 0, dayMs - 1, dayMs, dayMs + 1].map((offset) => eventAt(offset));
    await engine.fill(events);
    expect(await engine.store().countBefore(second.start)).toBe(3);
    expect(await engine.store().forgetDay(first, 100, usualRules)).toBe(2);
    expect(await ids()).toEqual(idsOf([...events.slice(0, 1), ...events.slice(3)]));
    expect(await engine.store().forgetDay(first, 100, usualRules)).toBe(0);
  });

  it('deletes at most as many as it may, the oldest first', async () => {
    await engine.fill([5, 3, 1, 4, 2].map((hours) => eventAt(hours * 3_600_000)));
    expect(await engine.store().forgetDay(first, 2, usualRules)).toBe(2);
    const hours = (await engine.rows()).map(({ createdAt }) => createdAt.getUTCHours());
    expect(hours.sort()).toEqual([3, 4, 5]);
    expect(await engine.store().forgetDay(first, 10, usualRules)).toBe(3);
  });

  it('names the oldest day that is left, until it is forgotten', async () => {
    const [old, older] = [eventAt(3_600_000), eventAt(60_000)];
    await engine.fill([old, older, eventAt(dayMs)]);
    const oldest = await engine.store().oldestBefore(second);
    expect(oldest.event).toEqual(older.createdAt);
    await forgetDays(engine.store(), ['2026-05-31']);
    expect(await engine.store().oldestBefore(second)).toEqual({ event: null, counts: null });
  });

  it('stores while it deletes, and deletes each row once when two purges run', async () => {
    await engine.fill(Array.from({ length: 500 }, () => eventAt(1)));
    const createdAt = second.start;
    const fresh = anonymousEvents(100, { createdAt, day: second.day });
    const [one, two] = await Promise.all([
      engine.store().forgetDay(first, 300, usualRules),
      engine.store().forgetDay(first, 300, usualRules),
      engine.fill(fresh),
    ]);
    const rest = await engine.store().forgetDay(first, 500, usualRules);
    expect(one + two + rest).toBe(500);
    expect(await ids()).toEqual(idsOf(fresh));
  });

  it('stores nothing of a forgotten day or an earlier one any more, and says so', async () => {
    const [early, late] = [eventAt(-1), eventAt(1)];
    const [next, again] = [eventAt(dayMs), eventAt(2)];
    await engine.fill([again]);
    await forgetDays(engine.store(), ['2026-05-31']);
    expect(await engine.store().append([early, late, next, again])).toEqual([
      'TOO_OLD',
      'TOO_OLD',
      'ACCEPTED',
      'TOO_OLD',
    ]);
    expect(await ids()).toEqual(idsOf([next]));
  });

  it('cleans up nothing that an event needs, also one that comes right after', async () => {
    const gone = eventAt(0, { dimensions: { route: '/gone' } });
    const kept = eventAt(dayMs, { dimensions: { route: '/kept' } });
    await engine.fill([gone, kept]);
    await forgetDays(engine.store(), ['2026-05-31']);
    // What the forgotten event alone needed was used a moment ago, so that a writer may still rely on it.
    expect(await engine.store().cleanUp()).toBe(0);
    const again = eventAt(dayMs + 1, { dimensions: { route: '/gone' } });
    await engine.fill([again]);
    expect(await ids()).toEqual(idsOf([again, kept]));
  });
}
