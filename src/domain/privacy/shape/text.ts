import { lookAlikes } from './look-alikes.js';

// Cc: C0 and C1 control characters, NUL among them. Cs: with the u flag, half of a surrogate pair.
const unstorable = /[\p{Cc}\p{Cs}]/u;

/**
 * Whether a text can be stored and shown as it is: no control characters (PostgreSQL takes no NUL in text or
 * jsonb; a line break belongs in no event) and no half surrogate pair (it has no UTF-8).
 */
export function isCleanText(text: string): boolean {
  return !unstorable.test(text);
}

const plainAscii = /^[\x20-\x7e]*$/;
// Combining marks, format characters (zero-width ones, soft hyphen, direction marks), fillers, braille blank.
const invisible = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const nonAscii = /[^\p{ASCII}]/gu;
const decimalDigit = /^\p{Nd}$/u;

/**
 * A text without its costume, letter case kept: compatibility forms (full width, ligatures, circled letters)
 * made plain, invisible characters and combining marks gone, look-alikes of other scripts turned into Latin,
 * digits of any script into ASCII ones. For matching only: it damages text in other scripts.
 */
export function unmask(text: string): string {
  if (plainAscii.test(text)) return text;
  return text.normalize('NFKD').replace(invisible, '').replace(nonAscii, plainOf).normalize('NFC');
}

/** `unmask`, in lower case: two texts that a reader would take for the same come out equal. */
export function foldText(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase();
  // Lower case first: it may bring out marks (the dot of a Turkish capital i) that unmask takes away.
  return unmask(unmask(text).toLowerCase());
}

function plainOf(character: string): string {
  return lookAlikes.get(character) ?? (decimalDigit.test(character) ? digitOf(character) : character);
}

/** Unicode keeps the ten digits of a script together and in order, zero first (Unicode Standard, section 4.6). */
function digitOf(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && decimalDigit.test(String.fromCodePoint(codePoint - value - 1))) value++;
  return String(value);
}
