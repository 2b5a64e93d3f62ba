import { describe, expect, it } from 'vitest';
import { isUuid, toUuid } from '../../src/domain/uuid.js';

const lower = '0190a5f0-7c1e-7000-8000-0123456789ab';
const nil = '00000000-0000-0000-0000-000000000000';

describe('a UUID', () => {
  it('is its text form in any letter case, of any version', () => {
    for (const text of [lower, lower.toUpperCase(), nil, 'ffffffff-ffff-ffff-ffff-ffffffffffff'])
      expect(isUuid(text)).toBe(true);
  });

  it.each([
    ['without dashes', lower.replaceAll('-', '')],
    ['in braces', `{${lower}}`],
    ['with a line end', `${lower}\n`],
    ['as a URN', `urn:uuid:${lower}`],
    ['with another letter', lower.replace('a', 'g')],
    ['empty', ''],
  ])('is nothing %s', (_, text) => {
    expect(isUuid(text)).toBe(false);
    expect(toUuid(text)).toBeNull();
  });

  it('is kept in lower case, and the nil UUID names nothing', () => {
    expect(toUuid(lower.toUpperCase())).toBe(lower);
    expect([toUuid(nil), toUuid(7), toUuid(null), toUuid([lower])]).toEqual([null, null, null, null]);
  });
});
