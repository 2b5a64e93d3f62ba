import { expect, it } from 'vitest';
import { createKnownTokens } from '../../src/auth/known-tokens.js';
import { createDayOf } from '../../src/domain/day.js';
import { createKeyring } from '../../src/domain/privacy/identity/keyring.js';
import { createUserAgentReader } from '../../src/domain/privacy/user-agent/user-agent.js';
import { createDimensionCache } from '../../src/store/sql/dimension-cache.js';
import { usedBytes } from '../support/heap.js';

const megabyte = 1_048_576;

/** Each cache as the service has it, filled with more than it keeps, and the bytes that it may take at most. */
const caches: readonly (readonly [name: string, most: number, fill: () => unknown])[] = [
  [
    'user agents',
    4 * megabyte,
    () => {
      const read = createUserAgentReader({ cacheSize: 5_000 });
      for (let index = 0; index < 12_000; index++) read(`${index} ${'Mozilla/5.0 (X11) '.repeat(30)}`);
      return read;
    },
  ],
  [
    'tokens',
    2 * megabyte,
    () => {
      const known = createKnownTokens();
      const keys = async () => Promise.reject(new Error('not asked'));
      for (let index = 0; index < 15_000; index++) known.add(`${index}${'x'.repeat(4_096)}`, keys as never);
      return [known, keys];
    },
  ],
  [
    'salts',
    megabyte,
    () => {
      const keyring = createKeyring(Buffer.alloc(32, 7));
      for (let day = 0; day < 5_000; day++) keyring.saltOf(`day ${day}`);
      return keyring;
    },
  ],
  [
    'days',
    megabyte,
    () => {
      const dayOf = createDayOf('Europe/Berlin');
      for (let minute = 0; minute < 20_000; minute++) dayOf(new Date(1_700_000_000_000 + minute * 60_000));
      return dayOf;
    },
  ],
  [
    'combinations of words',
    20 * megabyte,
    () => {
      const cache = createDimensionCache(10_000);
      for (let index = 0; index < 25_000; index++) cache.get(`${index}${'/route'.repeat(150)}`);
      return cache;
    },
  ],
];

it.each(caches)(
  'what is remembered of %s is bounded in bytes',
  { timeout: 120_000 },
  async (_name, most, fill) => {
    const before = await usedBytes();
    const kept = fill();
    const grown = (await usedBytes()) - before;
    expect(kept).toBeDefined();
    expect(grown).toBeLessThan(most);
  },
);
