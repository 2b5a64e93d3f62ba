import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { diffCatalogues } from '../../src/catalogue-tools/index.js';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import { found, smallFile } from '../catalogue/samples.js';

/** Schemas of one property, from few values, so that two of them often have something to do with each other. */
const maybe = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
const someOf = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const integer = fc.constant('integer');
const leaf: fc.Arbitrary<JsonObject> = fc
  .oneof(
    fc.record({ type: fc.constant('string'), enum: someOf('', 'a', 'bb', 'ccc') }),
    fc.record({
      type: fc.constant('string'),
      minLength: maybe(0, 1),
      maxLength: maybe(2, 3),
      pattern: maybe('^[ab]*$', '^.*$'),
    }),
    fc.record({ type: integer, enum: someOf(-1, 0, 2) }),
    fc.record({
      type: fc.constantFrom('integer', 'number'),
      minimum: maybe(-2, -1),
      exclusiveMinimum: maybe(-2),
      maximum: maybe(1, 2),
      exclusiveMaximum: maybe(3),
      multipleOf: maybe(1, 2),
    }),
    fc.record({ type: fc.constant('number'), maximum: maybe(1.5, 2), multipleOf: maybe(0.5, 1) }),
    fc.record({ type: fc.constant('boolean'), const: maybe(true, false) }),
  )
  .map((schema) => JSON.parse(JSON.stringify(schema)));
const schema: fc.Arbitrary<JsonObject> = fc.oneof(
  { arbitrary: leaf, weight: 4 },
  fc
    .record({ type: fc.constant('array'), items: leaf, minItems: maybe(1), maxItems: maybe(1, 2) })
    .map((list) => JSON.parse(JSON.stringify(list))),
  fc.tuple(leaf, fc.boolean()).map(([inner, isRequired]) => ({
    type: 'object',
    properties: { q: { ...inner, 'x-privacy': 'technical' } },
    required: isRequired ? ['q'] : [],
  })),
);

const leaves: readonly JsonValue[] = [
  ...[-3, -2, -1.5, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3],
  ...['', 'a', 'b', 'c', 'bb', 'ccc', 'dddd', true, false],
];
/** Every value that any of the schemas tells from another. */
const values: readonly JsonValue[] = [
  ...leaves,
  {},
  [],
  ...leaves.flatMap((value) => [[value], [value, value], [value, value, value], { q: value }]),
];

/** Two schemas, mostly of one type, of which the second is the first with one keyword taken from elsewhere. */
const pair = fc.oneof(
  fc.tuple(schema, schema),
  fc
    .oneof(leaf, schema)
    .chain((old) =>
      fc.tuple(fc.constant(old), schema, fc.constantFrom(...Object.keys(old), 'enum', 'maximum')),
    )
    .map(([old, other, key]) => [old, withKeyOf(old, other, key)] as const),
);

function withKeyOf(old: JsonObject, other: JsonObject, key: string): JsonObject {
  const { [key]: _left, ...rest } = old;
  const value = other.type === old.type ? other[key] : undefined;
  return { ...rest, type: old.type ?? '', ...(value !== undefined && { [key]: value }) };
}

function read(property: JsonObject, isRequired: boolean, unknownProperties: string) {
  const required = isRequired ? ['p'] : [];
  const properties = { required, properties: { p: { ...property, 'x-privacy': 'technical' } } };
  const parsed = parseCatalogue(JSON.stringify(smallFile({ unknownProperties, properties })));
  return parsed.ok ? parsed.value : null;
}

describe('two catalogues without an incompatible change', () => {
  it('take the same events: whatever the old one takes whole, the new one takes whole', () => {
    let compatible = 0;
    fc.assert(
      fc.property(
        pair,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('cut', 'reject'),
        ([a, b], x, y, unknown) => {
          const [old, next] = [read(a, x, unknown), read(b, y, unknown)];
          // Merged schemas may contradict themselves.
          fc.pre(old !== null && next !== null);
          if (diffCatalogues(old, next).some(({ level }) => level === 'incompatible')) return;
          compatible += 1;
          const was = found(old.eventTypes.get('bought'));
          const is = found(next.eventTypes.get('bought'));
          for (const properties of [{}, ...values.map((p) => ({ p }))]) {
            const before = was.checkProperties(null, properties);
            if (before.ok && before.value.cut === 0)
              expect(is.checkProperties(null, properties)).toEqual(before);
          }
        },
      ),
      { numRuns: 1_000 },
    );
    // Otherwise nothing was shown.
    expect(compatible).toBeGreaterThan(100);
  });
});

describe('an incompatible change of a range or of values', () => {
  it('is one: there is an event that only the old catalogue takes', () => {
    let judged = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [old, next] = [read(a, false, 'reject'), read(b, false, 'reject')];
        fc.pre(old !== null && next !== null);
        const bad = diffCatalogues(old, next).filter(({ level }) => level === 'incompatible');
        // Patterns are never compared; and of multiples, none need be where a range became smaller.
        if (bad.length === 0 || /pattern|multipleOf/.test(JSON.stringify([a, b]))) return;
        judged += 1;
        const was = found(old.eventTypes.get('bought'));
        const is = found(next.eventTypes.get('bought'));
        const lost = [{}, ...values.map((p) => ({ p }))].filter(
          (properties) =>
            was.checkProperties(null, properties).ok && !is.checkProperties(null, properties).ok,
        );
        expect(lost, bad.map(({ message }) => message).join()).not.toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(judged).toBeGreaterThan(100);
  });
});
