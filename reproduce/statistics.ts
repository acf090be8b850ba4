export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return ascending(values)[Math.floor(values.length / 2)] ?? NaN;
}

/** The middle value, of an even number the lower of the two, and the range: a line and its band in a figure. */
export function spread(values: readonly number[]): {
  readonly y: number;
  readonly low: number;
  readonly high: number;
} {
  const sorted = ascending(values);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { y: at(0.5), low: at(0), high: at(1) };
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
