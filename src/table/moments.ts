/** Centre and spread of a column, used as x ↦ (x − mean)/scale. */
export interface Moments {
  readonly mean: number;
  /** Population standard deviation, 0 if the column is constant up to rounding. */
  readonly scale: number;
}

/** Spreads below this fraction of the largest magnitude are rounding noise: four units in the last place. */
const ROUNDING_FRACTION = 2 ** -50;

/** Spreads below this are treated as none, so that dividing by them cannot overflow. */
const SMALLEST_SPREAD = 1e-150;

/**
 * Mean and population standard deviation of finite values of magnitude at most 1e150, at least one.
 *
 * Two passes with the mean corrected by the mean residual and residuals scaled by the largest before squaring, so that
 * neither a large offset (1e12 ± 1) nor a large or small unit (1e±150) costs accuracy. O(n).
 */
export function momentsOf(values: Float64Array): Moments {
  const n = values.length;
  let sum = 0;
  let largest = 0;
  for (const value of values) {
    sum += value / n;
    largest = Math.max(largest, Math.abs(value));
  }
  let correction = 0;
  for (const value of values) correction += (value - sum) / n;
  const mean = sum + correction;
  let spread = 0;
  for (const value of values) spread = Math.max(spread, Math.abs(value - mean));
  if (spread <= ROUNDING_FRACTION * largest || spread < SMALLEST_SPREAD) return { mean, scale: 0 };
  let squares = 0;
  for (const value of values) squares += ((value - mean) / spread) ** 2;
  return { mean, scale: spread * Math.sqrt(squares / n) };
}

/** Median of finite values, the midpoint of the middle two for an even count; 0 for none. O(n log n), no mutation. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return lower === upper ? lower : lower / 2 + upper / 2;
}
