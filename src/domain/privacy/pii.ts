import type { JsonValue } from '../../contract/index.js';
import { isCardNumber } from './card.js';
import { isPiiKey } from './pii-keys.js';
import { piiKind } from './pii-values.js';

export { isDangerousKey } from './dangerous-keys.js';

/** A value, and how many layers of JSON text it was wrapped in. */
interface Pending {
  readonly value: unknown;
  readonly wrapped: number;
}

// JSON in a string in JSON in a string: nobody means well by more.
const maxWrapped = 4;
const looksLikeJson = /^\s*[[{"]/;
const quotedKey = /"([^"\\]{1,64})"\s{0,4}:/g;

/**
 * Whether personal data or a secret stands anywhere in the value: under a key that names it (`PII_KEY`), or as
 * a text or card number that looks like it (`PII_VALUE`). Objects and arrays are walked to any depth without
 * recursion, strings that hold JSON are opened four layers deep, and one with more layers is refused. Never
 * throws, whatever the value.
 */
export function findPii(value: JsonValue): 'PII_KEY' | 'PII_VALUE' | null {
  const pending: Pending[] = [{ value, wrapped: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const found = look(next, pending);
    if (found) return found;
  }
  return null;
}

function look({ value, wrapped }: Pending, pending: Pending[]): 'PII_KEY' | 'PII_VALUE' | null {
  if (typeof value === 'string') return lookAtText(value, wrapped, pending);
  if (typeof value === 'number') return isCard(value) ? 'PII_VALUE' : null;
  if (Array.isArray(value)) {
    for (const item of value) pending.push({ value: item, wrapped });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (isPiiKey(key)) return 'PII_KEY';
      if (piiKind(key)) return 'PII_VALUE';
      pending.push({ value: member, wrapped });
    }
  }
  return null;
}

function isCard(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) >= 1e12 && isCardNumber(String(Math.abs(value)));
}

function lookAtText(text: string, wrapped: number, pending: Pending[]): 'PII_KEY' | 'PII_VALUE' | null {
  if (piiKind(text)) return 'PII_VALUE';
  if (!text.includes('"')) return null;
  // Also in a piece of JSON that does not parse, such as one that was cut off.
  for (const [, key = ''] of text.matchAll(quotedKey)) if (isPiiKey(key)) return 'PII_KEY';
  const inner = looksLikeJson.test(text) ? parse(text) : undefined;
  if (typeof inner !== 'string' && (typeof inner !== 'object' || inner === null)) return null;
  if (wrapped >= maxWrapped) return 'PII_VALUE';
  pending.push({ value: inner, wrapped: wrapped + 1 });
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
