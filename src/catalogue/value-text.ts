import { isObject, type JsonObject, type JsonValue } from '../contract/index.js';

/**
 * What values a schema takes, in words: `one of …`, `text of 0–64 characters`, `integer, ≥ 0, ≤ 9`. `code`
 * prints a literal or a pattern as the page at hand marks code.
 */
export function valueText(schema: JsonObject, code: (text: string) => string): string {
  if (schema.const !== undefined) return `always ${code(JSON.stringify(schema.const))}`;
  if (Array.isArray(schema.enum)) {
    return `one of ${schema.enum.map((value) => code(JSON.stringify(value))).join(', ')}`;
  }
  if (schema.type === 'string') {
    const length = `text of ${between(schema.minLength, schema.maxLength)} characters`;
    return typeof schema.pattern === 'string' ? `${length}, ${code(schema.pattern)}` : length;
  }
  if (schema.type === 'array') {
    const { minItems, maxItems } = schema;
    return `list of ${between(minItems, maxItems)} × ${valueText(schemaObject(schema.items), code)}`;
  }
  const bounds = [
    ...(schema.minimum === undefined ? [] : [`≥ ${schema.minimum}`]),
    ...(schema.exclusiveMinimum === undefined ? [] : [`> ${schema.exclusiveMinimum}`]),
    ...(schema.maximum === undefined ? [] : [`≤ ${schema.maximum}`]),
    ...(schema.exclusiveMaximum === undefined ? [] : [`< ${schema.exclusiveMaximum}`]),
    ...(schema.multipleOf === undefined ? [] : [`a multiple of ${schema.multipleOf}`]),
  ];
  return [typeof schema.type === 'string' ? schema.type : '', ...bounds].join(', ');
}

/** A part of a schema that is an object; empty where it is left out. */
export function schemaObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The names that an object schema requires. */
export function requiredNames(schema: JsonObject): ReadonlySet<string> {
  const { required } = schema;
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return new Set(names.filter((name) => typeof name === 'string'));
}

function between(least: JsonValue | undefined, most: JsonValue | undefined): string {
  return `${least ?? 0}–${most}`;
}
