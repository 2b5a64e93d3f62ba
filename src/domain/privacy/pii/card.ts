/** Schemes by first digits and length, drawn wider rather than narrower: the check digit follows. */
const issuers: readonly { readonly prefix: RegExp; readonly min: number; readonly max: number }[] = [
  { prefix: /^4/, min: 13, max: 19 }, // Visa
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, min: 16, max: 16 }, // Mastercard
  { prefix: /^3[47]/, min: 15, max: 15 }, // American Express
  { prefix: /^(?:6011|64[4-9]|65)/, min: 16, max: 19 }, // Discover
  { prefix: /^(?:30[0-5]|3095|36|3[89])/, min: 14, max: 19 }, // Diners Club
  { prefix: /^35(?:2[89]|[3-8])/, min: 16, max: 19 }, // JCB
  { prefix: /^62/, min: 16, max: 19 }, // UnionPay
  { prefix: /^(?:5[0678]|6[0137])/, min: 13, max: 19 }, // Maestro, RuPay, Dankort
  { prefix: /^220[0-4]/, min: 16, max: 19 }, // Mir
];

/** Whether a run of 13 to 19 ASCII digits is a payment card number: known issuer, its length, Luhn check digit. */
export function isCardNumber(digits: string): boolean {
  const { length } = digits;
  if (length < 13 || length > 19 || !/^\d+$/.test(digits)) return false;
  // The check digit first: nine of ten numbers do not have it, and it costs less.
  return (
    luhn(digits) &&
    issuers.some(({ prefix, min, max }) => length >= min && length <= max && prefix.test(digits))
  );
}

/** The check digit of ISO/IEC 7812-1, annex B. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

// Digits with at most one space or dash between two of them.
const digitRuns = /\d(?:[ -]?\d){12,}/g;
const maxCardDigits = 19;
const minCardDigits = 13;

/**
 * Whether a card number stands in the text, whole or in groups (`4111 1111 1111 1111`), also among other
 * numbers. Linear: from each group at most 19 digits are looked at.
 */
export function hasCardNumber(text: string): boolean {
  for (const [run] of text.matchAll(digitRuns)) if (runHasCard(run)) return true;
  return false;
}

function runHasCard(run: string): boolean {
  const groups = run.split(/[ -]/);
  const digits = groups.join('');
  const isEnd = new Uint8Array(digits.length + 1);
  const starts: number[] = [];
  let place = 0;
  for (const group of groups) {
    starts.push(place);
    place += group.length;
    isEnd[place] = 1;
  }
  return starts.some((start) => startsCard(digits, start, isEnd));
}

/** Whether a card number begins here and ends with a group. */
function startsCard(digits: string, start: number, isEnd: Uint8Array): boolean {
  if (!cardStart.test(digits.charAt(start))) return false;
  const last = Math.min(digits.length, start + maxCardDigits);
  for (let end = start + minCardDigits; end <= last; end++) {
    if (isEnd[end] === 1 && isCardNumber(digits.slice(start, end))) return true;
  }
  return false;
}

/** The first digits of all issuers. */
const cardStart = /[2-6]/;
