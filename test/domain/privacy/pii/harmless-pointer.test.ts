import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  childPointer,
  harmlessPointer,
  isHarmlessName,
} from '../../../../src/domain/privacy/pii/harmless-pointer.js';
import { namesWith, secrets } from '../../../support/arbitrary-secrets.js';

describe('isHarmlessName', () => {
  test.each([
    'language',
    'durationMs',
    'first_step',
    'utm.source',
    'x-privacy',
    '_internal',
    'plan_2024',
    'iPhone15ProMax',
    'p95_p99',
    'v1.2.3',
    'userEmail',
    'e-mail',
    'accessToken',
    'x'.repeat(64),
  ])('%s may be shown', (name) => {
    expect(isHarmlessName(name)).toBe(true);
  });

  test.each([
    '',
    'two words',
    '1st',
    'a/b',
    'a~b',
    'größe',
    'a\nb',
    'x'.repeat(65),
    'alice@example.org',
    'order12345',
    'tel415-555-0123',
    'card_4111_1111_1111_1112',
    'v192.0.2.7',
    'ip1.2.3.4',
    'u0190a2d8-5a8a-7c2a-9f2e-123456789012',
    'V1StGXR8_Z5jdHi6B-myT',
    'AKIAABCDEFGHIJKLMNOP',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    '__proto__',
    'constructor',
    'toJSON',
  ])('%j may not', (name) => {
    expect(isHarmlessName(name)).toBe(false);
  });

  test('a name that holds a secret may not', () => {
    fc.assert(
      fc.property(
        secrets.chain((secret) => namesWith(secret)),
        (name) => {
          expect(isHarmlessName(name)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('childPointer', () => {
  test('adds a name that is harmless and any index', () => {
    expect(childPointer('/a', 'b')).toBe('/a/b');
    expect(childPointer('', 123_456)).toBe('/123456');
  });

  test('is the pointer of the parent where the name is not harmless', () => {
    expect(childPointer('/a', 'alice@example.org')).toBe('/a');
    expect(childPointer('', '__proto__')).toBe('');
  });
});

describe('harmlessPointer', () => {
  test('the whole value is the empty pointer', () => {
    expect(harmlessPointer([])).toBe('');
  });

  test('names and indexes stand from the outside in', () => {
    expect(harmlessPointer(['a', 0, 'userEmail', 12])).toBe('/a/0/userEmail/12');
  });

  test('it ends before the first name that is not harmless, so that it points at what is there', () => {
    expect(harmlessPointer(['a', 'alice@example.org', 'b'])).toBe('/a');
    expect(harmlessPointer(['日本語', 'b'])).toBe('');
  });
});
