import { randomBytes } from 'node:crypto';
import type { AnonymousEvent, EventDimensions } from '../../../src/domain/event.js';
import type { Statement } from '../../../src/store/engine/sql-engine.js';
import { anonymousEvent, freshEventId, pageViewed } from '../../support/events.js';
import { eventsPerVisitor } from '../events.js';

/** Combinations of words that the rows share. */
export const combinations: readonly EventDimensions[] = Array.from({ length: 200 }, (_, index) => ({
  ...pageViewed,
  route: `/pages/${index}/[id]`,
}));

export interface EventSource {
  /** As many new events, one millisecond after the other, in the form of today; six of them share a visitor. */
  next(count: number): readonly AnonymousEvent[];
}

/** Events whose `createdAt` goes on from `startMs`. */
export function createEventSource(startMs: number): EventSource {
  let made = 0;
  let visitor = newVisitor();
  const one = (): AnonymousEvent => {
    if (made % eventsPerVisitor === 0) visitor = newVisitor();
    const createdAt = new Date(startMs + made);
    const dimensions = combinations[made % combinations.length] ?? pageViewed;
    const seq = made % eventsPerVisitor;
    const occurredAt = new Date(createdAt.getTime() - 40);
    made += 1;
    return anonymousEvent({
      ...visitor,
      id: freshEventId(),
      createdAt,
      occurredAt,
      dimensions,
      seq,
      properties: { status: 200, referrerHost: 'search.example' },
    });
  };
  return { next: (count) => Array.from({ length: count }, one) };
}

function newVisitor(): { readonly userHash: string; readonly sessionHash: string } {
  return { userHash: randomBytes(16).toString('hex'), sessionHash: randomBytes(16).toString('hex') };
}

/**
 * The same event with an id that begins with the milliseconds of `createdAt`, as ids of the client's clock did. The
 * last 48 bits repeat them: so the index `events_old_form_idx` stays as empty as with ids of today, the append
 * statement is the same one, and the order is all that differs. 26 bits are left to tell events of one millisecond
 * apart.
 */
export function inOrderOfTime(event: AnonymousEvent): AnonymousEvent {
  const clock = event.createdAt.getTime().toString(16).padStart(12, '0');
  const id = `${clock.slice(0, 8)}-${clock.slice(8)}${event.id.slice(13, 24)}${clock}`;
  return { ...event, id };
}

/** The line of the append statement that looks for the event among rows in the form of before November 2026. */
const lookUp = /^ *AND \(SELECT true FROM events old WHERE .* LIMIT 1\) IS NULL\n/m;

/** The append statement without its look-up. Throws when it has none: then the text has changed, and so must this. */
export function withoutLookUp(statement: Statement): Statement {
  const text = statement.text.replace(lookUp, '');
  if (text === statement.text) throw new Error('the append statement has no look-up that could be left out');
  return { ...statement, text };
}
