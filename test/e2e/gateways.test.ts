import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { compositionScenarios } from './scenarios/composition.js';
import { identityScenarios } from './scenarios/identity.js';
import { leakScenarios } from './scenarios/leaks.js';
import { operationScenarios, startScenarios } from './scenarios/operations.js';
import { persistedScenarios } from './scenarios/persisted.js';
import { readingScenarios } from './scenarios/reading.js';
import { signatureScenarios } from './scenarios/signature.js';
import { trackingScenarios } from './scenarios/tracking.js';
import { otherGatewayScenarios, visitorScenarios } from './scenarios/visitors.js';
import { type Stack, startStack } from './support/stack.js';

// One house for all scenarios, in this order: the last ones rotate the secret, stop a replica, and then look for
// anything personal in all that is left behind.
describe('Signals in a supergraph', () => {
  let started: Stack | undefined;
  const stack = (): Stack => {
    if (!started) throw new Error('the stack is not up');
    return started;
  };
  const hive = () => stack().hive;
  const apollo = () => stack().apollo;

  beforeAll(async () => {
    started = await startStack((line) => console.error(`e2e: ${line}`));
  });
  afterAll(() => started?.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => console.error(stack().lastWords())));

  startScenarios(stack);
  compositionScenarios();
  describe.each([
    ['Hive Gateway, which signs what it forwards', hive, apollo],
    ['Apollo Gateway, which passes on the token', apollo, hive],
  ])('behind %s', (_, route, other) => {
    identityScenarios(stack, route);
    trackingScenarios(stack, route, other);
    visitorScenarios(stack, route);
    readingScenarios(stack, route);
  });
  otherGatewayScenarios(stack);
  persistedScenarios(stack);
  signatureScenarios(stack);
  operationScenarios(stack);
  leakScenarios(stack);
});
