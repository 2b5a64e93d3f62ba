import type { NewEvent } from './event.js';

/**
 * Most bytes of one serialised event, 16 KiB: four times `limits.maxPropertiesBytes`, so nothing that could be
 * accepted is over it, and a queue of 1,000 stays below 16 MiB. A number of its own, because a browser's bundle
 * has no room for the other limits; test/client/serialise.test.ts keeps it in step.
 */
export const maxEventBytes = 16_384;

/** What an event is made of; anything may be in `properties`. */
export interface EventParts {
  readonly eventType: unknown;
  readonly appName: unknown;
  readonly clientEventId: string;
  readonly eventVersion?: unknown;
  readonly appVersion?: unknown;
  readonly source?: unknown;
  readonly host?: unknown;
  readonly route?: unknown;
  readonly entityType?: unknown;
  readonly entityId?: unknown;
  readonly sessionId?: unknown;
  readonly seq?: unknown;
  readonly occurredAt?: unknown;
  readonly properties?: unknown;
}

/** An event ready to be sent, or why it is none. */
export type Serialised = NewEvent | 'too_large';

/**
 * Throws what `JSON.stringify` throws: for a cycle, a BigInt, a getter that throws. Work is bounded by
 * `maxEventBytes`, not by the size of what came in, because it happens on the caller's stack.
 */
export function serialiseEvent(parts: EventParts): Serialised {
  let left = maxEventBytes;
  const json = JSON.stringify(parts, (key, value) => {
    // A long text or list is charged as a whole before anybody looks into it.
    left -= key.length + (typeof value === 'string' || Array.isArray(value) ? value.length : 1);
    return left >= 0 ? value : undefined;
  });
  const bytes = utf8Length(json);
  return left >= 0 && bytes <= maxEventBytes ? { id: parts.clientEventId, json, bytes } : 'too_large';
}

/** Bytes that a text takes in UTF-8, or more: three for all that is not ASCII. */
export const utf8Length = (text: string): number => text.replace(/[^\0-\x7f]/g, '...').length;
