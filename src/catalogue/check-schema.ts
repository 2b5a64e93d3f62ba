import { limits } from '../contract/index.js';
import { compilePattern } from './pattern.js';
import { type JsonPath, problemAt } from './problems.js';
import type {
  ArraySchema,
  NumberSchema,
  ObjectSchema,
  StringSchema,
  ValueSchema,
} from './property-schema.js';

/** Whether a property's name says by itself that it holds personal data. */
export type IsPiiKey = (key: string) => boolean;

interface Walk {
  readonly isPiiKey: IsPiiKey;
  readonly problems: string[];
  keys: number;
}

/**
 * What is wrong with a well-formed schema: bounds that no value can meet, names of personal data, patterns that
 * cannot be matched in linear time, more depth or keys than an event may have. Empty when it is sound.
 */
export function checkSchema(schema: ObjectSchema, path: JsonPath, isPiiKey: IsPiiKey): string[] {
  const walk: Walk = { isPiiKey, problems: [], keys: 0 };
  checkValue(schema, path, 1, walk);
  if (walk.keys > limits.maxPropertiesKeys) {
    const found = `declares ${walk.keys} properties; an event may have ${limits.maxPropertiesKeys}`;
    walk.problems.push(problemAt(path, found));
  }
  return walk.problems;
}

function checkValue(schema: ValueSchema, path: JsonPath, depth: number, walk: Walk): void {
  const report = (key: string, message: string) => walk.problems.push(problemAt([...path, key], message));
  const isContainer = schema.type === 'object' || schema.type === 'array';
  if (isContainer && depth > limits.maxPropertiesDepth) {
    walk.problems.push(problemAt(path, `is nested more than ${limits.maxPropertiesDepth} deep`));
    return;
  }
  if (schema.type === 'string') checkText(schema, report);
  else if (schema.type === 'integer' || schema.type === 'number') checkNumber(schema, report);
  else if (schema.type === 'array') checkArray(schema, path, depth, walk, report);
  else if (schema.type === 'object') checkObject(schema, path, depth, walk, report);
}

type Report = (key: string, message: string) => unknown;

function checkText(schema: StringSchema, report: Report): void {
  checkChoice(schema, ['minLength', 'maxLength', 'pattern'], report);
  const most = schema.maxLength ?? limits.defaultTextLength;
  if ((schema.minLength ?? 0) > most) report('minLength', `is more than maxLength (${most})`);
  if (schema.pattern === undefined) return;
  const compiled = compilePattern(schema.pattern);
  if (!compiled.ok) report('pattern', compiled.error);
}

const numberBounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

function checkNumber(schema: NumberSchema, report: Report): void {
  checkChoice(schema, numberBounds, report);
  const least = Math.max(schema.minimum ?? -Infinity, schema.exclusiveMinimum ?? -Infinity);
  const most = Math.min(schema.maximum ?? Infinity, schema.exclusiveMaximum ?? Infinity);
  const open = schema.exclusiveMinimum === least || schema.exclusiveMaximum === most;
  if (least > most || (least === most && open))
    report('minimum', 'and the maximum leave no number between them');
  if (schema.type !== 'integer') return;
  for (const key of [...numberBounds, 'const'] as const) {
    if (schema[key] !== undefined && !Number.isSafeInteger(schema[key]))
      report(key, 'must be a whole number');
  }
  if (schema.enum?.some((value) => !Number.isSafeInteger(value)))
    report('enum', 'must hold whole numbers only');
}

/** `enum` and `const` say everything about a value; a bound beside them could only contradict them. */
function checkChoice<S extends StringSchema | NumberSchema>(
  schema: S,
  bounds: readonly (keyof S & string)[],
  report: Report,
): void {
  const choice = schema.enum !== undefined ? 'enum' : 'const';
  if (schema[choice] === undefined) return;
  if (choice === 'enum' && schema.const !== undefined) report('const', 'cannot stand beside enum');
  for (const key of bounds) {
    if (schema[key] !== undefined) report(key, `cannot stand beside ${choice}`);
  }
  const values: readonly unknown[] = schema.enum ?? [];
  if (new Set(values).size < values.length) report('enum', 'holds the same value twice');
}

function checkArray(schema: ArraySchema, path: JsonPath, depth: number, walk: Walk, report: Report): void {
  const most = schema.maxItems ?? defaultMaxItems;
  if ((schema.minItems ?? 0) > most) report('minItems', `is more than maxItems (${most})`);
  checkValue(schema.items, [...path, 'items'], depth + 1, walk);
}

function checkObject(schema: ObjectSchema, path: JsonPath, depth: number, walk: Walk, report: Report): void {
  const names = Object.keys(schema.properties);
  walk.keys += names.length;
  for (const name of schema.required ?? []) {
    if (!names.includes(name)) report('required', `names ${JSON.stringify(name)}, which is not declared`);
  }
  for (const [name, property] of Object.entries(schema.properties)) {
    const at = [...path, 'properties', name];
    const refusal = nameProblem(name, walk.isPiiKey);
    if (refusal !== null) walk.problems.push(problemAt(at, refusal));
    checkValue(property, at, depth + 1, walk);
  }
}

function nameProblem(name: string, isPiiKey: IsPiiKey): string | null {
  // Not an attack here, but a trap for everybody who reads the stored object later.
  if (name in Object.prototype || name === 'prototype' || name === 'toJSON') {
    return 'is a name that means something to JavaScript itself';
  }
  return isPiiKey(name) ? 'is named like personal data; such a property would be refused (PII_KEY)' : null;
}

/** Entries of an array whose schema names no `maxItems`. */
export const defaultMaxItems = 32;
