import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { uuidV7 } from '../../../src/sdk/core/uuid-v7.js';

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page that is not secure has this much of `crypto`; `random` fills the bytes. */
function stubCrypto(random: (bytes: Uint8Array) => void): void {
  vi.stubGlobal('crypto', {
    getRandomValues<T extends ArrayBufferView>(array: T): T {
      random(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return array;
    },
  });
}

const bitsOf = (id: string) => BigInt(`0x${id.replaceAll('-', '')}`);

it('puts time, version and variant where RFC 9562 has them', () => {
  stubCrypto((bytes) => bytes.fill(0));
  expect(uuidV7(0x017f22e279b0)).toBe('017f22e2-79b0-7000-8000-000000000000');
  stubCrypto((bytes) => bytes.fill(0xff));
  expect(uuidV7(0x017f22e279b0)).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
});

it('has 74 random bits, each of them by itself', () => {
  stubCrypto((bytes) => bytes.fill(0));
  const without = bitsOf(uuidV7(0));
  const changed = new Set<bigint>();
  for (let bit = 0; bit < 128; bit += 1) {
    stubCrypto((bytes) => bytes.fill(0).set([1 << (bit % 8)], bit >> 3));
    changed.add(bitsOf(uuidV7(0)) ^ without);
  }
  const places = Array.from({ length: 128 }, (_, place) => 1n << BigInt(place));
  const random = places.filter((place) => place & 0xfff_3fff_ffff_ffff_ffffn);
  expect(random).toHaveLength(74);
  // 0: a bit that was asked for and not used.
  expect(changed).toEqual(new Set([0n, ...random]));
});

it.each([
  ['1970-01-01T00:00:00.000Z', '00000000-0000-7'],
  ['1970-01-01T00:00:01.000Z', '00000000-03e8-7'],
  ['2004-11-03T19:53:47.775Z', '00ffffff-ffff-7'],
  ['2004-11-03T19:53:47.776Z', '01000000-0000-7'],
  ['4199-11-24T01:22:57.664Z', '40000000-0000-7'],
])('keeps the leading zeros of %s', (time, begin) => {
  const id = uuidV7(Date.parse(time));
  expect(id.slice(0, begin.length)).toBe(begin);
  expect(id).toMatch(form);
});

it('has its randomness on an insecure page, too', () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 10_000 }, () => uuidV7(1_772_366_400_000));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  for (const at of [15, 19, 20, 35]) expect(new Set(ids.map((id) => id[at])).size).toBe(at === 19 ? 4 : 16);
});

it('is in the order of its milliseconds', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 46), fc.integer({ min: 1, max: 2 ** 46 }), (earlier, step) => {
      expect(uuidV7(earlier) < uuidV7(earlier + step)).toBe(true);
    }),
  );
});
