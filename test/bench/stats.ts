/** The middle of several runs, with how far they lay apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle of many runs, and the values between which half of them lie. */
export interface Quartiles {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** The smallest value that at least `percent` per cent of the values do not exceed (nearest rank); NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
  const rank = Math.ceil((percent / 100) * values.length);
  return ascending(values)[Math.max(rank, 1) - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two middle ones; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Median, least and greatest of the values; NaN for none. */
export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: median(sorted), min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/**
 * Ours ÷ theirs, repetition by repetition: the two were measured side by side, so what slowed the machine down
 * slowed both. A repetition that only one of them has is left out.
 */
export function ratio(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(pairRatios(ours, theirs));
}

/** As `ratio`, but with the quartiles: one disturbed pair among many does not widen them. */
export function ratioQuartiles(ours: readonly number[], theirs: readonly number[]): Quartiles {
  const ratios = pairRatios(ours, theirs);
  return { median: median(ratios), lower: percentile(ratios, 25), upper: percentile(ratios, 75) };
}

function pairRatios(ours: readonly number[], theirs: readonly number[]): number[] {
  const pairs = Math.min(ours.length, theirs.length);
  return Array.from({ length: pairs }, (_, index) => (ours[index] ?? 0) / (theirs[index] ?? 0));
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
