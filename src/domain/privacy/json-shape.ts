import { isDangerousKey } from './dangerous-keys.js';
import { isCleanText } from './text.js';

export interface JsonLimits {
  /** Most bytes of UTF-8 of the compact serialisation, as `JSON.stringify` writes it. */
  readonly maxBytes: number;
  /** Deepest nesting; `{a: {b: 1}}` is 2 deep, an array counts like an object. */
  readonly maxDepth: number;
  /** Most keys, nested ones included. */
  readonly maxKeys: number;
}

export type JsonMeasure =
  | { readonly ok: true; readonly bytes: number; readonly keys: number; readonly depth: number }
  | { readonly ok: false; readonly reason: JsonRefusal };

export type JsonRefusal =
  | 'PROPERTIES_TOO_DEEP'
  | 'PROPERTIES_TOO_LARGE'
  | 'INVALID_TEXT'
  | 'INVALID_PROPERTIES';

/**
 * Measures properties and refuses what cannot be stored as it was sent: nested too deeply (looked at first),
 * too many keys or bytes, control characters or half surrogate pairs in a key or text, keys that mean
 * something to JavaScript, numbers that are not finite or above 2^53 − 1 (they would come back changed) or
 * negative zero (it comes back as zero), and anything but a plain object at the top. Never throws, does not
 * recurse, and builds no serialisation of what is too large.
 */
export function measureJson(value: unknown, limits: JsonLimits): JsonMeasure {
  const depth = depthOf(value, limits.maxDepth);
  if (depth === null) return { ok: false, reason: 'PROPERTIES_TOO_DEEP' };
  if (!isPlainObject(value)) return { ok: false, reason: 'INVALID_PROPERTIES' };
  const tally: Tally = { bytes: 0, keys: 0, limits };
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const reason = measureOne(pending.pop(), tally, pending);
    if (reason) return { ok: false, reason };
  }
  return { ok: true, bytes: tally.bytes, keys: tally.keys, depth };
}

interface Tally {
  bytes: number;
  keys: number;
  readonly limits: JsonLimits;
}

/** How deep the value is, level by level, or null as soon as that is too deep. */
function depthOf(value: unknown, maxDepth: number): number | null {
  let depth = 0;
  for (let level = [value].filter(isContainer); level.length > 0; depth++) {
    if (depth === maxDepth) return null;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return depth;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** As JSON.parse and GraphQL make them. A Date or Map is an object too, but nothing that came over the wire. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isContainer(value) || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function measureOne(value: unknown, tally: Tally, pending: unknown[]): JsonRefusal | null {
  if (typeof value === 'string') return measureText(value, tally);
  if (typeof value === 'number')
    return isStorable(value) ? add(tally, String(value).length) : 'INVALID_PROPERTIES';
  if (typeof value === 'boolean' || value === null) return add(tally, String(value).length);
  if (Array.isArray(value)) return measureArray(value, tally, pending);
  return isPlainObject(value) ? measureObject(value, tally, pending) : 'INVALID_PROPERTIES';
}

function isStorable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0);
}

function measureArray(items: readonly unknown[], tally: Tally, pending: unknown[]): JsonRefusal | null {
  const refused = add(tally, brackets + Math.max(0, items.length - 1));
  if (refused) return refused;
  for (const item of items) pending.push(item);
  return null;
}

function measureObject(
  object: Record<string, unknown>,
  tally: Tally,
  pending: unknown[],
): JsonRefusal | null {
  const keys = Object.keys(object);
  tally.keys += keys.length;
  if (tally.keys > tally.limits.maxKeys) return 'PROPERTIES_TOO_LARGE';
  let refused = add(tally, brackets + Math.max(0, keys.length - 1) + keys.length * colon);
  for (const key of keys) {
    refused ??= measureText(key, tally) ?? (isDangerousKey(key) ? 'INVALID_PROPERTIES' : null);
    pending.push(object[key]);
  }
  return refused;
}

const brackets = 2;
const quotes = 2;
const colon = 1;

function measureText(text: string, tally: Tally): JsonRefusal | null {
  // No character takes less than a byte, so this alone is too much; nothing longer is copied.
  if (tally.bytes + text.length + quotes > tally.limits.maxBytes) return 'PROPERTIES_TOO_LARGE';
  if (!isCleanText(text)) return 'INVALID_TEXT';
  return add(tally, Buffer.byteLength(JSON.stringify(text)));
}

function add(tally: Tally, bytes: number): JsonRefusal | null {
  tally.bytes += bytes;
  return tally.bytes > tally.limits.maxBytes ? 'PROPERTIES_TOO_LARGE' : null;
}
