import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { uuidV7 } from '../../src/client/uuid-v7.js';

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page that is not secure has no more of `crypto` that is of use here. */
const insecure = () => vi.stubGlobal('crypto', {});
const never = () => expect.unreachable();

it('puts the day, version and variant where RFC 9562 has time, version and variant', () => {
  vi.stubGlobal('crypto', { randomUUID: () => '01234567-89ab-4cde-bf01-23456789abcd' });
  expect(uuidV7(0x017f22e279b0, never)).toBe('017f1eba-4c00-7cde-bf01-23456789abcd');
  insecure();
  expect(uuidV7(0x017f22e279b0, () => 0)).toBe('017f1eba-4c00-7000-8000-000000000000');
  expect(uuidV7(0x017f22e279b0, () => 1 - Number.EPSILON)).toBe('017f1eba-4c00-7fff-bfff-ffffffffffff');
});

it('has 74 random bits on an insecure page, each of them by itself', () => {
  insecure();
  const bitsOf = (id: string) => BigInt(`0x${id.replaceAll('-', '')}`);
  /** With one draw set to `value`, the others to 0. */
  const id = (draw: number, value: number) => {
    let drawn = -1;
    return bitsOf(
      uuidV7(0, () => {
        drawn += 1;
        return drawn === draw ? value : 0;
      }),
    );
  };
  const without = id(-1, 0);
  const changed = new Set<bigint>();
  for (let draw = 0; draw < 19; draw += 1) {
    for (const bit of [1, 2, 4, 8]) changed.add(id(draw, bit / 16) ^ without);
  }
  const places = Array.from({ length: 128 }, (_, place) => 1n << BigInt(place));
  const random = places.filter((place) => place & 0xfff_3fff_ffff_ffff_ffffn);
  expect(random).toHaveLength(74);
  // 0: of the digit that has the variant, half is fixed.
  expect(changed).toEqual(new Set([0n, ...random]));
});

it.each([
  ['1970-01-01T23:59:59.999Z', '00000000-0000-7'],
  ['1970-01-02T00:00:00.000Z', '00000526-5c00-7'],
  ['2004-11-03T19:53:47.776Z', '00fffbbb-0c00-7'],
  ['2004-11-04T00:00:00.000Z', '010000e1-6800-7'],
  ['4199-11-24T01:22:57.664Z', '3fffffb4-0c00-7'],
])('keeps the leading zeros of %s', (time, begin) => {
  const id = uuidV7(Date.parse(time), never);
  expect(id.slice(0, begin.length)).toBe(begin);
  expect(id).toMatch(form);
});

it.each(['secure', 'insecure'])('is another one every time on a page that is %s', (page) => {
  if (page === 'insecure') insecure();
  const ids = Array.from({ length: 10_000 }, () => uuidV7(1_772_366_400_000, Math.random));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.filter((id) => !form.test(id))).toEqual([]);
  for (const at of [15, 19, 20, 35]) expect(new Set(ids.map((id) => id[at])).size).toBe(at === 19 ? 4 : 16);
});

const dayMs = 86_400_000;
const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

it('has the same time all day, whatever the clock, and another one on another day', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 19), fc.nat(dayMs - 1), fc.nat(dayMs - 1), (day, one, other) => {
      const ids = [one, other].map((sinceMidnight) => uuidV7(day * dayMs + sinceMidnight, never));
      expect(ids.map(timeOf)).toEqual([day * dayMs, day * dayMs]);
      expect(timeOf(uuidV7((day + 1) * dayMs + one, never))).toBe((day + 1) * dayMs);
    }),
  );
});

it.each([
  ['-37 s', -37_251, 0],
  ['+40 min', 40 * 60_000, 0],
  ['-9 h', -9 * 3_600_000, 0],
  ['+12 h', 12 * 3_600_000, 1],
  ['-400 days', -400 * dayMs, -400],
])('tells nothing of a clock that is wrong by %s but the day that it shows', (_, errorMs, days) => {
  const noon = Date.parse('2026-03-01T12:00:00.123Z');
  const deviceMs = noon + errorMs;
  expect(timeOf(uuidV7(deviceMs, never))).toBe(Date.parse('2026-03-01') + days * dayMs);
});
