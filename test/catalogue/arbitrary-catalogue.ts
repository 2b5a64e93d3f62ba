import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import { privacyClasses } from '../../src/domain/catalogue.js';

/** Names that are easily confused, of no identifier, or taken in JavaScript and TypeScript. */
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,12}$/),
  fc.constantFrom('a_b', 'a.b', 'a-b', 'A_b', 'a_b2', 'date', 'record', 'signals_events', 'class', 'x.'),
);
const eventName = fc.oneof(name, fc.constantFrom('constructor', 'toString', 'signals_track', 'valueOf'));
const propertyName = name.filter((text) => !(text in Object.prototype));

/** Text of others, with all that could end a comment or a literal. */
const prose = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '*/',
        '/*',
        ' @deprecated ',
        ' @see',
        '{@link x}',
        '`',
        '\n',
        '\u2028',
        '\u202e',
        '\ud800',
        "'",
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => `x${parts.join('')}x`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const text = fc.oneof(
  fc.record({ type: fc.constant('string'), enum: fc.uniqueArray(prose, { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant('string'), const: prose }),
  fc.record({
    type: fc.constant('string'),
    minLength: maybe(fc.nat(9)),
    maxLength: maybe(fc.integer({ min: 9, max: 99 })),
    pattern: maybe(fc.constantFrom('^[a-z]*$', '^a*/b$', '^[^`@]+$')),
  }),
);
const whole = fc.maxSafeInteger();
const number = fc.oneof(
  fc.record({ type: fc.constant('integer'), enum: fc.uniqueArray(whole, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    type: fc.constantFrom('integer', 'number'),
    minimum: maybe(fc.nat(5)),
    maximum: maybe(fc.constant(9)),
  }),
  fc.record({
    type: fc.constant('number'),
    const: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
);
const boolean = fc.record({ type: fc.constant('boolean'), const: maybe(fc.boolean()) });

const { value } = fc.letrec<{ value: JsonObject; object: JsonObject; list: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.oneof(text, number, boolean) as fc.Arbitrary<JsonObject>,
    tie('object'),
    tie('list'),
  ),
  object: objectOf(tie('value')),
  list: fc.record({ type: fc.constant('array'), items: tie('value'), maxItems: maybe(fc.nat(5)) }) as never,
}));

/** Some of the properties are required. */
function objectOf(inner: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const property = fc
    .tuple(inner, fc.constantFrom(...privacyClasses), maybe(prose), maybe(fc.boolean()), fc.boolean())
    .map(([schema, privacy, description, deprecated, isRequired]) => ({
      schema: { ...schema, 'x-privacy': privacy, description, deprecated },
      isRequired,
    }));
  return fc.dictionary(propertyName, property, { maxKeys: 3, noNullPrototype: true }).map((properties) => ({
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([key, { schema }]) => [key, schema])),
    required: Object.keys(properties).filter((key) => properties[key]?.isRequired),
  })) as fc.Arbitrary<JsonObject>;
}

const eventType = fc.record({
  description: prose,
  owner: prose,
  version: fc.integer({ min: 1, max: 3 }),
  deprecated: maybe(fc.record({ reason: prose })),
  enabled: fc.boolean(),
  optIn: fc.boolean(),
  gpc: fc.constantFrom('anonymise', 'drop'),
  unknownProperties: fc.constantFrom('cut', 'reject'),
  entity: maybe(
    fc.oneof(
      fc.constantFrom({ types: [] }, { types: ['item'] }, { required: true }),
      fc.constant({ types: ['item', 'cart'], required: true }),
    ),
  ),
  properties: maybe(objectOf(value)),
});

/** A catalogue file that is sound, whatever else it is. */
export const arbitraryCatalogue: fc.Arbitrary<JsonObject> = fc
  .dictionary(eventName, eventType, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  .map((eventTypes) => ({
    apps: { shop: { description: 'A shop.', owner: 'team' } },
    entityTypes: {
      item: { description: 'An item.', pattern: '^[a-z]+$' },
      cart: { description: 'A cart.', format: 'uuid' },
    },
    eventTypes: Object.fromEntries(
      Object.entries(eventTypes).map(([key, entry]) => [key, { ...entry, apps: ['shop'] }]),
    ),
  }))
  // As JSON: what is undefined is left out.
  .map((file): JsonObject => JSON.parse(JSON.stringify(file)))
  .filter((file) => keysOf(file.eventTypes) < 64);

function keysOf(json: JsonValue | undefined): number {
  if (typeof json !== 'object' || json === null) return 0;
  return Object.entries(json).reduce(
    (sum, [key, inner]) => sum + (key === 'x-privacy' ? 1 : keysOf(inner)),
    0,
  );
}
