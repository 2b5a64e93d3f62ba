import { createHash } from 'node:crypto';

/** The number that PostgreSQL's advisory locks know a name by: 64 bits of its SHA-256, as decimal text. */
export function lockKey(name: string): string {
  return String(createHash('sha256').update(`signals:${name}`).digest().readBigInt64BE(0));
}
