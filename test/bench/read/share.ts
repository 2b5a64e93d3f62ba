/** Divides a whole number by weights into whole numbers that add up to it; the largest remainders are rounded up. */
export function share(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((before, weight) => before + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((before, part) => before + part, 0);
  const byRemainder = exact
    .map((value, place) => ({ place, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.place - b.place);
  for (const { place } of byRemainder.slice(0, left)) parts[place] = (parts[place] ?? 0) + 1;
  return parts;
}

/** A list of so many places among weights, so that a place drawn evenly from it is drawn by its weight. */
export function slots(size: number, weights: readonly number[]): readonly number[] {
  return share(size, weights).flatMap((count, place) => Array.from({ length: count }, () => place));
}

/** Weights of which each rank has a share of one divided by itself. */
export function zipf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 1 / (index + 1));
}
