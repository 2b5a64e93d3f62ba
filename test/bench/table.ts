import type { Spread } from './stats.js';

/** A Markdown table; the first column is text, the others are numbers and stand on the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** `12,300 (11,900–13,000)`: median with least and greatest; the median alone where there was one run only. */
export function cell({ median, min, max }: Spread, digits = 3): string {
  const text = number(median, digits);
  return min === max || Number.isNaN(median)
    ? text
    : `${text} (${number(min, digits)}–${number(max, digits)})`;
}

/** A number with so many significant digits and thousands set apart; a dash for none. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  return new Intl.NumberFormat('en-GB', { maximumSignificantDigits: digits }).format(value);
}
