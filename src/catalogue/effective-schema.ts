import { type JsonObject, type JsonValue, limits } from '../contract/index.js';
import { defaultMaxItems } from './check-schema.js';
import type { ValueSchema } from './property-schema.js';

/**
 * The schema that is enforced, spelt out: every object closed, every text and array bounded, every integer
 * within what JSON carries exactly (RFC 8259 section 6: ±(2^53−1)). This is what `eventCatalog` and the docs show.
 */
export function effectiveSchema(schema: ValueSchema): JsonObject {
  // Copied as JSON: what is undefined is left out, and the file's own objects are never shared.
  const copy: Record<string, JsonValue> = JSON.parse(JSON.stringify(schema));
  if (schema.type === 'object') {
    const members = Object.entries(schema.properties).map(([name, property]) => [
      name,
      effectiveSchema(property),
    ]);
    return { ...copy, properties: Object.fromEntries(members), additionalProperties: false };
  }
  if (schema.type === 'array') {
    return { ...copy, items: effectiveSchema(schema.items), maxItems: schema.maxItems ?? defaultMaxItems };
  }
  if (schema.type === 'boolean' || schema.enum !== undefined || schema.const !== undefined) return copy;
  if (schema.type === 'string') return { ...copy, maxLength: schema.maxLength ?? limits.defaultTextLength };
  if (schema.type === 'integer') {
    if (schema.minimum === undefined && schema.exclusiveMinimum === undefined)
      copy.minimum = Number.MIN_SAFE_INTEGER;
    if (schema.maximum === undefined && schema.exclusiveMaximum === undefined)
      copy.maximum = Number.MAX_SAFE_INTEGER;
  }
  return copy;
}
