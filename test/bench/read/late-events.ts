import type { AnonymousEvent } from '../../../src/domain/event.js';
import { anonymousEvent } from '../../support/events.js';
import { benchNow } from './seed.js';
import { combinations } from './world.js';

const words = combinations();

/** So many new events of new visitors, evenly over the hours before the newest day's end, the newest last. */
export function eventsOfLastHours(count: number, hours: number): readonly AnonymousEvent[] {
  const stepMs = (hours * 3_600_000) / count;
  return Array.from({ length: count }, (_, index) => {
    const createdAt = new Date(Math.floor(benchNow.getTime() - (count - 1 - index) * stepMs));
    return anonymousEvent({
      createdAt,
      occurredAt: createdAt,
      day: createdAt.toISOString().slice(0, 10),
      // A step that shares no divisor with the number of combinations, so that all apps and types get some.
      dimensions: words[(index * 7_919) % words.length] ?? {},
      properties: { durationMs: 20 + index, size: 1, state: 'new' },
    });
  });
}
