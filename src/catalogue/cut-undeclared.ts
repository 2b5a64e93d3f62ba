import type { JsonValue } from '../contract/index.js';
import { defaultMaxItems } from './check-schema.js';
import type { ArraySchema, ObjectSchema, ValueSchema } from './property-schema.js';

/** A copy with declared properties only, or null where the value is no container of the kind that is declared. */
export type Cut = { readonly value: JsonValue; readonly cut: number } | null;

/**
 * Copies a value along its schema, so that nothing can be in the copy which the schema does not name; answers
 * how many properties were left behind (one for each, whatever is inside it). Reads own properties of plain
 * objects only, never a prototype; recursion is bounded by the schema, so no value can be too deep. Leaves are
 * copied as they are: the schema is checked afterwards.
 */
export function cutUndeclared(schema: ValueSchema, value: unknown): Cut {
  if (schema.type === 'object') return isPlainObject(value) ? cutObject(schema, value) : null;
  if (schema.type === 'array') return Array.isArray(value) ? cutArray(schema, value) : null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { value, cut: 0 };
  }
  return null;
}

function cutObject(schema: ObjectSchema, value: Readonly<Record<string, unknown>>): Cut {
  const kept: Record<string, JsonValue> = {};
  let cut = Object.keys(value).length;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!Object.hasOwn(value, name)) continue;
    cut -= 1;
    // A property that is there and undefined exists in JavaScript only: JSON leaves it out, and so do we.
    if (value[name] === undefined) continue;
    const inner = cutUndeclared(property, value[name]);
    if (inner === null) return null;
    kept[name] = inner.value;
    cut += inner.cut;
  }
  return { value: kept, cut };
}

function cutArray(schema: ArraySchema, value: readonly unknown[]): Cut {
  // Refused before it is copied, so that the work is bounded by the schema.
  if (value.length > (schema.maxItems ?? defaultMaxItems)) return null;
  const kept: JsonValue[] = [];
  let cut = 0;
  for (let index = 0; index < value.length; index += 1) {
    const inner = cutUndeclared(schema.items, value[index]);
    if (inner === null) return null;
    kept.push(inner.value);
    cut += inner.cut;
  }
  return { value: kept, cut };
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
