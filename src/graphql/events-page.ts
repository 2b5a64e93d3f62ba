import { limits } from '../contract/index.js';
import type { EventPosition, PageSpan } from '../domain/ports/index.js';
import { badArgument, isAskable } from './arguments.js';

/** Relay's four arguments as they come in. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * The stretch of events that the arguments ask for; `last` counts from the old end. Throws BAD_USER_INPUT, naming the
 * argument, for a size outside 1…200 or a cursor that is none.
 */
export function toSpan({ first, after, last, before }: PageArgs): PageSpan {
  if (first != null && last != null) throw badArgument('first', 'excludes last');
  return {
    size: toSize('first', first) ?? toSize('last', last) ?? limits.defaultPageSize,
    backwards: last != null,
    after: toPosition('after', after),
    before: toPosition('before', before),
  };
}

function toSize(name: string, size: number | null | undefined): number | null {
  if (size == null) return null;
  if (size < 1 || size > limits.maxPageSize)
    throw badArgument(name, `is outside of 1 to ${limits.maxPageSize}, the sizes of a page`);
  return size;
}

/** Opaque to clients: milliseconds and id. */
export function toCursor({ createdAt, id }: EventPosition): string {
  return Buffer.from(`${createdAt.getTime()}:${id}`, 'ascii').toString('base64url');
}

const cursorText = /^(\d{1,15}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

function toPosition(name: string, cursor: string | null | undefined): EventPosition | null {
  if (cursor == null) return null;
  const text = Buffer.from(cursor.slice(0, 200), 'base64url').toString('ascii');
  const [, time, id] = cursorText.exec(text) ?? [];
  const createdAt = new Date(Number(time));
  if (id === undefined || !isAskable(createdAt)) throw badArgument(name, 'is no cursor of an earlier page');
  return { createdAt, id };
}
