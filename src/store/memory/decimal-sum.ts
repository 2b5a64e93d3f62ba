/** `digits` × 10 to the power of −`places`. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

const jsonNumber = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<part>\d+))?(?:e(?<exponent>[+-]\d+))?$/;

/**
 * The exact sum of the decimal numbers that JSON writes for these doubles, in the canonical form of
 * `PropertyCounts.sum`. Adding the doubles themselves would round, and depend on the order.
 */
export function decimalSum(values: readonly number[]): string {
  return toText(values.map(toDecimal).reduce(add, { digits: 0n, places: 0 }));
}

function toDecimal(value: number): Decimal {
  const { sign, whole, part = '', exponent = '0' } = jsonNumber.exec(JSON.stringify(value))?.groups ?? {};
  const places = part.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${part}`);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

function add(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return { digits: digitsAt(a, places) + digitsAt(b, places), places };
}

function digitsAt({ digits, places }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - places);
}

function toText({ digits, places }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const part = text.slice(text.length - places).replace(/0+$/, '');
  return part === '' ? `${sign}${whole}` : `${sign}${whole}.${part}`;
}
