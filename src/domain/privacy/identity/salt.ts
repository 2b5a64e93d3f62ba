import { createHmac } from 'node:crypto';

/**
 * The salt of one calendar day (`YYYY-MM-DD`): HMAC-SHA-256(secret, day), 32 bytes. Every replica that has the
 * secret makes the same salt without asking anybody; nobody without it can, and a new secret unlinks the past.
 */
export function daySalt(secret: Uint8Array, day: string): Buffer {
  return createHmac('sha256', secret).update(day, 'utf8').digest();
}
