import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonPath } from '../../../../src/domain/privacy/shape/json-pointer.js';
import { measureJson } from '../../../../src/domain/privacy/shape/json-shape.js';

const limits = { maxBytes: 2_048, maxDepth: 5, maxKeys: 64 };
const boundless = { maxBytes: 1e9, maxDepth: 1e6, maxKeys: 1e9 };
const reasons = {
  maxDepth: 'PROPERTIES_TOO_DEEP',
  maxKeys: 'PROPERTIES_TOO_LARGE',
  maxBytes: 'PROPERTIES_TOO_LARGE',
  characters: 'INVALID_TEXT',
  name: 'INVALID_PROPERTIES',
  number: 'INVALID_PROPERTIES',
  type: 'INVALID_PROPERTIES',
};
const refused = (rule: keyof typeof reasons, path: JsonPath) => ({
  ok: false,
  error: { reason: reasons[rule], path, rule },
});

describe('measureJson', () => {
  test('a character counts for as many as it stands for, so that nothing later has to read more', () => {
    const value = (count: number) => ({ a: '\ufdfa'.repeat(count) });
    expect(measureJson(value(100), limits)).toMatchObject({ ok: true, value: { bytes: 308 } });
    expect(measureJson(value(114), limits)).toEqual(refused('maxBytes', []));
    expect(measureJson({ ['\u3316'.repeat(400)]: 1 }, limits)).toEqual(refused('maxBytes', []));
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`${'\ufdfa'.repeat(5)}${index}`, 1]),
    );
    expect(measureJson(many, limits)).toEqual(refused('maxBytes', []));
  });

  test('counts bytes of the compact serialisation, keys and depth', () => {
    expect(measureJson({ a: { b: 1 }, c: ['é', null, true] }, limits)).toEqual({
      ok: true,
      value: { bytes: 34, keys: 3, depth: 2 },
    });
    expect(measureJson({}, limits)).toEqual({ ok: true, value: { bytes: 2, keys: 0, depth: 1 } });
  });

  test('bytes are those of JSON.stringify in UTF-8, for any value', () => {
    const clean = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    const values = fc.dictionary(
      clean.map((key) => `k${key}`),
      fc.oneof(
        clean,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0),
        fc.array(clean),
      ),
    );
    fc.assert(
      fc.property(values, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(measureJson(plain, boundless)).toMatchObject({
          ok: true,
          value: { bytes: Buffer.byteLength(JSON.stringify(plain)) },
        });
      }),
    );
  });

  test.each([
    ['one byte each', 'x', 2_040],
    ['two bytes each', 'é', 1_020],
    ['three bytes each', '日', 680],
    ['four bytes each', '😀', 510],
    ['two bytes each by escaping', '"', 1_020],
  ])('2,048 bytes pass and 2,049 do not: %s', (_, unit, count) => {
    const text = unit.repeat(count);
    expect(Buffer.byteLength(JSON.stringify({ a: text }))).toBe(2_048);
    expect(measureJson({ a: text }, limits)).toMatchObject({ ok: true, value: { bytes: 2_048 } });
    expect(measureJson({ ab: text }, limits)).toEqual(refused('maxBytes', []));
    expect(measureJson({ a: `${text}x` }, limits)).toEqual(refused('maxBytes', []));
  });

  test('depth 5 passes and 6 does not, arrays included', () => {
    expect(measureJson({ a: { a: { a: { a: { a: 1 } } } } }, limits)).toMatchObject({
      ok: true,
      value: { depth: 5 },
    });
    expect(measureJson({ a: { a: { a: { a: { a: {} } } } } }, limits)).toEqual(
      refused('maxDepth', ['a', 'a', 'a', 'a', 'a']),
    );
    expect(measureJson({ a: [[[[1]]]] }, limits)).toMatchObject({ ok: true, value: { depth: 5 } });
    expect(measureJson({ a: [[[[[]]]]] }, limits)).toEqual(refused('maxDepth', ['a', 0, 0, 0, 0]));
  });

  test('the first container that is too deep is named, in the order of the value', () => {
    const deep = [[[1, [2, []]]]];
    expect(measureJson({ a: 1, b: [[1]], c: ['x', deep], d: deep }, limits)).toEqual(
      refused('maxDepth', ['c', 1, 0, 0, 1]),
    );
    expect(measureJson({ a: { b: { 'two words': { c: { d: {} } } } } }, limits)).toEqual(
      refused('maxDepth', ['a', 'b', 'two words', 'c', 'd']),
    );
  });

  test.each([9_000, 200_000])('%i levels are too deep, whatever else is wrong with them', (levels) => {
    let deep: unknown = { __proto: '\u0000'.repeat(5_000), n: Number.NaN };
    for (let level = 0; level < levels; level++) deep = level % 2 ? [deep] : { a: deep };
    const path = [0, 'a', 0, 'a'];
    expect(measureJson({ first: deep }, limits)).toEqual(refused('maxDepth', ['first', ...path]));
    expect(measureJson([deep], limits)).toEqual(refused('maxDepth', [0, ...path]));
  });

  test('64 keys pass and 65 do not, nested ones included', () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    expect(measureJson(keys(64), limits)).toMatchObject({ ok: true, value: { keys: 64 } });
    expect(measureJson(keys(65), limits)).toEqual(refused('maxKeys', []));
    expect(measureJson({ a: keys(32), b: keys(31) }, limits)).toEqual(refused('maxKeys', []));
  });

  test.each(['\u0000', 'a\nb', '\u0085', '\ud800', 'a\udfff'])(
    '%j is refused in a text, a key and a list',
    (text) => {
      expect(measureJson({ a: text }, limits)).toEqual(refused('characters', ['a']));
      expect(measureJson({ [text]: 1 }, limits)).toEqual(refused('characters', []));
      expect(measureJson({ a: [{ [text]: 1 }] }, limits)).toEqual(refused('characters', ['a', 0]));
      expect(measureJson({ a: [{ b: [1, text] }] }, limits)).toEqual(refused('characters', ['a', 0, 'b', 1]));
    },
  );

  test.each(['__proto__', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty'])(
    'the key %s is refused at any depth',
    (key) => {
      const parsed: unknown = JSON.parse(`{"a":[{"${key}":{"polluted":true}}]}`);
      expect(measureJson(parsed, limits)).toEqual(refused('name', ['a', 0]));
      expect({}).not.toHaveProperty('polluted');
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53), 1e300, -0])(
    'the number %s is refused',
    (value) => {
      expect(measureJson({ a: value }, limits)).toEqual(refused('number', ['a']));
      expect(measureJson({ userEmail: [1, value] }, limits)).toEqual(refused('number', ['userEmail', 1]));
    },
  );

  test.each([0, -1, 1.5, 1e-7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'the number %s passes',
    (value) => {
      expect(measureJson({ a: value }, limits)).toMatchObject({ ok: true });
    },
  );

  test.each<[string, unknown, JsonPath]>([
    ['null', null, []],
    ['a text', 'x', []],
    ['a number', 1, []],
    ['an array', [], []],
    ['undefined', undefined, []],
    ['a date', new Date(0), []],
    ['a map', new Map(), []],
    ['a member that is undefined', { a: undefined }, ['a']],
    ['a member that is a function', { a: () => 1 }, ['a']],
    ['a member that is a date', { a: [new Date(0)] }, ['a', 0]],
    ['a member that is a bigint', { a: { b: 1n } }, ['a', 'b']],
  ])('%s is no properties', (_, value, path) => {
    expect(measureJson(value, limits)).toEqual(refused('type', path));
  });

  test('an object without a prototype passes, as GraphQL makes them', () => {
    expect(measureJson(Object.assign(Object.create(null), { a: 1 }), limits)).toMatchObject({ ok: true });
  });
});
