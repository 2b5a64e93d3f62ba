import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { createPropertyChecks } from '../../src/catalogue/property-checks.js';
import type { JsonObject, JsonValue } from '../../src/contract/index.js';
import type { EventTypePlan } from '../../src/domain/catalogue.js';
import { array, bought, exampleCatalogue, found, instance, object, smallFile } from './samples.js';

const privacy = { 'x-privacy': 'technical' };
const word = { type: 'string', ...privacy };
const invalid = { ok: false, reason: 'INVALID_PROPERTIES' };
const kept = (properties: JsonValue, cut = 0) => ({ ok: true, version: 1, properties, cut });
const tree = {
  a: word,
  o: {
    type: 'object',
    properties: {
      b: word,
      l: { type: 'array', items: { type: 'object', properties: { c: word } }, ...privacy },
    },
    ...privacy,
  },
};

describe('checkProperties', () => {
  it.each([[undefined], [null], [{}]])('takes %j for no properties', (properties) => {
    expect(bought({ a: word }).checkProperties(null, properties)).toEqual(kept(null));
  });

  it('misses a required property in no properties', () => {
    expect(bought({ a: word }, ['a']).checkProperties(null, undefined)).toEqual(invalid);
  });

  it('cuts off what is not declared, at every depth, and counts it', () => {
    const sent = {
      a: 'x',
      z: { deep: { er: 1 } },
      o: { b: 'y', z: 1, l: [{ c: 'w', z: 1 }, { z: [1, 2] }] },
    };
    expect(bought(tree).checkProperties(null, sent)).toEqual(
      kept({ a: 'x', o: { b: 'y', l: [{ c: 'w' }, {}] } }, 4),
    );
  });

  it('stores null when nothing that was sent is declared', () => {
    expect(bought({ a: word }).checkProperties(null, { z: 1, y: 2 })).toEqual(kept(null, 2));
  });

  it.each([{ z: 1 }, { a: 'x', o: { z: 1 } }, { o: { l: [{ z: 1 }] } }])(
    'refuses %j where the catalogue says so',
    (sent) => {
      const plan = bought(tree, [], { unknownProperties: 'reject' });
      expect(plan.checkProperties(null, sent)).toEqual(invalid);
      expect(plan.checkProperties(null, { a: 'x' })).toEqual(kept({ a: 'x' }));
    },
  );

  it.each<[string, JsonObject, readonly JsonValue[], readonly unknown[]]>([
    ['text', word, ['', 'x'.repeat(64), '😀'.repeat(64)], ['x'.repeat(65), 1, true, null, [], {}]],
    ['short text', { ...word, minLength: 2, maxLength: 3 }, ['ab', 'abc'], ['a', 'abcd']],
    ['text by pattern', { ...word, pattern: '^[a-z]+$' }, ['abc'], ['', 'Abc', 'abc\n', 'a'.repeat(65)]],
    ['a choice', { ...word, enum: ['a', 'b'] }, ['a', 'b'], ['c', '', 1]],
    ['a constant', { type: 'integer', const: 3, ...privacy }, [3], [2, '3']],
    [
      'integers',
      { type: 'integer', ...privacy },
      [0, -1, 2 ** 53 - 1],
      [0.5, 2 ** 53, '1', true, Number.NaN, Infinity, 1n],
    ],
    ['integers in bounds', { type: 'integer', minimum: 0, maximum: 3, ...privacy }, [0, 3], [-1, 4]],
    ['numbers', { type: 'number', ...privacy }, [0.5, 1e300], ['0.5', Number.NaN, Infinity, -Infinity]],
    [
      'numbers between',
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, ...privacy },
      [0.5],
      [0, 1],
    ],
    ['multiples', { type: 'number', multipleOf: 0.01, ...privacy }, [0.07, 12.34], [0.075]],
    ['booleans', { type: 'boolean', ...privacy }, [true, false], [0, 1, 'true', null]],
    [
      'lists',
      { type: 'array', items: { type: 'integer' }, ...privacy },
      [[], [1, 2]],
      [['1'], [null], {}, '1', Array(33).fill(1), Array(3)],
    ],
    [
      'short lists',
      { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2, ...privacy },
      [[1]],
      [[], [1, 2, 3]],
    ],
    [
      'objects',
      { type: 'object', properties: { b: word }, required: ['b'], ...privacy },
      [{ b: 'x' }],
      [{}, [], 'b', null, new Date(), new Map([['b', 'x']])],
    ],
  ])('holds %s against the schema', (_what, schema, good, bad) => {
    const plan = bought({ p: schema });
    for (const value of good) expect(plan.checkProperties(null, { p: value })).toEqual(kept({ p: value }));
    for (const value of bad)
      expect([value, plan.checkProperties(null, { p: value as JsonValue })]).toEqual([value, invalid]);
  });

  it.each([[[]], ['x'], [1], [true], [new Date()], [new Map([['a', 'x']])], [() => 1]])(
    'refuses %s in place of an object',
    (sent) => {
      expect(bought({ a: word }).checkProperties(null, sent as unknown as JsonValue)).toEqual(invalid);
    },
  );

  it('reads own properties only, never those of a prototype', () => {
    const inherits = Object.create({ a: 'inherited' });
    expect(bought({ a: word }).checkProperties(null, inherits)).toEqual(invalid);
    const fromParser: JsonObject = Object.assign(Object.create(null), { a: 'x' });
    expect(bought({ a: word }).checkProperties(null, fromParser)).toEqual(kept({ a: 'x' }));
  });

  it('cuts off keys that could pollute a prototype', () => {
    const sent = JSON.parse('{"__proto__": {"a": "x"}, "constructor": {"prototype": {"b": 1}}, "a": "y"}');
    const verdict = bought({ a: word }).checkProperties(null, sent);
    expect(verdict).toEqual(kept({ a: 'y' }, 2));
    expect(verdict.ok && Object.keys(verdict.properties ?? {})).toEqual(['a']);
    expect('b' in {}).toBe(false);
  });

  it('copies: what was sent stays as it was, and shares nothing with what is kept', () => {
    const sent = { a: 'x', z: 1, o: { l: [{ c: 'y', z: 1 }] } };
    const before = structuredClone(sent);
    const verdict = bought(tree).checkProperties(null, sent);
    expect(sent).toEqual(before);
    sent.o.l.length = 0;
    expect(verdict).toMatchObject({ properties: { o: { l: [{ c: 'y' }] } } });
  });

  it('checks each version against its own schema', () => {
    const parsed = parseCatalogue(
      JSON.stringify(
        smallFile({
          version: 3,
          properties: { properties: { fresh: word } },
          previousVersions: { '1': { properties: { properties: { old: word }, required: ['old'] } } },
        }),
      ),
    );
    const plan = parsed.ok ? found(parsed.catalogue.eventTypes.get('bought')) : null;
    const check = (version: number | null, properties: JsonObject) =>
      plan?.checkProperties(version, properties);
    expect(check(null, { fresh: 'x', old: 'y' })).toEqual({
      ok: true,
      version: 3,
      properties: { fresh: 'x' },
      cut: 1,
    });
    expect(check(3, { fresh: 'x' })).toEqual({ ok: true, version: 3, properties: { fresh: 'x' }, cut: 0 });
    expect(check(1, { fresh: 'x', old: 'y' })).toEqual({
      ok: true,
      version: 1,
      properties: { old: 'y' },
      cut: 1,
    });
    expect(check(1, { fresh: 'x' })).toEqual(invalid);
    for (const version of [0, 2, 4, 1.5, -1, Number.NaN]) {
      expect(check(version, {})).toEqual({ ok: false, reason: 'UNKNOWN_EVENT_TYPE' });
    }
  });

  it('never throws on any value, cyclic and endless ones included', () => {
    const cyclic: Record<string, unknown> = { a: 'x' };
    cyclic.o = cyclic;
    cyclic.z = cyclic;
    const plan = bought(tree);
    expect(plan.checkProperties(null, cyclic as JsonObject)).toEqual(kept({ a: 'x', o: {} }, 4));
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSparseArray: true,
          withSet: true,
        }),
        (value) => {
          for (const sent of [value, { a: value }, { o: value }, { o: { l: value } }]) {
            expect(typeof plan.checkProperties(null, sent as JsonValue).ok).toBe('boolean');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Declared keys mixed with others, right and wrong values: so that a good part of the events is taken. */
function sentTo(plan: EventTypePlan): fc.Arbitrary<JsonValue> {
  const junk = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
  const members = Object.entries(object(plan.schema.properties)).map(([name, schema]) =>
    fc
      .oneof({ weight: 8, arbitrary: fc.constant(instance(object(schema))) }, { weight: 1, arbitrary: junk })
      .map((value) => [name, value] as const),
  );
  const extra = fc.dictionary(fc.string({ maxLength: 12 }), junk, { maxKeys: 3 });
  return fc.oneof(
    junk,
    fc.tuple(fc.tuple(...members), extra).map(([own, more]) => ({ ...more, ...Object.fromEntries(own) })),
  );
}

describe('every event type of the example catalogue', () => {
  const checks = createPropertyChecks();

  it('keeps declared properties only, and what it keeps fits the schema and comes through again unchanged', () => {
    const plans = [...exampleCatalogue().eventTypes.values()];
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...plans).chain((plan) => sentTo(plan).map((sent) => ({ plan, sent }))),
        ({ plan, sent }) => {
          const verdict = plan.checkProperties(null, sent);
          if (!verdict.ok || verdict.properties === null) return;
          taken += 1;
          const declared = Object.keys(object(plan.schema.properties));
          expect(declared).toEqual(expect.arrayContaining(Object.keys(verdict.properties)));
          expect(
            array(plan.schema.required).every((name) =>
              Object.hasOwn(verdict.properties ?? {}, String(name)),
            ),
          ).toBe(true);
          expect(checks.accepts(plan.schema, verdict.properties)).toBe(true);
          expect(plan.checkProperties(null, verdict.properties)).toEqual({ ...verdict, cut: 0 });
        },
      ),
      { numRuns: 1_500 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
