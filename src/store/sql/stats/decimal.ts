/** The exact sum of decimals such as `-12.50`, without zeros at its end. PostgreSQL prints `numeric` so, without exponent. */
export function sumDecimals(texts: readonly string[]): string {
  const scale = Math.max(0, ...texts.map((text) => fractionOf(text).length));
  const sum = texts.reduce((before, text) => before + scaled(text, scale), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

const fractionOf = (text: string): string => text.split('.', 2)[1] ?? '';

function scaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - fractionOf(text).length));
}
