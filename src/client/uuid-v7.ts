/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, cut to the UTC day, and 74 random bits,
 * those of a version 4. A device's clock is wrong by an amount of its own: an id with the whole time beside a
 * corrected time would tell one device from another. Ids are in the order of their days and in no other; within a
 * session `seq` tells. On an insecure page there is no `crypto.randomUUID`: `random`, in [0, 1), does, for who might
 * guess an id there can read it just as well.
 */
export function uuidV7(nowMs: number, random: () => number): string {
  const time = (nowMs - (nowMs % 86_400_000)).toString(16).padStart(12, '0');
  const tail =
    crypto.randomUUID?.().slice(15) ??
    '000-8000-000000000000'.replace(/[08]/g, (digit) =>
      (+digit ^ ((random() * 16) >> (+digit / 4))).toString(16),
    );
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail}`;
}
