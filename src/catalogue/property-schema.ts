import * as z from 'zod';
import { limits } from '../contract/index.js';
import { type PrivacyClass, privacyClasses } from '../domain/catalogue.js';

/**
 * The part of JSON Schema 2020-12 that properties are declared in. Closed on purpose: every keyword that is
 * here can be checked, bounded and printed; one that could open an object up again ($ref, anyOf,
 * patternProperties …) would void the guarantee that only declared properties are stored.
 */
export type ValueSchema = StringSchema | NumberSchema | BooleanSchema | ArraySchema | ObjectSchema;

/** A value schema under a name: says how close the property is to a person. */
export type PropertySchema = ValueSchema & { 'x-privacy': PrivacyClass };

interface Annotations {
  title?: string | undefined;
  description?: string | undefined;
  deprecated?: boolean | undefined;
}
export interface StringSchema extends Annotations {
  type: 'string';
  enum?: string[] | undefined;
  const?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  pattern?: string | undefined;
  examples?: string[] | undefined;
}
export interface NumberSchema extends Annotations {
  type: 'integer' | 'number';
  enum?: number[] | undefined;
  const?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
  multipleOf?: number | undefined;
  examples?: number[] | undefined;
}
export interface BooleanSchema extends Annotations {
  type: 'boolean';
  const?: boolean | undefined;
  examples?: boolean[] | undefined;
}
export interface ArraySchema extends Annotations {
  type: 'array';
  items: ValueSchema;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  examples?: unknown[] | undefined;
}
export interface ObjectSchema extends Annotations {
  type: 'object';
  properties: Record<string, PropertySchema>;
  required?: string[] | undefined;
  additionalProperties?: false | undefined;
  examples?: unknown[] | undefined;
}

/** What apps, entity types, event types and properties may be called. */
export const nameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);

/** Text for people: one line or several, in bounds that keep `eventCatalog` readable. */
export const proseSchema = z.string().trim().min(1).max(1_000);

/** An object that takes the keys of its shape and no other; the refusal names those that it takes. */
export function closed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key ${quoted(issue.keys)}; allowed: ${allowed}`
        : undefined,
  });
}

const count = z.int().min(0);
const annotations = {
  title: proseSchema.optional(),
  description: proseSchema.optional(),
  deprecated: z.boolean().optional(),
};
const stringKeywords = {
  type: z.literal('string'),
  enum: z.array(z.string()).min(1).optional(),
  const: z.string().optional(),
  minLength: count.optional(),
  maxLength: count.max(limits.maxPropertiesBytes).optional(),
  pattern: z.string().max(512).optional(),
  examples: z.array(z.string()).optional(),
};
const numberKeywords = {
  enum: z.array(z.number()).min(1).optional(),
  const: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
  examples: z.array(z.number()).optional(),
};
const booleanKeywords = {
  type: z.literal('boolean'),
  const: z.boolean().optional(),
  examples: z.array(z.boolean()).optional(),
};
const arrayKeywords = {
  type: z.literal('array'),
  items: z.lazy((): z.ZodType<ValueSchema> => valueSchema),
  minItems: count.optional(),
  maxItems: count.optional(),
  examples: z.array(z.unknown()).optional(),
};
const objectKeywords = {
  type: z.literal('object'),
  properties: z.record(
    nameSchema,
    z.lazy((): z.ZodType<PropertySchema> => propertySchema),
  ),
  required: z.array(z.string()).optional(),
  additionalProperties: z
    .literal(false, { error: 'must be false, or left out: only declared properties are ever stored' })
    .optional(),
  examples: z.array(z.unknown()).optional(),
};

/** The five kinds of value, each with the given keys besides its own. */
function valuesWith<Extra extends z.core.$ZodLooseShape>(extra: Extra) {
  const rest = { ...annotations, ...extra };
  return z.discriminatedUnion(
    'type',
    [
      closed({ ...stringKeywords, ...rest }),
      closed({ type: z.literal('integer'), ...numberKeywords, ...rest }),
      closed({ type: z.literal('number'), ...numberKeywords, ...rest }),
      closed({ ...booleanKeywords, ...rest }),
      closed({ ...arrayKeywords, ...rest }),
      closed({ ...objectKeywords, ...rest }),
    ],
    { error: (issue) => (issue.code === 'invalid_union' ? typeProblem : undefined) },
  );
}

const typeProblem =
  'must be one of string, integer, number, boolean, array, object ($ref, anyOf, lists of types and null are not taken)';

/** A value without a name of its own: the items of an array. */
export const valueSchema: z.ZodType<ValueSchema> = valuesWith({}).meta({ id: 'value' });

/** A declared property. */
export const propertySchema: z.ZodType<PropertySchema> = valuesWith({
  'x-privacy': z.enum(privacyClasses).meta({
    description:
      'How close the property is to a person: technical (about the software), behavioural (what somebody did), identifier (points at a thing), sensitive (only with opt-in).',
  }),
}).meta({ id: 'property' });

/** The whole of an event type's properties; `type` may be left out. */
export const rootSchema = closed({
  ...objectKeywords,
  type: z.literal('object').default('object'),
  properties: objectKeywords.properties.default({}),
  title: annotations.title,
  description: annotations.description,
}).meta({ id: 'properties' });

function quoted(keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(key)).join(', ');
}
