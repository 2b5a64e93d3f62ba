import fc from 'fast-check';
import { expect, it } from 'vitest';
import { trackReasonNames, trackReasons } from '../../../src/contract/index.js';
import { isRetryableStatus, readBatchAnswer } from '../../../src/sdk/core/verdict.js';

const answer = (status: number, text: string) =>
  ({ kind: 'answer', status, text, retryAfterMs: null }) as const;

it.each(trackReasonNames)('retries %s exactly when the table of reasons says so', (reason) => {
  const { status, retryable } = trackReasons[reason];
  const outcome = readBatchAnswer(answer(202, JSON.stringify({ results: [{ status, reason }] })), 1);
  expect(outcome).toEqual({
    kind: 'answered',
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

it('retries 408, 425, 429 and 5xx, and nothing else', () => {
  const retried = Array.from({ length: 1_000 }, (_, status) => status).filter(isRetryableStatus);
  expect(retried).toEqual([408, 425, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)]);
});

it('never throws, whatever the answer', () => {
  fc.assert(
    fc.property(fc.nat(999), fc.oneof(fc.string(), fc.json()), fc.nat(3), (status, text, expected) => {
      expect(readBatchAnswer(answer(status, text), expected).kind).toMatch(
        /^(answered|retry|too-large|refused)$/,
      );
    }),
  );
});
