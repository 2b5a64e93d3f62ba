import fc from 'fast-check';
import type { JsonValue } from '../../src/contract/index.js';

const known = [
  'alice@example.org',
  'ａｌｉｃｅ＠example.org',
  'alice%40example.org',
  '+14155550123',
  '(415) 555-0123',
  '415-555-0123',
  '4155550123',
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '192.0.2.7',
  '1.2.3.4',
  '2001:db8::1',
  'https://alice:hunter2@example.org',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  'Bearer hunter2hunter2',
  'password=hunter2',
  'ghp_abcdefghijklmnopqrst0123456789',
  '0190a2d8-5a8a-7c2a-9f2e-123456789012',
];

/** Texts that no answer may repeat: personal data, secrets and ids in many spellings. */
export const secrets: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...known),
  fc.emailAddress(),
  fc.ipV4(),
  fc.uuid(),
  fc.ulid(),
  fc.integer({ min: 10_000, max: 2 ** 50 }).map(String),
  fc
    .tuple(fc.integer({ min: 100, max: 999 }), fc.integer({ min: 100, max: 999 }), fc.constantFrom(...'._-'))
    .map(([area, line, separator]) => [area, line].join(separator)),
);

/** Names that mean no harm, some of which are the names of personal data. */
export const plainNames: fc.Arbitrary<string> = fc.constantFrom(
  'language',
  'status',
  'step_2',
  'a',
  'userEmail',
  'first_name',
);

/** Names that hold a secret, whole or beside a word. */
export function namesWith(secret: string): fc.Arbitrary<string> {
  return fc.constantFrom(
    secret,
    `x${secret}`,
    `of_${secret}`,
    `email.${secret}`,
    `${secret}_x`,
    `a/b~${secret}`,
  );
}

/** Values that hold a secret, as text, as number where it is one, and in JSON in a text. */
export function valuesWith(secret: string): fc.Arbitrary<JsonValue> {
  return fc.constantFrom<JsonValue>(
    secret,
    `see ${secret} there`,
    `${secret}\u0000`,
    JSON.stringify({ [secret]: [secret] }),
    JSON.stringify({ note: JSON.stringify(secret) }),
    /^[1-9]\d*$/.test(secret) ? Number(secret) : secret,
  );
}

/** A value of JSON with the secret among its values and names, up to seven levels deep. */
export function jsonWith(secret: string): fc.Arbitrary<JsonValue> {
  const names = fc.oneof(
    { weight: 4, arbitrary: plainNames },
    { weight: 1, arbitrary: namesWith(secret) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '__proto__', 'constructor', 'a/b', 'm~n', '日本語', 'two words'),
    },
  );
  const leaves = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<JsonValue>('en', 12, true, null, 0.5, -0, 2 ** 53) },
    { weight: 1, arbitrary: valuesWith(secret) },
  );
  return fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 7, depthSize: 'small', withCrossShrink: true },
      leaves,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
    ),
  })).value;
}
