import { limits } from '../contract/index.js';
import { poorSecretProblem } from './poor-secret.js';

/** A secret that prints as `[secret]`: no log, error or inspection can show it by accident. */
export interface Secret {
  /** The bytes themselves; call it only where they are used. */
  reveal(): Buffer;
  toString(): string;
  toJSON(): string;
}

/** Makes a secret out of text. */
export function secretOf(text: string): Secret {
  const bytes = Buffer.from(text, 'utf8');
  return {
    reveal: () => bytes,
    toString: () => '[secret]',
    toJSON: () => '[secret]',
  };
}

// Texts that stand in examples. Short, so that no random secret is ever taken for one.
const placeholder = /^(change[-_ ]?me|replace[-_ ]?me|placeholder|your[-_ ])/i;
const remedy = 'make one with: openssl rand -hex 32';

/** Why a text cannot be a secret, or null: empty, less than 32 bytes, a known placeholder, or easy to guess. */
export function secretProblem(text: string): string | null {
  if (text.trim() === '') return `is empty; ${remedy}`;
  if (Buffer.byteLength(text, 'utf8') < limits.minSecretBytes)
    return `must have at least ${limits.minSecretBytes} bytes; ${remedy}`;
  if (placeholder.test(text)) return `is a placeholder; ${remedy}`;
  const poor = poorSecretProblem(text);
  return poor && `${poor}; ${remedy}`;
}
