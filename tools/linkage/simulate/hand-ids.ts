import type { Random } from './random.js';

/** Makes ids as programs do that were written by hand; `nowMs` is the device's own clock. */
export type IdMaker = (nowMs: number) => string;

/** Version 7 (RFC 9562 section 5.7): 48 bits of the device's clock, and chance. */
export function versionSeven(random: Random): IdMaker {
  return (nowMs) => {
    const time = Math.floor(nowMs).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.uuid().slice(15)}`;
  };
}

/** Between the epoch of version 1 (15 October 1582) and that of Unix, in 100 ns. */
const gregorian = 0x01b21dd213814000n;

/** Version 1 (RFC 9562 section 5.1) in turns with version 4: the node and the clock sequence are the device's. */
export function versionOneInTurns(random: Random): IdMaker {
  const tail = `${(8 + random.whole(4)).toString(16)}${random.hex(3)}-${random.hex(12)}`;
  let made = 0;
  return (nowMs) => {
    made += 1;
    if (made % 2 === 0) return random.uuid();
    const time = BigInt(Math.floor(nowMs)) * 10_000n + gregorian + BigInt(random.whole(10_000));
    const hex = time.toString(16).padStart(15, '0');
    return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${tail}`;
  };
}
