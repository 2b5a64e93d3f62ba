import { createLocalJWKSet, type JWK } from 'jose';
import { isObject, type Result } from '../contract/index.js';
import type { KeyError, KeySet } from './key-source.js';

/** Bytes of a key set, generously: 100 RSA-4096 keys take about 80 KiB. */
export const maxKeySetBytes = 524_288;
const maxKeys = 100;
const publicKeyTypes = new Set(['RSA', 'EC', 'OKP']);

export interface LoadedKeys {
  readonly keys: KeySet;
  /** Usable keys in the set; 0: it verifies nothing. */
  readonly count: number;
}

/** Keys out of the text of a JWK set (RFC 7517 section 5). */
export function parseKeySet(text: string): Result<LoadedKeys, KeyError> {
  if (text.length > maxKeySetBytes) return { ok: false, error: 'too_large' };
  try {
    return keySetFrom(JSON.parse(text));
  } catch {
    return { ok: false, error: 'not_json' };
  }
}

/**
 * Keys out of a JWK set. Symmetric, private and encryption keys are left out: none of them may verify
 * a signature that the public is meant to check. A set that holds no other keys is right and empty: whoever publishes
 * it withdraws every key.
 */
export function keySetFrom(value: unknown): Result<LoadedKeys, KeyError> {
  const listed = isObject(value) ? value.keys : undefined;
  if (!Array.isArray(listed) || listed.length > maxKeys) return { ok: false, error: 'not_a_key_set' };
  const usable = listed.filter(isVerificationKey);
  try {
    return { ok: true, value: { keys: createLocalJWKSet({ keys: usable }), count: usable.length } };
  } catch {
    return { ok: false, error: 'not_a_key_set' };
  }
}

function isVerificationKey(value: unknown): value is JWK {
  if (!isObject(value) || typeof value.kty !== 'string' || !publicKeyTypes.has(value.kty)) return false;
  if (Object.hasOwn(value, 'd')) return false;
  return value.use === undefined || value.use === 'sig';
}
