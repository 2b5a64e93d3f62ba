import { isContainer, type JsonValue, type TrackRule } from '../../../contract/index.js';
import { type Place, pathTo } from '../shape/json-pointer.js';
import { isCardNumber } from './card.js';
import { harmlessPointer } from './harmless-pointer.js';
import { isPiiKey } from './pii-keys.js';
import { piiKind, piiRules } from './pii-values.js';

/** What was found first, and where. Neither the path nor the rule holds a value. */
export interface PiiFinding {
  /** By the name of a property, or by a text or number. */
  readonly reason: 'PII_KEY' | 'PII_VALUE';
  /** JSON pointer, relative to the value that was looked at; '' is that value itself. See `harmlessPointer`. */
  readonly path: string;
  readonly rule: Extract<TrackRule, `pii.${string}`>;
}

/** A value on the way through all of them. */
interface Pending extends Place {
  readonly value: unknown;
  readonly parent: Pending | null;
  /** How many layers of JSON text it is wrapped in. */
  readonly wrapped: number;
}

// JSON in a string in JSON in a string: nobody means well by more.
const maxWrapped = 4;
const looksLikeJson = /^\s*[[{"]/;
const quotedKey = /"([^"\\]{1,64})"\s{0,4}:/g;

/**
 * The first personal data or secret in the value: under a key that names it (`PII_KEY`), or as a text, card
 * number or key that looks like it (`PII_VALUE`). First is meant in the order of the value, the keys of an object
 * before what stands under them. Objects and arrays are walked to any depth without recursion, strings that
 * hold JSON are opened four layers deep, and one with more layers is refused. What is found in such a string has
 * the path of the string. Never throws, whatever the value.
 */
export function findPii(value: JsonValue): PiiFinding | null {
  const pending: Pending[] = [{ value, parent: null, name: '', wrapped: 0 }];
  const search: Search = { pending, isPiiKey: remembering(isPiiKey) };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const found = look(next, search);
    if (found) return found;
  }
  return null;
}

/** One walk over a value. */
interface Search {
  readonly pending: Pending[];
  /** A key of JSON in a text is met twice: in the text and in what it says. */
  readonly isPiiKey: (key: string) => boolean;
}

function remembering(judge: (key: string) => boolean): (key: string) => boolean {
  const judged = new Map<string, boolean>();
  return (key) => {
    const known = judged.get(key) ?? judge(key);
    judged.set(key, known);
    return known;
  };
}

function look(place: Pending, search: Search): PiiFinding | null {
  const { value } = place;
  const { pending } = search;
  if (typeof value === 'string') return lookAtText(value, place, search);
  if (typeof value === 'number') return isCard(value) ? finding('pii.card', place) : null;
  if (Array.isArray(value)) {
    // Last one first: what was pushed last is looked at next.
    for (let index = value.length - 1; index >= 0; index--) {
      pending.push({ value: value[index], parent: place, name: index, wrapped: place.wrapped });
    }
  } else if (isContainer(value)) return lookAtObject(value, place, search);
  return null;
}

function lookAtObject(object: object, place: Pending, search: Search): PiiFinding | null {
  const { wrapped } = place;
  const { pending } = search;
  const members = Object.entries(object);
  for (const [name, value] of members) {
    if (search.isPiiKey(name)) return finding('pii.key', { value, parent: place, name, wrapped });
    const kind = piiKind(name);
    if (kind) return finding(piiRules[kind], place);
  }
  for (const [name, value] of members.reverse()) pending.push({ value, parent: place, name, wrapped });
  return null;
}

function isCard(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) >= 1e12 && isCardNumber(String(Math.abs(value)));
}

function lookAtText(text: string, place: Pending, search: Search): PiiFinding | null {
  const kind = piiKind(text);
  if (kind) return finding(piiRules[kind], place);
  if (!text.includes('"')) return null;
  // Also in a piece of JSON that does not parse, such as one that was cut off.
  for (const [, key = ''] of text.matchAll(quotedKey))
    if (search.isPiiKey(key)) return finding('pii.key', place);
  const inner = looksLikeJson.test(text) ? parse(text) : undefined;
  if (typeof inner !== 'string' && !isContainer(inner)) return null;
  if (place.wrapped >= maxWrapped) return finding('pii.nested', place);
  search.pending.push({ value: inner, parent: place, name: '', wrapped: place.wrapped + 1 });
  return null;
}

function finding(rule: PiiFinding['rule'], place: Pending): PiiFinding {
  let shown = place;
  // A pointer cannot lead into a text.
  while (shown.wrapped > 0 && shown.parent) shown = shown.parent;
  return { reason: rule === 'pii.key' ? 'PII_KEY' : 'PII_VALUE', path: harmlessPointer(pathTo(shown)), rule };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
