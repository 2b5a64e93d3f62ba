import type { Keys } from '../../ingest/anonymise.js';
import { daySalt } from './salt.js';

/** Salts kept in memory: the days of a history import pass in order, and a salt is cheap to make again. */
const keptSalts = 400;

/**
 * The keys that follow from one secret. A new secret means a new keyring: no salt outlives the secret it was
 * made from.
 */
export function createKeyring(secret: Uint8Array): Keys {
  const salts = new Map<string, Uint8Array>();
  return {
    secret,
    saltOf(day) {
      const known = salts.get(day);
      if (known) return known;
      if (salts.size >= keptSalts) salts.clear();
      const salt = daySalt(secret, day);
      salts.set(day, salt);
      return salt;
    },
  };
}
