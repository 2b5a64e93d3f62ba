import { limits } from '../contract/index.js';
import type { EventPosition, PageSpan } from '../domain/ports/index.js';
import { codedError } from './errors.js';

/** Relay's four arguments as they come in. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The stretch of events that the arguments ask for; `last` counts from the old end. Throws BAD_USER_INPUT for a size outside 1…200 or a cursor that is none. */
export function toSpan({ first, after, last, before }: PageArgs): PageSpan {
  if (first != null && last != null) throw codedError('BAD_USER_INPUT', 'first and last exclude each other.');
  const size = first ?? last ?? limits.defaultPageSize;
  if (size < 1 || size > limits.maxPageSize) {
    throw codedError('BAD_USER_INPUT', `A page holds 1 to ${limits.maxPageSize} events.`);
  }
  return { size, backwards: last != null, after: toPosition(after), before: toPosition(before) };
}

/** Opaque to clients: milliseconds and id. */
export function toCursor({ createdAt, id }: EventPosition): string {
  return Buffer.from(`${createdAt.getTime()}:${id}`, 'ascii').toString('base64url');
}

const cursorText = /^(\d{1,15}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

function toPosition(cursor: string | null | undefined): EventPosition | null {
  if (cursor == null) return null;
  const [, time, id] =
    cursorText.exec(Buffer.from(cursor.slice(0, 200), 'base64url').toString('ascii')) ?? [];
  if (time === undefined || id === undefined)
    throw codedError('BAD_USER_INPUT', 'A cursor comes from an earlier page.');
  return { createdAt: new Date(Number(time)), id };
}
