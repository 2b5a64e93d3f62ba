import { createBoundedCache } from '../../bounded-cache.js';
import { createKeyedDigest } from './keyed-digest.js';

/** What was found out about texts, without the texts. */
export interface DigestCache<T> {
  get(text: string): T | undefined;
  /** `weight` is what the entry takes of the capacity; 1 unless given. */
  set(text: string, value: T, weight?: number): void;
}

export interface DigestCacheOptions {
  /** Weight of all entries together; the one that was used longest ago goes first. */
  readonly capacity: number;
  /** Key of the digests, 32 bytes; made at random unless given, and gone with the cache. */
  readonly key?: Uint8Array;
}

/**
 * Remembers a value for each text and holds no text: an entry is the keyed digest of the text and the value, which must hold nothing of the text either. Without the key nobody can test a guess against the entries.
 *
 * A value that was cut out of a text keeps the whole text alive: V8 makes a substring of 13 or more characters,
 * and a group of a regular expression's match, a reference into its parent. Only constants, numbers and digests are
 * safe.
 */
export function createDigestCache<T extends NonNullable<unknown>>({
  capacity,
  key,
}: DigestCacheOptions): DigestCache<T> {
  const entries = createBoundedCache<string, T>(capacity);
  const digestOf = createKeyedDigest(key);
  return {
    get: (text) => entries.get(digestOf(text)),
    set: (text, value, weight) => entries.set(digestOf(text), value, weight),
  };
}
