import {
  type Failure,
  isContainer,
  isPlainObject,
  type Result,
  type TrackReason,
  type TrackRule,
} from '../../../contract/index.js';
import { isDangerousKey } from './dangerous-keys.js';
import { type JsonPath, type Place, pathTo } from './json-pointer.js';
import { decomposedLength, isCleanText } from './text.js';

export interface JsonLimits {
  /**
   * Most bytes of UTF-8 of the compact serialisation, as `JSON.stringify` writes it. Also the most characters of all
   * texts and keys together once compatibility characters are written out.
   */
  readonly maxBytes: number;
  /** Deepest nesting; `{a: {b: 1}}` is 2 deep, an array counts like an object. */
  readonly maxDepth: number;
  /** Most keys, nested ones included. */
  readonly maxKeys: number;
}

/** The rules that a value's shape can break, and the reason that each is refused for. */
const reasons = {
  maxDepth: 'PROPERTIES_TOO_DEEP',
  maxKeys: 'PROPERTIES_TOO_LARGE',
  maxBytes: 'PROPERTIES_TOO_LARGE',
  characters: 'INVALID_TEXT',
  name: 'INVALID_PROPERTIES',
  number: 'INVALID_PROPERTIES',
  type: 'INVALID_PROPERTIES',
} as const satisfies { readonly [Rule in TrackRule]?: TrackReason };

type ShapeRule = keyof typeof reasons;

export interface JsonSize {
  readonly bytes: number;
  readonly keys: number;
  readonly depth: number;
}

/** What was found first. */
export interface JsonRefusal {
  readonly reason: (typeof reasons)[ShapeRule];
  /** From the value that was measured; empty for that value itself. Its names are not known to be harmless. */
  readonly path: JsonPath;
  readonly rule: ShapeRule;
}

/**
 * Measures properties and refuses what cannot be stored as it was sent: nested too deeply (looked at first),
 * too many keys or bytes, control characters or half surrogate pairs in a key or text, keys that mean
 * something to JavaScript, numbers that are not finite or above 2^53 − 1 (they would come back changed) or
 * negative zero (it comes back as zero), and anything but a plain object at the top. The path is that of the
 * container that is too deep, of the text, number or value that is refused, of the object that has a refused
 * key, and empty where the whole is too large. Never throws, does not recurse, and builds no serialisation of what
 * is too large.
 */
export function measureJson(value: unknown, limits: JsonLimits): Result<JsonSize, JsonRefusal> {
  if (!isContainer(value)) return refuse('type', { parent: null, name: '' });
  const whole: Container = { value, parent: null, name: '' };
  const depth = depthOf(value, limits.maxDepth);
  if (depth === null) return refuse('maxDepth', placeAtLevel(whole, limits.maxDepth));
  if (!isPlainObject(value)) return refuse('type', whole);
  const tally: Tally = { bytes: 0, keys: 0, characters: 0, limits, pending: [whole] };
  for (let next = tally.pending.pop(); next !== undefined; next = tally.pending.pop()) {
    const refused = measureContainer(next, tally);
    if (refused) return refused;
  }
  return { ok: true, value: { bytes: tally.bytes, keys: tally.keys, depth } };
}

function refuse(rule: ShapeRule, place: Place): Failure<JsonRefusal> {
  const isWhole = rule === 'maxKeys' || rule === 'maxBytes';
  return { ok: false, error: { reason: reasons[rule], path: isWhole ? [] : pathTo(place), rule } };
}

/** An object or array, and where it stands. */
interface Container extends Place {
  readonly value: object;
}

interface Tally {
  bytes: number;
  keys: number;
  /** Characters of all texts and keys, as many as there are to look at. */
  characters: number;
  readonly limits: JsonLimits;
  /** Containers whose members are still to be measured. */
  readonly pending: Container[];
}

/** How deep the value is, level by level, or null as soon as that is too deep. */
function depthOf(value: object, maxDepth: number): number | null {
  let depth = 0;
  for (let level = [value]; level.length > 0; depth++) {
    if (depth === maxDepth) return null;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return depth;
}

/**
 * The first container with as many others around it; the whole where there is none. Looked for on its own, so
 * that what is not too deep pays nothing.
 */
function placeAtLevel(whole: Container, level: number): Place {
  const pending: (Container & { readonly level: number })[] = [{ ...whole, level: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.level === level) return next;
    const isList = Array.isArray(next.value);
    for (const [key, value] of Object.entries(next.value).reverse()) {
      if (!isContainer(value)) continue;
      pending.push({ value, parent: next, name: isList ? Number(key) : key, level: next.level + 1 });
    }
  }
  return whole;
}

function measureContainer(place: Container, tally: Tally): Failure<JsonRefusal> | null {
  const { value } = place;
  if (Array.isArray(value)) return measureArray(value, place, tally);
  return isPlainObject(value) ? measureObject(value, place, tally) : refuse('type', place);
}

function measureArray(
  items: readonly unknown[],
  place: Container,
  tally: Tally,
): Failure<JsonRefusal> | null {
  const rule = add(tally, brackets + Math.max(0, items.length - 1));
  if (rule) return refuse(rule, place);
  for (let index = 0; index < items.length; index++) {
    const refused = measureMember(items[index], index, place, tally);
    if (refused) return refused;
  }
  return null;
}

function measureObject(
  object: Record<string, unknown>,
  place: Container,
  tally: Tally,
): Failure<JsonRefusal> | null {
  const keys = Object.keys(object);
  tally.keys += keys.length;
  if (tally.keys > tally.limits.maxKeys) return refuse('maxKeys', place);
  const rule = add(tally, brackets + Math.max(0, keys.length - 1) + keys.length * colon);
  if (rule) return refuse(rule, place);
  for (const key of keys) {
    const broken = measureText(key, tally) ?? (isDangerousKey(key) ? 'name' : null);
    if (broken) return refuse(broken, place);
    const refused = measureMember(object[key], key, place, tally);
    if (refused) return refused;
  }
  return null;
}

function measureMember(
  value: unknown,
  name: string | number,
  parent: Container,
  tally: Tally,
): Failure<JsonRefusal> | null {
  if (isContainer(value)) {
    tally.pending.push({ value, parent, name });
    return null;
  }
  const rule = measureLeaf(value, tally);
  return rule && refuse(rule, { parent, name });
}

function measureLeaf(value: unknown, tally: Tally): ShapeRule | null {
  if (typeof value === 'string') return measureText(value, tally);
  if (typeof value === 'number') return isStorable(value) ? add(tally, String(value).length) : 'number';
  if (typeof value === 'boolean' || value === null) return add(tally, String(value).length);
  return 'type';
}

function isStorable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0);
}

const brackets = 2;
const quotes = 2;
const colon = 1;

function measureText(text: string, tally: Tally): ShapeRule | null {
  // No character takes less than a byte, so this alone is too much; nothing longer is copied.
  if (tally.bytes + text.length + quotes > tally.limits.maxBytes) return 'maxBytes';
  if (!isCleanText(text)) return 'characters';
  tally.characters += decomposedLength(text);
  if (tally.characters > tally.limits.maxBytes) return 'maxBytes';
  return add(tally, Buffer.byteLength(JSON.stringify(text)));
}

function add(tally: Tally, bytes: number): 'maxBytes' | null {
  tally.bytes += bytes;
  return tally.bytes > tally.limits.maxBytes ? 'maxBytes' : null;
}
