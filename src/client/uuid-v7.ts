/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, cut to the UTC day, and 74 random bits,
 * those of a version 4. A device's clock is wrong by an amount of its own: an id with the whole time beside a
 * corrected time would tell one device from another. Ids are in the order of their days and in no other; within a
 * session `seq` tells. On an insecure page there is no `crypto.randomUUID`: `random`, in [0, 1), does, for who might
 * guess an id there can read it just as well.
 */
export function uuidV7(nowMs: number, random: () => number): string {
  const time = (nowMs - (nowMs % 86_400_000)).toString(16).padStart(12, '0');
  // What follows the version digit of a version 4: its random bits, the variant among them.
  const tail = crypto.randomUUID?.().slice(15) ?? randomTail(random);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail}`;
}

function randomTail(random: () => number): string {
  const digit = (first: number, count: number) => (first + Math.floor(random() * count)).toString(16);
  return 'xxx-vxxx-xxxxxxxxxxxx'.replace(/[xv]/g, (place) => (place === 'v' ? digit(8, 4) : digit(0, 16)));
}
