import type { StoredEvent } from '../../domain/event.js';
import type {
  EventField,
  EventFilter,
  EventPosition,
  EventReader,
  FoundEvent,
  PageSpan,
} from '../../domain/ports/index.js';

/** The reading of events that lie in memory, by going through all of them. */
export function createMemoryReader(events: () => readonly StoredEvent[]): EventReader {
  return {
    async page(filter, span, fields) {
      const between = events().filter((event) => matches(event, filter) && isWithin(event, span));
      between.sort(newestFirst);
      const shown = span.backwards ? between.slice(-span.size) : between.slice(0, span.size);
      return { events: shown.map((event) => pick(event, fields)), hasMore: between.length > span.size };
    },
    count: async (filter) => events().filter((event) => matches(event, filter)).length,
    byIds: async (ids, fields) =>
      events()
        .filter(({ id }) => ids.includes(id))
        .map((event) => pick(event, fields)),
  };
}

function matches(event: StoredEvent, { from, to, ...wanted }: EventFilter): boolean {
  if (from && event.createdAt < from) return false;
  if (to && event.createdAt >= to) return false;
  const fields: Readonly<Record<string, unknown>> = { ...event, ...event.dimensions };
  return Object.entries(wanted).every(
    ([field, values]) => !values || (values as readonly unknown[]).includes(fields[field]),
  );
}

function newestFirst(a: EventPosition, b: EventPosition): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function isWithin(event: StoredEvent, { after, before }: PageSpan): boolean {
  if (after && newestFirst(event, after) <= 0) return false;
  return !before || newestFirst(event, before) < 0;
}

function pick(event: StoredEvent, fields: readonly EventField[]): FoundEvent {
  const { id, createdAt } = event;
  return { id, createdAt, ...Object.fromEntries(fields.map((field) => [field, event[field]])) };
}
