import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { brokenRule } from '../../src/catalogue/broken-rule.js';
import { propertySchema, rootSchema } from '../../src/catalogue/property-schema.js';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import { array, bought, object } from './samples.js';

const privacy = { 'x-privacy': 'technical' };
const text = { type: 'string', ...privacy };
const number = { type: 'number', ...privacy };
const list = { type: 'array', items: { type: 'integer' }, ...privacy };

/** By keyword: a property that has it, and a value that breaks it and nothing else. */
const broken: Readonly<Record<string, readonly [schema: JsonObject, value: JsonValue, path?: string]>> = {
  type: [text, 1],
  enum: [{ ...text, enum: ['a'] }, 'b'],
  const: [{ ...text, const: 'a' }, 'b'],
  pattern: [{ ...text, pattern: '^a$' }, 'b'],
  minLength: [{ ...text, minLength: 2 }, 'b'],
  maxLength: [{ ...text, maxLength: 2 }, 'bbb'],
  minimum: [{ ...number, minimum: 2 }, 1],
  maximum: [{ ...number, maximum: 2 }, 3],
  exclusiveMinimum: [{ ...number, exclusiveMinimum: 2 }, 2],
  exclusiveMaximum: [{ ...number, exclusiveMaximum: 2 }, 2],
  multipleOf: [{ ...number, multipleOf: 2 }, 3],
  minItems: [{ ...list, minItems: 2 }, [1]],
  maxItems: [{ ...list, maxItems: 2 }, [1, 2, 3]],
  required: [{ type: 'object', properties: { q: text }, required: ['q'], ...privacy }, {}, '/p/q'],
};

/** Keywords that no value can break: they are for people, or lead to the schema of a member. */
const silent = ['title', 'description', 'deprecated', 'examples', 'x-privacy', 'properties', 'items'];
/** What is not declared is cut off before Ajv sees it, or refused with the rule `unknown`. */
const checkedBefore = ['additionalProperties'];

/** Every keyword that a schema in the catalogue may have, read from the format of the file itself. */
function allKeywords(): readonly string[] {
  const schema = object(
    JSON.parse(JSON.stringify(z.toJSONSchema(z.tuple([rootSchema, propertySchema]), { io: 'input' }))),
  );
  const found = new Set<string>();
  for (const definition of Object.values(object(schema.$defs)).map(object)) {
    for (const shape of [definition, ...array(definition.oneOf), ...array(definition.anyOf)]) {
      for (const name of Object.keys(object(object(shape as JsonObject).properties))) found.add(name);
    }
  }
  return [...found].sort();
}

describe('the rule of a keyword', () => {
  it('is known for every keyword of the catalogue', () => {
    expect(allKeywords()).toEqual([...Object.keys(broken), ...silent, ...checkedBefore].sort());
  });

  it.each(Object.entries(broken))('%s has the same name', (keyword, [schema, value, path = '/p']) => {
    expect(bought({ p: schema }).checkProperties(null, { p: value })).toEqual({
      ok: false,
      error: { reason: 'INVALID_PROPERTIES', path, rule: keyword },
    });
  });

  it('is unknown for what is not declared', () => {
    const plan = bought({ p: text }, [], { unknownProperties: 'reject' });
    expect(plan.checkProperties(null, { q: 1 })).toMatchObject({ error: { path: '/q', rule: 'unknown' } });
  });
});

describe('brokenRule', () => {
  const error = { instancePath: '/p/0', schemaPath: '#', keyword: 'enum', params: {} };

  it('takes the first error, and its place', () => {
    expect(brokenRule([error, { ...error, keyword: 'type' }])).toEqual({ path: '/p/0', rule: 'enum' });
  });

  it('points at what is missing, escaped as a pointer needs it', () => {
    const missing = { ...error, keyword: 'required', params: { missingProperty: 'a/b' } };
    expect(brokenRule([missing])).toEqual({ path: '/p/0/a~1b', rule: 'required' });
  });

  it('has a rule for what Ajv cuts short of: undeclared properties', () => {
    expect(brokenRule([{ ...error, keyword: 'additionalProperties' }]).rule).toBe('unknown');
  });

  it.each([[[]], [null], [undefined]])('refuses all the same when Ajv says nothing (%j)', (errors) => {
    expect(brokenRule(errors)).toEqual({ path: '', rule: 'type' });
  });

  it('refuses all the same for a keyword that nobody knows', () => {
    expect(brokenRule([{ ...error, keyword: 'hasOwnProperty' }])).toEqual({ path: '/p/0', rule: 'type' });
  });
});
