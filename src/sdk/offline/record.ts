/**
 * The primary key of a record, and all that is known of one without opening it. With everything in the key one
 * request lists the whole store, oldest first. A record that passes to another page gets another key, so a page
 * that deletes what it wrote cannot hit what another page has taken over.
 */
export type RecordKey = [savedAtMs: number, id: string, owner: string, bytes: number];

export interface Limits {
  readonly maxBytes: number;
  readonly maxEvents: number;
  readonly maxAgeMs: number;
}

export interface Sifted {
  readonly kept: readonly RecordKey[];
  readonly expired: readonly RecordKey[];
  readonly full: readonly RecordKey[];
}

/**
 * Tells which records have to go: those too old, then the oldest of what is too much. Only records of which
 * `mayGo(owner)` says so, others count but stay. `keys` come oldest first.
 *
 * A record from the future was saved under a clock that has been set back. Up to `maxAgeMs` that is an error of
 * the clock, beyond it the record is too old like any other: nothing stays for ever.
 */
export function sift(
  keys: readonly RecordKey[],
  mayGo: (owner: string) => boolean,
  limits: Limits,
  nowMs: number,
): Sifted {
  const kept: RecordKey[] = [];
  const expired: RecordKey[] = [];
  const full: RecordKey[] = [];
  let count = keys.length;
  let total = keys.reduce((sum, [, , , bytes]) => sum + bytes, 0);
  for (const key of keys) {
    const [savedAtMs, , owner, bytes] = key;
    const isYoung = Math.abs(nowMs - savedAtMs) < limits.maxAgeMs;
    const fits = count <= limits.maxEvents && total <= limits.maxBytes;
    if (!mayGo(owner) || (isYoung && fits)) {
      kept.push(key);
    } else {
      (isYoung ? full : expired).push(key);
      count -= 1;
      total -= bytes;
    }
  }
  return { kept, expired, full };
}
