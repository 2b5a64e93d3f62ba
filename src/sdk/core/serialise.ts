import { limits } from '../../contract/index.js';

/**
 * Most bytes of one serialised event, 16 KiB: four times the largest properties that a catalogue may allow, so
 * nothing that could be accepted is over it, and a queue of 1,000 stays below 16 MiB.
 */
export const maxEventBytes = limits.maxPropertiesBytes * 4;

/** What an event is made of; anything may be in `properties`. */
export interface EventParts {
  readonly eventType: unknown;
  readonly appName: unknown;
  readonly clientEventId: unknown;
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

export type Serialised =
  | { readonly ok: true; readonly json: string; readonly bytes: number }
  | { readonly ok: false; readonly reason: 'unserialisable' | 'too_large' };

/**
 * JSON of one event and its length in UTF-8. Never throws: a cycle, a BigInt, a throwing getter or a field of
 * the wrong type (which could make the server refuse the whole batch) is `unserialisable`. Work is bounded by
 * `maxEventBytes`, not by the size of what came in, because it happens on the caller's stack.
 */
export function serialiseEvent(parts: EventParts): Serialised {
  let left = maxEventBytes;
  try {
    if (!hasRightTypes(parts)) return { ok: false, reason: 'unserialisable' };
    const json = JSON.stringify(parts, (key, value: unknown) => {
      left -= key.length + (typeof value === 'string' ? value.length : 1);
      if (left < 0) throw left;
      return value;
    });
    const bytes = new TextEncoder().encode(json).length;
    return bytes > maxEventBytes ? { ok: false, reason: 'too_large' } : { ok: true, json, bytes };
  } catch {
    return { ok: false, reason: left < 0 ? 'too_large' : 'unserialisable' };
  }
}

const required: readonly string[] = ['eventType', 'appName', 'clientEventId'];
const numeric: readonly string[] = ['eventVersion', 'seq'];

/** Everything but the properties is text or a number, or left out where it may be. */
function hasRightTypes(parts: EventParts): boolean {
  return Object.entries(parts).every(
    ([name, value]) =>
      name === 'properties' ||
      typeof value === (numeric.includes(name) ? 'number' : 'string') ||
      (value == null && !required.includes(name)),
  );
}
