import { expect, it } from 'vitest';
import { retryableReasons, trackReasonNames, trackReasons } from '../../src/contract/index.js';

it('the short list of retryable reasons says what the table says', () => {
  expect([...retryableReasons].sort()).toEqual(
    trackReasonNames.filter((name) => trackReasons[name].retryable).sort(),
  );
});
