import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCatalogue } from '../../src/catalogue/index.js';
import { createPropertyChecks } from '../../src/catalogue/property-checks.js';
import type { JsonObject, JsonValue, TrackRule } from '../../src/contract/index.js';
import type { EventTypePlan } from '../../src/domain/catalogue.js';
import { array, bought, exampleCatalogue, found, instance, object, smallFile } from './samples.js';

const privacy = { 'x-privacy': 'technical' };
const word = { type: 'string', ...privacy };
const invalid = (path: string, rule: TrackRule) => ({
  ok: false,
  error: { reason: 'INVALID_PROPERTIES', path, rule },
});
const kept = (properties: JsonValue, cut = 0, firstCut: string | null = null) => ({
  ok: true,
  value: { version: 1, properties, cut, firstCut },
});
/** A value that is refused, by which rule, and where if that is not `/p`. */
type Bad = readonly [value: unknown, rule: TrackRule, path?: string];
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
    expect(bought({ a: word }, ['a']).checkProperties(null, undefined)).toEqual(invalid('/a', 'required'));
  });

  it('cuts off what is not declared, at every depth, and counts it', () => {
    const sent = {
      a: 'x',
      z: { deep: { er: 1 } },
      o: { b: 'y', z: 1, l: [{ c: 'w', z: 1 }, { z: [1, 2] }] },
    };
    expect(bought(tree).checkProperties(null, sent)).toEqual(
      kept({ a: 'x', o: { b: 'y', l: [{ c: 'w' }, {}] } }, 4, '/z'),
    );
  });

  it('stores null when nothing that was sent is declared', () => {
    expect(bought({ a: word }).checkProperties(null, { z: 1, y: 2 })).toEqual(kept(null, 2, '/z'));
  });

  const places: readonly (readonly [path: string, sent: JsonObject])[] = [
    ['/z', { z: 1 }],
    ['/o/z', { a: 'x', o: { z: 1 } }],
    ['/o/l/0/z', { o: { l: [{ z: 1 }] } }],
    ['/o/l/1/y', { o: { l: [{ c: 'x' }, { y: 1, c: 'x', z: 1 }], z: 1 }, z: 1 }],
    ['/o/z', { a: 'x', o: { z: 1, l: [{ y: 1 }] } }],
    ['/userEmail', { userEmail: 1 }],
    ['', { 'alice@example.org': 1, z: 1 }],
    ['', { 'a/b': 1 }],
    ['/o', { o: { 'tel415-555-0123': 1 }, z: 1 }],
    ['/o/l/0', { o: { l: [{ 'two words': 1 }] } }],
  ];

  it.each(places)('says that %s is the first that was cut off', (path, sent) => {
    expect(bought(tree).checkProperties(null, sent)).toMatchObject({ ok: true, value: { firstCut: path } });
  });

  it.each(places)('refuses %s where the catalogue says so', (path, sent) => {
    const plan = bought(tree, [], { unknownProperties: 'reject' });
    expect(plan.checkProperties(null, sent)).toEqual(invalid(path, 'unknown'));
    expect(plan.checkProperties(null, { a: 'x' })).toEqual(kept({ a: 'x' }));
  });

  const type = (...values: unknown[]) => values.map((value) => [value, 'type'] as const);

  it.each<[string, JsonObject, readonly JsonValue[], readonly Bad[]]>([
    [
      'text',
      word,
      ['', 'x'.repeat(64), '😀'.repeat(64)],
      [['x'.repeat(65), 'maxLength'], ...type(1, true, null, [], {})],
    ],
    [
      'short text',
      { ...word, minLength: 2, maxLength: 3 },
      ['ab', 'abc'],
      [
        ['a', 'minLength'],
        ['abcd', 'maxLength'],
      ],
    ],
    [
      'text by pattern',
      { ...word, pattern: '^[a-z]+$' },
      ['abc'],
      [
        ['', 'pattern'],
        ['Abc', 'pattern'],
        ['abc\n', 'pattern'],
        ['a'.repeat(65), 'maxLength'],
      ],
    ],
    ['a choice', { ...word, enum: ['a', 'b'] }, ['a', 'b'], [['c', 'enum'], ['', 'enum'], ...type(1)]],
    ['a constant', { type: 'integer', const: 3, ...privacy }, [3], [[2, 'const'], ...type('3')]],
    [
      'integers',
      { type: 'integer', ...privacy },
      [0, -1, 2 ** 53 - 1],
      [...type(0.5, '1', true, Number.NaN, Infinity, 1n), [2 ** 53, 'maximum'], [-(2 ** 53), 'minimum']],
    ],
    [
      'integers in bounds',
      { type: 'integer', minimum: 0, maximum: 3, ...privacy },
      [0, 3],
      [
        [-1, 'minimum'],
        [4, 'maximum'],
      ],
    ],
    ['numbers', { type: 'number', ...privacy }, [0.5, 1e300], type('0.5', Number.NaN, Infinity, -Infinity)],
    [
      'numbers between',
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, ...privacy },
      [0.5],
      [
        [0, 'exclusiveMinimum'],
        [1, 'exclusiveMaximum'],
      ],
    ],
    ['multiples', { type: 'number', multipleOf: 0.01, ...privacy }, [0.07, 12.34], [[0.075, 'multipleOf']]],
    ['booleans', { type: 'boolean', ...privacy }, [true, false], type(0, 1, 'true', null)],
    [
      'lists',
      { type: 'array', items: { type: 'integer' }, ...privacy },
      [[], [1, 2]],
      [
        [['1'], 'type', '/p/0'],
        [[1, null], 'type', '/p/1'],
        [Array(33).fill(1), 'maxItems'],
        [Array(3), 'type', '/p/0'],
        ...type({}, '1'),
      ],
    ],
    [
      'short lists',
      { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2, ...privacy },
      [[1]],
      [
        [[], 'minItems'],
        [[1, 2, 3], 'maxItems'],
      ],
    ],
    [
      'objects',
      { type: 'object', properties: { b: word }, required: ['b'], ...privacy },
      [{ b: 'x' }],
      [
        [{}, 'required', '/p/b'],
        [{ b: 1 }, 'type', '/p/b'],
        [{ b: [] }, 'type', '/p/b'],
        ...type([], 'b', null, new Date(), new Map([['b', 'x']])),
      ],
    ],
  ])('holds %s against the schema', (_what, schema, good, bad) => {
    const plan = bought({ p: schema });
    for (const value of good) expect(plan.checkProperties(null, { p: value })).toEqual(kept({ p: value }));
    for (const [value, rule, path = '/p'] of bad) {
      const verdict = plan.checkProperties(null, { p: value as JsonValue });
      expect([value, verdict]).toEqual([value, invalid(path, rule)]);
    }
  });

  it.each([[[]], ['x'], [1], [true], [new Date()], [new Map([['a', 'x']])], [() => 1]])(
    'refuses %s in place of an object',
    (sent) => {
      expect(bought({ a: word }).checkProperties(null, sent as unknown as JsonValue)).toEqual(
        invalid('', 'type'),
      );
    },
  );

  it('reads own properties only, never those of a prototype', () => {
    const inherits = Object.create({ a: 'inherited' });
    expect(bought({ a: word }).checkProperties(null, inherits)).toEqual(invalid('', 'type'));
    const fromParser: JsonObject = Object.assign(Object.create(null), { a: 'x' });
    expect(bought({ a: word }).checkProperties(null, fromParser)).toEqual(kept({ a: 'x' }));
  });

  it('cuts off keys that could pollute a prototype', () => {
    const sent = JSON.parse('{"__proto__": {"a": "x"}, "constructor": {"prototype": {"b": 1}}, "a": "y"}');
    const verdict = bought({ a: word }).checkProperties(null, sent);
    expect(verdict).toEqual(kept({ a: 'y' }, 2, ''));
    expect(verdict.ok && Object.keys(verdict.value.properties ?? {})).toEqual(['a']);
    expect('b' in {}).toBe(false);
  });

  it('copies: what was sent stays as it was, and shares nothing with what is kept', () => {
    const sent = { a: 'x', z: 1, o: { l: [{ c: 'y', z: 1 }] } };
    const before = structuredClone(sent);
    const verdict = bought(tree).checkProperties(null, sent);
    expect(sent).toEqual(before);
    sent.o.l.length = 0;
    expect(verdict).toMatchObject({ value: { properties: { o: { l: [{ c: 'y' }] } } } });
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
    const plan = parsed.ok ? found(parsed.value.eventTypes.get('bought')) : null;
    const check = (version: number | null, properties: JsonObject) =>
      plan?.checkProperties(version, properties);
    expect(check(null, { fresh: 'x', old: 'y' })).toEqual({
      ok: true,
      value: { version: 3, properties: { fresh: 'x' }, cut: 1, firstCut: '/old' },
    });
    expect(check(3, { fresh: 'x' })).toEqual({
      ok: true,
      value: { version: 3, properties: { fresh: 'x' }, cut: 0, firstCut: null },
    });
    expect(check(1, { fresh: 'x', old: 'y' })).toEqual({
      ok: true,
      value: { version: 1, properties: { old: 'y' }, cut: 1, firstCut: '/fresh' },
    });
    expect(check(1, { fresh: 'x' })).toEqual(invalid('/old', 'required'));
    for (const version of [0, 2, 4, 1.5, -1, Number.NaN]) {
      expect(check(version, {})).toEqual({
        ok: false,
        error: { reason: 'UNKNOWN_EVENT_TYPE', path: '', rule: 'unknown' },
      });
    }
  });

  it('never throws on any value, cyclic and endless ones included', () => {
    const cyclic: Record<string, unknown> = { a: 'x' };
    cyclic.o = cyclic;
    cyclic.z = cyclic;
    const plan = bought(tree);
    expect(plan.checkProperties(null, cyclic as JsonObject)).toEqual(kept({ a: 'x', o: {} }, 4, '/o/a'));
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
          if (!verdict.ok || verdict.value.properties === null) return;
          const { properties } = verdict.value;
          taken += 1;
          const declared = Object.keys(object(plan.schema.properties));
          expect(declared).toEqual(expect.arrayContaining(Object.keys(properties)));
          expect(array(plan.schema.required).every((name) => Object.hasOwn(properties, String(name)))).toBe(
            true,
          );
          expect(checks.accepts(plan.schema, properties)).toBe(true);
          expect(plan.checkProperties(null, properties)).toEqual({
            ok: true,
            value: { ...verdict.value, cut: 0, firstCut: null },
          });
        },
      ),
      { numRuns: 1_500 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
