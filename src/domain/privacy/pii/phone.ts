// Quantifiers are bounded and no two neighbours can take the same character: linear on any input.
const patterns: readonly RegExp[] = [
  // International, ITU-T E.164: + and 7 to 15 digits, at most two separators between two of them.
  /(?<!\w)\+[1-9](?:[ .\-()/]{0,2}\d){6,14}(?!\d)/,
  // The same with 00 for the +.
  /(?<![\w.])00[1-9](?:[ .\-/]?\d){8,13}(?![\w.])/,
  // A number that says so: tel: (RFC 3966), sms: (RFC 5724).
  /\b(?:tel|sms):[+\d().-]{5,}/i,
  // North America: (415) 555-0123, 415-555-0123, 415.555.0123, 1 415 555 0123.
  /(?<![\w.-])(?:1[ .-])?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?![\w-])/,
  // North America without separators: ten digits as a whole token, eleven with the leading 1.
  /(?<![\w.-])(?:[2-9]\d{9}|1[2-9]\d{2}[2-9]\d{6})(?![\w-]|\.\d)/,
  // An area code in parentheses, anywhere: (11) 91234-5678, (02) 1234 5678.
  /\(\d{2,5}\)[ -]?\d(?:[ .-]?\d){5,9}(?![\w.])/,
  // National with trunk prefix 0, 9 to 11 digits: 0211234567, 021 123 4567, 01 23 45 67 89, 0171-1234567.
  /(?<![\w.:-])\(?0[1-9]\d{0,3}\)?(?:[ .\-/]?\d){7,9}(?![\w:-]|\.\d)/,
];

/** Whether a telephone number stands in the text. UUIDs and dates have to be taken out before. */
export function hasPhoneNumber(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
