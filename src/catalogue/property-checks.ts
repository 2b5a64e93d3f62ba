import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isObject, type JsonObject, type JsonValue } from '../contract/index.js';
import type { PropertiesVerdict } from '../domain/catalogue.js';
import { type BrokenRule, brokenRule } from './broken-rule.js';
import { cutUndeclared, firstUndeclared } from './cut-undeclared.js';
import { effectiveSchema } from './effective-schema.js';
import { compilePattern, type Pattern } from './pattern.js';
import type { ObjectSchema, ValueSchema } from './property-schema.js';

/** One version of an event type's properties, ready to check. */
export interface VersionCheck {
  /** JSON Schema 2020-12, as it is enforced. */
  readonly schema: JsonObject;
  check(version: number, properties: JsonValue | undefined): PropertiesVerdict;
}

/** Makes checks of versions. One per catalogue: schemas that are alike are compiled once. */
export interface PropertyChecks {
  compile(schema: ObjectSchema, unknownProperties: 'cut' | 'reject'): VersionCheck;
  /** Whether a value fits a schema of the file as it is, to the last key. */
  fits(schema: ValueSchema, value: unknown): boolean;
  /** Whether a value fits a schema that is already spelt out, such as `EventTypePlan.schema`. */
  accepts(schema: JsonObject, value: unknown): boolean;
}

/**
 * Ajv without coercion, without defaults and without prototypes (`required: ["constructor"]` must not be met
 * by `Object.prototype`), with patterns matched in linear time instead of by backtracking.
 */
export function createPropertyChecks(): PropertyChecks {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: false,
    ownProperties: true,
    // The file's own format is stricter than the meta-schema and has been checked before.
    meta: false,
    validateSchema: false,
    // 0.07 / 0.01 is 7.000000000000001: decimals are compared to nine places.
    multipleOfPrecision: 9,
    code: { regExp: Object.assign(mustCompile, { code: 'mustCompile' }) },
  });
  ajv.addVocabulary(['x-privacy']);
  const validators = new Map<string, ValidateFunction>();
  const validatorFor = (schema: JsonObject) => {
    const key = JSON.stringify(schema);
    const known = validators.get(key) ?? ajv.compile(schema);
    validators.set(key, known);
    return known;
  };
  return {
    compile(source, unknownProperties) {
      const schema = effectiveSchema(source);
      return { schema, check: createCheck(source, validatorFor(schema), unknownProperties === 'reject') };
    },
    fits: (schema, value) => validatorFor(effectiveSchema(schema))(value),
    accepts: (schema, value) => validatorFor(schema)(value),
  };
}

function createCheck(
  source: ObjectSchema,
  isValid: ValidateFunction,
  rejectsUnknown: boolean,
): VersionCheck['check'] {
  return (version, properties) => {
    const sent = properties ?? {};
    const kept = cutUndeclared(source, sent);
    if (!kept.ok) return refused(kept.error);
    const { copy, cut } = kept.value;
    const firstCut = cut > 0 ? (firstUndeclared(source, sent) ?? '') : null;
    if (firstCut !== null && rejectsUnknown) return refused({ path: firstCut, rule: 'unknown' });
    if (!isObject(copy)) return refused({ path: '', rule: 'type' });
    if (!isValid(copy)) return refused(brokenRule(isValid.errors));
    const isEmpty = Object.keys(copy).length === 0;
    return { ok: true, value: { version, properties: isEmpty ? null : copy, cut, firstCut } };
  };
}

function refused({ path, rule }: BrokenRule): PropertiesVerdict {
  return { ok: false, error: { reason: 'INVALID_PROPERTIES', path, rule } };
}

/** Throws on a pattern that has not been through `checkSchema`: a fault of ours, not of the file. */
function mustCompile(source: string): Pattern {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(`pattern ${compiled.error}`);
  return compiled.value;
}
