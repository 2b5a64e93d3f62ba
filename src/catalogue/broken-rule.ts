import type { ErrorObject } from 'ajv/dist/2020.js';
import type { TrackRule } from '../contract/index.js';
import { pointerStep } from '../domain/privacy/shape/json-pointer.js';
import type {
  ArraySchema,
  BooleanSchema,
  NumberSchema,
  ObjectSchema,
  StringSchema,
} from './property-schema.js';

type Keyword =
  | keyof StringSchema
  | keyof NumberSchema
  | keyof BooleanSchema
  | keyof ArraySchema
  | keyof ObjectSchema;

/** Keywords that no value can break: they are for people, or lead to the schema of a member. */
type Silent = 'title' | 'description' | 'deprecated' | 'examples' | 'properties' | 'items';

/** What a value breaks, and where: a JSON pointer, relative to the value that was checked. */
export interface BrokenRule {
  readonly path: string;
  readonly rule: TrackRule;
}

/** By keyword: the rule that is broken. The compiler asks for a line for every keyword that is added. */
const rules = {
  required: 'required',
  type: 'type',
  enum: 'enum',
  const: 'const',
  pattern: 'pattern',
  minLength: 'minLength',
  maxLength: 'maxLength',
  minimum: 'minimum',
  exclusiveMinimum: 'exclusiveMinimum',
  maximum: 'maximum',
  exclusiveMaximum: 'exclusiveMaximum',
  multipleOf: 'multipleOf',
  minItems: 'minItems',
  maxItems: 'maxItems',
  // What is not declared has been cut off or refused before.
  additionalProperties: 'unknown',
} as const satisfies Readonly<Record<Exclude<Keyword, Silent>, TrackRule>>;

const byKeyword: ReadonlyMap<string, TrackRule> = new Map(Object.entries(rules));

/** The rule that Ajv found broken first, and where: a pointer of declared names and indexes, never a value. */
export function brokenRule(errors: readonly ErrorObject[] | null | undefined): BrokenRule {
  const [error] = errors ?? [];
  // Ajv says what it refuses. If it ever did not, the properties are still refused.
  if (!error) return { path: '', rule: 'type' };
  const { keyword, instancePath, params } = error;
  const missing: unknown = keyword === 'required' ? params.missingProperty : undefined;
  return {
    path: typeof missing === 'string' ? instancePath + pointerStep(missing) : instancePath,
    rule: byKeyword.get(keyword) ?? 'type',
  };
}
