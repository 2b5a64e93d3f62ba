import type { JsonObject, JsonValue } from '../../contract/index.js';

/** Where a range ends; `isOpen`: just short of the value. */
export interface Bound {
  /** The keyword of the schema. */
  readonly key: string;
  readonly value: number;
  readonly isOpen: boolean;
}

/** The two ends of what a schema takes: lengths of text, entries of a list, numbers. */
export interface Bounds {
  readonly what: string;
  readonly lower: Bound;
  readonly upper: Bound;
}

/** Null for what has no range: booleans, objects, lists of values. */
export function boundsOf(schema: JsonObject): Bounds | null {
  if (schema.type === 'string') {
    return counts('the length', 'minLength', schema.minLength, 'maxLength', schema.maxLength);
  }
  if (schema.type === 'array') {
    return counts('the number of entries', 'minItems', schema.minItems, 'maxItems', schema.maxItems);
  }
  if (schema.type !== 'integer' && schema.type !== 'number') return null;
  const least = closed('minimum', schema.minimum ?? -Infinity);
  const most = closed('maximum', schema.maximum ?? Infinity);
  const above = open('exclusiveMinimum', schema.exclusiveMinimum ?? -Infinity, schema.type, 1);
  const below = open('exclusiveMaximum', schema.exclusiveMaximum ?? Infinity, schema.type, -1);
  return {
    what: 'the number',
    lower: isAbove(above, least) ? above : least,
    upper: isBelow(below, most) ? below : most,
  };
}

/** Whether the lower bound `a` leaves out something that `b` lets in. */
export function isAbove(a: Bound, b: Bound): boolean {
  return a.value > b.value || (a.value === b.value && a.isOpen && !b.isOpen && Number.isFinite(a.value));
}

/** Whether the upper bound `a` leaves out something that `b` lets in. */
export function isBelow(a: Bound, b: Bound): boolean {
  return a.value < b.value || (a.value === b.value && a.isOpen && !b.isOpen && Number.isFinite(a.value));
}

function counts(
  what: string,
  least: string,
  min: JsonValue | undefined,
  most: string,
  max: JsonValue | undefined,
): Bounds {
  return { what, lower: closed(least, min ?? 0), upper: closed(most, max ?? Infinity) };
}

function closed(key: string, value: JsonValue): Bound {
  return { key, value: Number(value), isOpen: false };
}

/** Of whole numbers, those above 0 are those from 1. */
function open(key: string, value: JsonValue, type: JsonValue, inwards: 1 | -1): Bound {
  const isWhole = type === 'integer';
  return { key, value: Number(value) + (isWhole ? inwards : 0), isOpen: !isWhole };
}
