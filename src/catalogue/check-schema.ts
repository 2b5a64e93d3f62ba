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

/** Where a value's schema stands, and how deep. */
interface At {
  readonly path: JsonPath;
  readonly depth: number;
}

/**
 * What is wrong with a well-formed schema: bounds that no value can meet, names of personal data, patterns that
 * cannot be matched in linear time, more depth or keys than an event may have. Empty when it is sound.
 */
export function checkSchema(schema: ObjectSchema, path: JsonPath, isPiiKey: IsPiiKey): string[] {
  const walk: Walk = { isPiiKey, problems: [], keys: 0 };
  checkValue(schema, { path, depth: 1 }, walk);
  if (walk.keys > limits.maxPropertiesKeys) {
    const found = `declares ${walk.keys} properties; an event may have ${limits.maxPropertiesKeys}`;
    walk.problems.push(problemAt(path, found));
  }
  return walk.problems;
}

function checkValue(schema: ValueSchema, at: At, walk: Walk): void {
  const { path, depth } = at;
  const report = (key: string, message: string) => walk.problems.push(problemAt([...path, key], message));
  const isContainer = schema.type === 'object' || schema.type === 'array';
  if (isContainer && depth > limits.maxPropertiesDepth) {
    walk.problems.push(problemAt(path, `is nested more than ${limits.maxPropertiesDepth} deep`));
    return;
  }
  if (schema.type === 'string') checkText(schema, report);
  else if (schema.type === 'integer' || schema.type === 'number') checkNumber(schema, report);
  else if (schema.type === 'array') {
    checkLength(schema, report);
    checkValue(schema.items, { path: [...path, 'items'], depth: depth + 1 }, walk);
  } else if (schema.type === 'object') {
    checkRequired(schema, report);
    checkMembers(schema, at, walk);
  }
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

function checkLength(schema: ArraySchema, report: Report): void {
  const most = schema.maxItems ?? defaultMaxItems;
  if ((schema.minItems ?? 0) > most) report('minItems', `is more than maxItems (${most})`);
}

function checkRequired(schema: ObjectSchema, report: Report): void {
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(schema.properties, name)) continue;
    report('required', `names ${JSON.stringify(name)}, which is not declared`);
  }
}

function checkMembers(schema: ObjectSchema, { path, depth }: At, walk: Walk): void {
  const members = Object.entries(schema.properties);
  walk.keys += members.length;
  for (const [name, property] of members) {
    const at = [...path, 'properties', name];
    const refusal = nameProblem(name, walk.isPiiKey);
    if (refusal !== null) walk.problems.push(problemAt(at, refusal));
    checkValue(property, { path: at, depth: depth + 1 }, walk);
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
