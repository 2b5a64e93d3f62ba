import { limits } from '../contract/index.js';

/**
 * Most bytes of one serialised event: eight times the largest properties that a catalogue may allow, so
 * nothing that could be accepted is over it, and a queue of 1,000 stays below 32 MiB.
 */
export const maxEventBytes = limits.maxPropertiesBytes * 8;

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
  const budget = { left: maxEventBytes };
  try {
    if (!hasRightTypes(parts)) return { ok: false, reason: 'unserialisable' };
    const json = JSON.stringify(parts, (key, value: unknown) => spend(budget, key, value));
    const bytes = utf8Length(json);
    return bytes > maxEventBytes ? { ok: false, reason: 'too_large' } : { ok: true, json, bytes };
  } catch {
    return { ok: false, reason: budget.left < 0 ? 'too_large' : 'unserialisable' };
  }
}

const required = ['eventType', 'appName', 'clientEventId'] as const;
const optional = [
  'appVersion',
  'source',
  'host',
  'route',
  'entityType',
  'entityId',
  'sessionId',
  'occurredAt',
] as const;

function hasRightTypes(parts: EventParts): boolean {
  const isText = (value: unknown) => typeof value === 'string';
  const isAbsent = (value: unknown) => value === undefined || value === null;
  return (
    required.every((name) => isText(parts[name])) &&
    optional.every((name) => isAbsent(parts[name]) || isText(parts[name])) &&
    (isAbsent(parts.eventVersion) || typeof parts.eventVersion === 'number')
  );
}

function spend(budget: { left: number }, key: string, value: unknown): unknown {
  budget.left -= key.length + (typeof value === 'string' ? value.length : 1);
  if (budget.left < 0) throw new RangeError('over the budget of one event');
  return value;
}

/** Bytes that a text takes in UTF-8; half a surrogate pair counts as the three of U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
