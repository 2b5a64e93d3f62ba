import { createBoundedCache } from '../../bounded-cache.js';
import type { Keys } from '../../ingest/anonymise.js';
import { daySalt } from './salt.js';

/** Salts kept in memory: the days of a history import pass in order, and a salt is cheap to make again. */
const keptSalts = 400;

/**
 * The keys that follow from one secret. A new secret means a new keyring: no salt outlives the secret it was
 * made from.
 */
export function createKeyring(secret: Uint8Array): Keys {
  const salts = createBoundedCache<string, Uint8Array>(keptSalts);
  return { secret, saltOf: (day) => salts.getOrMake(day, () => daySalt(secret, day)) };
}
