/** A UUID version 4, also on insecure pages, where `crypto.randomUUID` is missing. */
function randomUuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(36));
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit, at: number) =>
    (+digit ^ ((bytes[at] ?? 0) & (15 >> (+digit / 4)))).toString(16),
  );
}

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, and the 74 random bits of a version
 * 4. Ids of different milliseconds are in their order; within one, `seq` tells.
 */
export function uuidV7(nowMs: number, random: () => string = randomUuid): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random().slice(15)}`;
}
