import { isObject, type RefusalCause, type Result } from '../contract/index.js';
import type { TrackRequest } from '../domain/ingest/track-call.js';

/** `{sentAt?, events: […]}`. What is wrong with an element of the list is that event's own verdict. */
export function toBatch(body: unknown): Result<Pick<TrackRequest, 'events' | 'sentAt'>, RefusalCause> {
  if (Array.isArray(body)) return refuse('eventList');
  if (!isObject(body)) return refuse('bodyNotObject');
  const { events, sentAt } = body;
  if (events == null) return refuse('eventsMissing');
  return Array.isArray(events) ? { ok: true, value: { events, sentAt } } : refuse('eventsNotList');
}

function refuse(cause: RefusalCause) {
  return { ok: false, error: cause } as const;
}
