import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/contract/index.js';
import { maxEventBytes, serialiseEvent, utf8Length } from '../../../src/sdk/core/serialise.js';

const parts = { eventType: 'page_viewed', appName: 'web', clientEventId: 'an-id' };
const withProperties = (properties: unknown) => serialiseEvent({ ...parts, properties });

it('has room for whatever properties the server would take', () => {
  expect(maxEventBytes).toBe(limits.maxPropertiesBytes * 4);
});

it('leaves out what is undefined and keeps the rest as it was given', () => {
  const event = { ...parts, route: undefined, seq: 7, properties: { a: [1, null, 'x'], b: { c: true } } };
  const { route: _, ...kept } = event;
  const json = JSON.stringify(kept);
  expect(serialiseEvent(event)).toEqual({ json, bytes: json.length });
});

it('counts bytes of UTF-8, not characters', () => {
  const written = withProperties({ text: 'é€😀' });
  expect(written).toMatchObject({ bytes: JSON.stringify({ ...parts, properties: { text: '' } }).length + 9 });
});

const cycle: Record<string, unknown> = {};
cycle.self = { back: cycle };
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('what cannot be written is a value, not an exception', () => {
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
  ])('%s is unserialisable', (_, properties) => {
    expect(withProperties(properties)).toBe('unserialisable');
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
  const envelope = utf8Length(JSON.stringify({ ...parts, properties: { text: '' } }));
  const fits = withProperties({ text: 'x'.repeat(maxEventBytes - envelope - 40) });
  expect(fits).toMatchObject({ bytes: maxEventBytes - 40 });
  // A text of two-byte characters uses up few characters of the budget, so the bytes alone decide.
  const twoBytes = (maxEventBytes - envelope) >> 1;
  expect(withProperties({ text: 'é'.repeat(twoBytes) })).toMatchObject({
    bytes: envelope + twoBytes * 2,
  });
  expect(withProperties({ text: 'é'.repeat(twoBytes + 1) })).toBe('too_large');
});

it('looks at no more of a huge value than the limit has room for', () => {
  let looks = 0;
  const endless: unknown = new Proxy(Array.from({ length: 1_000_000 }), {
    get(target, name) {
      looks += 1;
      return Reflect.get(target, name);
    },
  });
  expect(withProperties({ endless })).toBe('too_large');
  expect(looks).toBeGreaterThan(1_000);
  expect(looks).toBeLessThan(maxEventBytes * 2);
});

it('writes what JSON.stringify would, with its length, or says why not, and never throws', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 }), (properties) => {
      const written = withProperties(properties);
      if (typeof written === 'string') expect(['unserialisable', 'too_large']).toContain(written);
      else {
        expect(written.json).toBe(JSON.stringify({ ...parts, properties }));
        expect(written.bytes).toBe(Buffer.byteLength(written.json));
      }
    }),
    { numRuns: 500 },
  );
});
