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
const foreignDigits = /(?!\p{ASCII})\p{Nd}/gu;

/**
 * A text without its costume, letter case kept: compatibility forms (full width, ligatures, circled letters)
 * made plain, invisible characters and combining marks gone, look-alikes of other scripts turned into Latin,
 * digits of any script into ASCII ones. For matching only: it damages text in other scripts.
 */
export function unmask(text: string): string {
  if (plainAscii.test(text)) return text;
  const decomposed = text.normalize('NFKD').replace(invisible, '');
  return decomposed.replace(nonAscii, looksLike).replace(foreignDigits, digitOf).normalize('NFC');
}

/**
 * How many characters there are to look at in a text, at most. A character can stand for eighteen (U+FDFA), so a text
 * within its limit can be far over it without its costume. For the writing that people use it is hardly ever
 * more than the bytes of UTF-8.
 */
export function decomposedLength(text: string): number {
  return plainAscii.test(text) ? text.length : text.normalize('NFKD').length;
}

/**
 * Whether a text is longer than `most`, as it was sent or without its costume. What is too long already is not
 * normalised, and what becomes too long is not looked at any further. Writing that people use becomes four times as
 * long at most on the way, and shorter again at the end.
 */
export function isLongerThan(text: string, most: number): boolean {
  if (text.length > most) return true;
  if (plainAscii.test(text)) return false;
  return decomposedLength(text) > 4 * most || unmask(text).length > most;
}

/** `unmask`, in lower case: two texts that a reader would take for the same come out equal. */
export function foldText(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase();
  // Lower case first: it may bring out marks (the dot of a Turkish capital i) that unmask takes away.
  return unmask(unmask(text).toLowerCase());
}

function looksLike(character: string): string {
  return lookAlikes.get(character) ?? character;
}

function digitOf(digit: string): string {
  const known = digits.get(digit) ?? digitValue(digit);
  digits.set(digit, known);
  return known;
}

/** The digits that were met; Unicode has about seven hundred. */
const digits = new Map<string, string>();

/** Unicode keeps the ten digits of a script together and in order, zero first (Unicode Standard, section 4.6). */
function digitValue(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && decimalDigit.test(String.fromCodePoint(codePoint - value - 1))) value++;
  return String(value);
}
