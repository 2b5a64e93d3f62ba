import type { PropertyStats } from './answer.js';
import { histogramQuantile } from './histogram.js';
import type { PropertyCounts } from './plan.js';

/**
 * What the numbers of a property come to. The exact sum becomes the nearest number that JSON carries; one that is too
 * large for it is null, and so is the mean.
 */
export function propertyStats({ count, sum, min, max, histogram }: PropertyCounts): PropertyStats {
  if (count === 0 || min === null || max === null)
    return { count, sum: null, mean: null, min: null, max: null, p50: null, p95: null };
  const total = Number(sum);
  const quantile = (q: number): number | null => histogramQuantile(histogram, q, { min, max });
  return {
    count,
    sum: finite(total),
    mean: finite(total / count),
    min,
    max,
    p50: quantile(0.5),
    p95: quantile(0.95),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
