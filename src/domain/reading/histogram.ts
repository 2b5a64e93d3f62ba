/**
 * Percentiles come from a histogram whose buckets grow by 2 %, so that a value is known to ±1 %. Both ways of counting
 * (raw rows in SQL, loops in memory) compare with these same doubles, so that they agree to the last bit: a logarithm
 * would differ between engines at the edges.
 */
const growth = 1.02;
const least = 1e-6;
const most = 1e15;

function positiveBounds(): number[] {
  const bounds = [least];
  while ((bounds.at(-1) as number) < most) bounds.push((bounds.at(-1) as number) * growth);
  return bounds;
}

const positive = positiveBounds();

/**
 * Lower bounds in ascending order, for `width_bucket(value, bounds)`: bucket i holds bounds[i − 1] ≤ value < bounds[i].
 * Bucket 0 and the last one hold everything beyond; the bucket in the middle holds zero and what is nearer to it than
 * a millionth.
 */
export const histogramBounds: readonly number[] = [...positive.map((bound) => -bound).reverse(), ...positive];

/** The bucket of a finite number: how many bounds are at most as large. The same as PostgreSQL's `width_bucket`. */
export function histogramBucket(value: number): number {
  let low = 0;
  let high = histogramBounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((histogramBounds[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The value at a quantile (0 < q ≤ 1) by the nearest rank, to ±1 %, never outside of min and max. Null where there are
 * no values.
 */
export function histogramQuantile(
  histogram: readonly (readonly [bucket: number, count: number])[],
  q: number,
  { min, max }: { readonly min: number; readonly max: number },
): number | null {
  const count = histogram.reduce((sum, [, events]) => sum + events, 0);
  const rank = Math.ceil(q * count);
  let before = 0;
  for (const [bucket, events] of histogram) {
    before += events;
    if (before >= rank) return Math.min(max, Math.max(min, middleOf(bucket)));
  }
  return null;
}

/** The value whose relative distance to both ends of the bucket is the same. */
function middleOf(bucket: number): number {
  const low = histogramBounds[bucket - 1];
  const high = histogramBounds[bucket];
  if (low === undefined) return Number.NEGATIVE_INFINITY;
  if (high === undefined) return Number.POSITIVE_INFINITY;
  return low < 0 && high > 0 ? 0 : (2 * low * high) / (low + high);
}
