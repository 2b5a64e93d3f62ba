import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { daySalt } from '../../../../src/domain/privacy/identity/salt.js';

const secret = Buffer.alloc(32, 7);

test('the salt of a day is HMAC-SHA-256 of the day under the secret', () => {
  expect(daySalt(secret, '2026-03-14')).toEqual(createHmac('sha256', secret).update('2026-03-14').digest());
});

test('another day or another secret gives another salt', () => {
  const salt = daySalt(secret, '2026-03-14');
  expect(daySalt(secret, '2026-03-15')).not.toEqual(salt);
  expect(daySalt(Buffer.alloc(32, 8), '2026-03-14')).not.toEqual(salt);
});
