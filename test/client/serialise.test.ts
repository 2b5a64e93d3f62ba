import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxEventBytes, serialiseEvent, utf8Length } from '../../src/client/serialise.js';
import { limits } from '../../src/contract/index.js';

const parts = { eventType: 'page_viewed', appName: 'web', clientEventId: 'an-id' };
const withProperties = (properties: unknown) => serialiseEvent({ ...parts, properties });

it('has room for whatever properties the server would take', () => {
  expect(maxEventBytes).toBe(limits.maxPropertiesBytes * 4);
  const room = limits.maxPropertiesBytes - '{"a":[]}'.length;
  // The most members for their bytes, and the most that is charged for a byte.
  for (const a of [Array(room >> 1).fill(0), 'é'.repeat(room >> 1)])
    expect(withProperties({ a })).toMatchObject({ json: JSON.stringify({ ...parts, properties: { a } }) });
});

it('leaves out what is undefined and keeps the rest as it was given', () => {
  const event = { ...parts, route: undefined, seq: 7, properties: { a: [1, null, 'x'], b: { c: true } } };
  const { route: _, ...kept } = event;
  const json = JSON.stringify(kept);
  expect(serialiseEvent(event)).toEqual({ id: parts.clientEventId, json, bytes: json.length });
});

it('counts bytes of UTF-8, not characters, and three for each unit that is not ASCII', () => {
  expect(['', 'aZ~\0', '\x7f', 'é', '€', '😀', 'a€b'].map(utf8Length)).toEqual([0, 4, 1, 3, 3, 6, 5]);
  const written = withProperties({ text: 'é€😀' });
  expect(written).toMatchObject({
    bytes: JSON.stringify({ ...parts, properties: { text: '' } }).length + 12,
  });
});

const cycle: Record<string, unknown> = {};
cycle.self = { back: cycle };
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('what cannot be written', () => {
  it.each<[string, unknown]>([
    ['a cycle', cycle],
    ['a BigInt', { big: 1n }],
    ['a revoked proxy', revoked.proxy],
    [
      'a getter that throws',
      {
        get text(): string {
          throw new Error('a getter that throws');
        },
      },
    ],
    [
      'toJSON that throws',
      {
        toJSON() {
          throw new Error('in toJSON');
        },
      },
    ],
  ])('%s throws what JSON.stringify throws', (_, properties) => {
    expect(() => JSON.stringify(properties)).toThrow();
    expect(() => withProperties(properties)).toThrow();
  });

  it.each<[string, unknown]>([
    ['a megabyte of text', { text: 'x'.repeat(1_000_000) }],
    ['a key of a megabyte', { ['x'.repeat(1_000_000)]: 1 }],
    ['an array of ten million holes', new Array(10_000_000)],
    ['text that is short in characters and long in UTF-8', { text: '€'.repeat(6_000) }],
    ['text that is short and long when escaped', { text: '\u0001'.repeat(3_000) }],
    ['ten thousand keys', Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [key, 0]))],
  ])('%s is too large', (_, properties) => {
    expect(withProperties(properties)).toBe('too_large');
  });
});

it('takes an event of exactly the limit and none of a byte more', () => {
  const room = maxEventBytes - utf8Length(JSON.stringify({ ...parts, properties: { text: '' } }));
  // A text of three-byte characters uses up few characters of the budget, so the bytes alone decide.
  const full = '€'.repeat(room / 3) + 'x'.repeat(room % 3);
  expect(withProperties({ text: full })).toMatchObject({ bytes: maxEventBytes });
  expect(withProperties({ text: `${full}x` })).toBe('too_large');
  expect(withProperties({ text: 'x'.repeat(room) })).toMatchObject({ bytes: maxEventBytes });
  expect(withProperties({ text: 'x'.repeat(room + 1) })).toBe('too_large');
});

it.each([[0], [-1], [20_000], [1_000_000], [2 ** 31], ['long'], [null], [[]], [{}]])(
  'a property that is called length is one like any other: %j',
  (length) => {
    const properties = { length, inner: { length } };
    expect(withProperties(properties)).toMatchObject({ json: JSON.stringify({ ...parts, properties }) });
  },
);

describe('of a huge value it looks at no more than the limit has room for', () => {
  it.each<[string, unknown[], object]>([
    ['a list', Array(1_000_000).fill(0), {}],
    ['lists in a list', Array(8_000).fill([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), {}],
    ['a list beside a length that is none', Array(100_000).fill(0), { length: -1_000_000_000 }],
    ['a list in what looks like one', Array(100_000).fill(0), { concat: 1 }],
  ])('%s', (_, list, beside) => {
    let looks = 0;
    const watched = new Proxy(list, {
      get(target, name) {
        looks += 1;
        return Reflect.get(target, name);
      },
    });
    expect(withProperties({ ...beside, inner: { ...beside, watched } })).toBe('too_large');
    expect(looks).toBeLessThan(maxEventBytes);
  });
});

it('writes what JSON.stringify would, with its length or a little more, or says too large, or throws as it does', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 }), (properties) => {
      const event = { ...parts, properties };
      let json: string;
      try {
        json = JSON.stringify(event);
      } catch {
        expect(() => serialiseEvent(event)).toThrow();
        return;
      }
      const written = serialiseEvent(event);
      if (written === 'too_large') return expect(json.length).toBeGreaterThan(maxEventBytes / 4);
      expect(written.json).toBe(json);
      expect(written.bytes).toBeGreaterThanOrEqual(Buffer.byteLength(json));
      expect(written.bytes).toBeLessThanOrEqual(Buffer.byteLength(json) * 1.5);
    }),
    { numRuns: 500 },
  );
});
