import { expect, test } from 'vitest';
import { createKeyedDigest } from '../../../../src/domain/privacy/identity/keyed-digest.js';

test('the same text has the same digest under one key, and another under another', () => {
  const key = Buffer.alloc(32, 7);
  const digestOf = createKeyedDigest(key);
  expect(digestOf('user-1')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(createKeyedDigest(key)('user-1')).toBe(digestOf('user-1'));
  expect(digestOf('user-2')).not.toBe(digestOf('user-1'));
  expect(createKeyedDigest()('user-1')).not.toBe(createKeyedDigest()('user-1'));
});
