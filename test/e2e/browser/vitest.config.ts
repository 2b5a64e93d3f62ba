import gateways from '../vitest.config.js';

export default {
  ...gateways,
  test: {
    ...gateways.test,
    include: ['test/e2e/browser/*.test.ts'],
    testTimeout: 45_000,
  },
};
