import { createDigestCache, type DigestCache } from '../domain/privacy/identity/digest-cache.js';
import type { KeySet } from './key-source.js';

/** Signatures that were found good, so that one token is not verified again with each of its requests. */
export interface KnownTokens {
  /** Whether the signature of this very token fitted one of these very keys before. */
  has(token: string, keys: KeySet): boolean;
  add(token: string, keys: KeySet): void;
}

/** Callers of a few minutes; an entry is about a hundred bytes. */
const remembered = 5_000;

/**
 * Remembers that signatures were good, and nothing else: an entry is a keyed digest of the token. Claims are read
 * from the token that the request brings, and its time, issuer, audience and subject are checked on every request.
 * An entry belongs to the set of keys that it was verified with and goes with it, so a withdrawn key ends its
 * tokens at once. A token that has expired is not used again, so its entry goes before those in use.
 */
export function createKnownTokens(): KnownTokens {
  const bySet = new WeakMap<KeySet, DigestCache<true>>();
  return {
    has: (token, keys) => bySet.get(keys)?.get(token) === true,
    add(token, keys) {
      const known = bySet.get(keys) ?? createDigestCache<true>({ capacity: remembered });
      bySet.set(keys, known);
      known.set(token, true);
    },
  };
}
