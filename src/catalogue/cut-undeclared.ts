import { isPlainObject, type JsonValue, type Result } from '../contract/index.js';
import { childPointer } from '../domain/privacy/pii/harmless-pointer.js';
import { pointerStep } from '../domain/privacy/shape/json-pointer.js';
import { defaultMaxItems } from './check-schema.js';
import type { ArraySchema, ObjectSchema, ValueSchema } from './property-schema.js';

/** A copy with declared properties only, and how many others were left behind. */
export interface Kept {
  readonly copy: JsonValue;
  readonly cut: number;
}

/** What is not of the kind that is declared: a pointer to it, and why. */
export interface CutRefusal {
  readonly path: string;
  readonly rule: 'type' | 'maxItems';
}

type Cut = Result<Kept, CutRefusal>;

/**
 * Copies a value along its schema, so that nothing can be in the copy which the schema does not name; answers
 * how many properties were left behind (one for each, whatever is inside it). Reads own properties of plain
 * objects only, never a prototype; recursion is bounded by the schema, so no value can be too deep. Leaves are
 * copied as they are: the schema is checked afterwards.
 */
export function cutUndeclared(schema: ValueSchema, value: unknown): Cut {
  if (schema.type === 'object') return isPlainObject(value) ? cutObject(schema, value) : wrongType;
  if (schema.type === 'array') return Array.isArray(value) ? cutArray(schema, value) : wrongType;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { ok: true, value: { copy: value, cut: 0 } };
  }
  return wrongType;
}

const wrongType: Cut = { ok: false, error: { path: '', rule: 'type' } };

function cutObject(schema: ObjectSchema, value: Readonly<Record<string, unknown>>): Cut {
  const kept: Record<string, JsonValue> = {};
  let cut = Object.keys(value).length;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!Object.hasOwn(value, name)) continue;
    cut -= 1;
    // A property that is there and undefined exists in JavaScript only: JSON leaves it out, and so do we.
    if (value[name] === undefined) continue;
    const inner = cutUndeclared(property, value[name]);
    if (!inner.ok) return inside(name, inner.error);
    kept[name] = inner.value.copy;
    cut += inner.value.cut;
  }
  return { ok: true, value: { copy: kept, cut } };
}

function cutArray(schema: ArraySchema, value: readonly unknown[]): Cut {
  // Refused before it is copied, so that the work is bounded by the schema.
  if (value.length > (schema.maxItems ?? defaultMaxItems))
    return { ok: false, error: { path: '', rule: 'maxItems' } };
  const kept: JsonValue[] = [];
  let cut = 0;
  for (let index = 0; index < value.length; index += 1) {
    const inner = cutUndeclared(schema.items, value[index]);
    if (!inner.ok) return inside(index, inner.error);
    kept.push(inner.value.copy);
    cut += inner.value.cut;
  }
  return { ok: true, value: { copy: kept, cut } };
}

/** The refusal of a member, as its parent sees it. */
function inside(name: string | number, { path, rule }: CutRefusal): Cut {
  return { ok: false, error: { path: pointerStep(name) + path, rule } };
}

/**
 * The pointer of the first property that `cutUndeclared` leaves behind, in the order in which they were sent, or
 * null where it leaves none. Where the property's name is not harmless, it is the pointer of the object that
 * holds it: everything above is declared. Only worth asking for a value that `cutUndeclared` takes.
 */
export function firstUndeclared(schema: ValueSchema, value: unknown, pointer = ''): string | null {
  if (schema.type === 'array' && Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = firstUndeclared(schema.items, value[index], pointer + pointerStep(index));
      if (found !== null) return found;
    }
  }
  if (schema.type !== 'object' || !isPlainObject(value)) return null;
  for (const [name, member] of Object.entries(value)) {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (property === undefined) return childPointer(pointer, name);
    const found = firstUndeclared(property, member, pointer + pointerStep(name));
    if (found !== null) return found;
  }
  return null;
}
