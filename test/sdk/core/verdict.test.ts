import fc from 'fast-check';
import { expect, it } from 'vitest';
import { trackReasonNames, trackReasons } from '../../../src/contract/index.js';
import { readBatchAnswer } from '../../../src/sdk/core/verdict.js';

const answer = (status: number, text: string) => ({ status, text, retryAfterMs: null });

it.each(trackReasonNames)('retries %s exactly when the table of reasons says so', (reason) => {
  const { status, retryable } = trackReasons[reason];
  const outcome = readBatchAnswer(answer(202, JSON.stringify({ results: [{ status, reason }] })), 1);
  expect(outcome).toEqual({
    kind: 'answered',
    reason: null,
    retryAfterMs: null,
    items: [{ status, reason, retryable, retryAfterMs: null }],
  });
});

it.each([
  ['a reason of a newer server is kept', { status: 'REJECTED', reason: 'NEW_RULE' }, 'NEW_RULE'],
  ['a sentence is no reason', { status: 'REJECTED', reason: 'address 1.2.3.4 is bad' }, 'bad_answer'],
  ['a name from the prototype is no reason', { status: 'DROPPED', reason: 'constructor' }, 'bad_answer'],
  ['an unknown status is a bad answer', { status: 'MAYBE' }, 'bad_answer'],
  ['null is a bad answer', null, 'bad_answer'],
])('%s', (_, item, reason) => {
  const outcome = readBatchAnswer(answer(202, JSON.stringify({ results: [item] })), 1);
  expect(outcome).toMatchObject({ kind: 'answered', items: [{ reason, retryable: false }] });
});

it('tries again after 0, 408, 425, 429 and 5xx, divides 400, 413 and 422, and takes no other 4xx for an answer', () => {
  const kinds = new Map<string, number[]>();
  for (const status of [0, ...Array.from({ length: 300 }, (_, index) => 300 + index)]) {
    const { kind } = readBatchAnswer(answer(status, ''), 1);
    kinds.set(kind, [...(kinds.get(kind) ?? []), status]);
  }
  expect(kinds.get('retry')).toEqual([
    0,
    408,
    425,
    429,
    ...Array.from({ length: 100 }, (_, index) => 500 + index),
  ]);
  expect(kinds.get('split')).toEqual([400, 413, 422]);
});

it.each([
  ['a code of a refusal', { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }], data: null }, 'refused'],
  [
    'a document that is not known',
    { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    'refused',
  ],
  ['an input that is not taken', { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }, 'split'],
  ['too large a batch', { errors: [{ extensions: { code: 'BATCH_TOO_LARGE' } }], data: null }, 'split'],
  ['a request that was not executed', { errors: [{ message: 'x' }] }, 'split'],
  ['a subgraph that is away', { errors: [{ message: 'x' }], data: { trackEvents: null } }, 'retry'],
  [
    'a code that nobody here knows',
    { errors: [{ extensions: { code: 'DOWNSTREAM' } }], data: null },
    'retry',
  ],
])('a GraphQL answer with %s', (_, body, kind) => {
  expect(readBatchAnswer(answer(200, JSON.stringify(body)), 1).kind).toBe(kind);
});

it('reads when to come again from a GraphQL error', () => {
  const body = { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1_500 } }], data: null };
  expect(readBatchAnswer(answer(200, JSON.stringify(body)), 1)).toEqual({
    kind: 'retry',
    items: null,
    reason: 'RATE_LIMITED',
    retryAfterMs: 1_500,
  });
});

it('never throws, whatever the answer', () => {
  fc.assert(
    fc.property(fc.nat(999), fc.oneof(fc.string(), fc.json()), fc.nat(3), (status, text, expected) => {
      expect(readBatchAnswer(answer(status, text), expected).kind).toMatch(
        /^(answered|retry|split|refused)$/,
      );
    }),
  );
});
