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
  'file_unreadable',
] as const;
export type KeyError = (typeof keyErrors)[number];

export interface KeyStatus {
  /** Usable keys at hand; 0: no token is accepted. */
  readonly keys: number;
  /** Milliseconds since the set was last confirmed; null when there is none, and an empty set is one. */
  readonly ageMs: number | null;
  /** The set is past its age and could not be confirmed: the grace is running. */
  readonly stale: boolean;
  readonly lastError: KeyError | null;
}

/** Whether the set in force holds no usable key: every token is refused, and not for an outage. */
export function isEmptySet({ keys, ageMs }: KeyStatus): boolean {
  return keys === 0 && ageMs !== null;
}

export type KeyEvent =
  /** `keys` is 0 where the new set holds no usable key. */
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
