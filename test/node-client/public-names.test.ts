import { expect, it } from 'vitest';
import * as publicNames from '../../src/node-client/index.js';

it('the package exports exactly these values', () => {
  expect(Object.keys(publicNames).sort()).toEqual([
    'createTracker',
    'errorCodes',
    'limits',
    'trackReasonNames',
    'trackReasons',
    'trackStatuses',
  ]);
});
