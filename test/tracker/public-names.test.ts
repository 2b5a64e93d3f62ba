import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as publicNames from '../../src/index.js';

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

const shared = [
  'backoff',
  'attempt',
  'batch',
  'ledger',
  'outbox',
  'serialise',
  'timers',
  'transport',
  'uuid-v7',
  'verdict',
];

it.each(shared)('%s.ts can be shared with a browser: no Node module, no Node global', async (name) => {
  const source = await readFile(new URL(`../../src/sdk/core/${name}.ts`, import.meta.url), 'utf8');
  expect(source.length).toBeGreaterThan(0);
  expect(source).not.toMatch(/from '(?!\.\/|\.\.\/\.\.\/contract\/)/);
  expect(source).not.toMatch(/\b(process|Buffer|require|setImmediate|__dirname)\b[.(]/);
});
