import type { createLocalJWKSet } from 'jose';

/** Public keys, ready to verify with. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Why keys could not be loaded; a closed list, fit for logs and metric labels. */
export const keyErrors = [
  'timeout',
  'network',
  'redirect',
  'http_status',
  'too_large',
  'not_json',
  'not_a_key_set',
  'no_usable_keys',
  'file_unreadable',
] as const;
export type KeyError = (typeof keyErrors)[number];

export interface KeyStatus {
  /** Usable keys at hand; 0: tokens cannot be verified. */
  readonly keys: number;
  /** Milliseconds since they were last confirmed; null when there are none. */
  readonly ageMs: number | null;
  /** They are past their age and could not be confirmed: the grace is running. */
  readonly stale: boolean;
  readonly lastError: KeyError | null;
}

export type KeyEvent =
  | { readonly kind: 'loaded'; readonly keys: number }
  | { readonly kind: 'failed'; readonly error: KeyError; readonly usable: boolean };

/** Where verification keys come from. Nothing here rejects: an outage is null. */
export interface KeySource {
  /** The keys to verify with now, loaded or confirmed when that is due; null: there are none to be had. */
  current(): Promise<KeySet | null>;
  /** The same after one more attempt to load, unless the cool-down forbids it: for a token whose key is not in the set. */
  refreshed(): Promise<KeySet | null>;
  status(): KeyStatus;
}
