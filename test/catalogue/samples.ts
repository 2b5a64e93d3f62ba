import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PrintableCatalogue, parseCatalogue } from '../../src/catalogue/index.js';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import type { EventTypePlan } from '../../src/domain/catalogue.js';
import { isPiiKey } from '../../src/domain/privacy/pii/pii-keys.js';

export const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
export const exampleText = readFileSync(join(root, 'examples', 'catalogue.json'), 'utf8');

/** The catalogue that ships. */
export function exampleCatalogue(): PrintableCatalogue {
  const parsed = parseCatalogue(exampleText, { isPiiKey });
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

/** The least catalogue that is one: app `shop`, entity types `cart` and `item`, event type `bought`. */
export function smallFile(eventType: JsonObject = {}): JsonObject {
  return {
    apps: { shop: { description: 'A shop.', owner: 'team' } },
    entityTypes: {
      cart: { description: 'A cart.', format: 'uuid' },
      item: { description: 'An item.', pattern: '^[a-z]+$', maxLength: 8 },
    },
    eventTypes: { bought: { description: 'Bought.', owner: 'team', apps: ['shop'], ...eventType } },
  };
}

/** The event type `bought` with these properties (and required ones), everything else as in `smallFile`. */
export function bought(
  properties: JsonObject,
  required: readonly string[] = [],
  more: JsonObject = {},
): EventTypePlan {
  const parsed = parseCatalogue(JSON.stringify(smallFile({ properties: { properties, required }, ...more })));
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return found(parsed.value.eventTypes.get('bought'));
}

/** The problems of a file; empty when it is sound. */
export function problemsOf(file: JsonValue | string): readonly string[] {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  const parsed = parseCatalogue(text, { isPiiKey });
  return parsed.ok ? [] : parsed.error;
}

/** The value, or an error where there is none. */
export function found<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('not found');
  return value;
}

/** A value that fits the schema, with every property that it declares. */
export function instance(schema: JsonObject): JsonValue {
  const [example] = array(schema.examples);
  if (example !== undefined) return example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return found(array(schema.enum)[0]);
  if (schema.type === 'string') return 'a'.repeat(Number(schema.minLength ?? 1));
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [instance(object(schema.items))];
  return Object.fromEntries(
    Object.entries(object(schema.properties)).map(([name, property]) => [name, instance(object(property))]),
  );
}

export function object(value: JsonValue | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

export function array(value: JsonValue | undefined): readonly JsonValue[] {
  return (value ?? []) as readonly JsonValue[];
}
