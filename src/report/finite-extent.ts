/** Smallest and largest finite value, or null when there is none. Safe for lists of any length. */
export function finiteExtent(values: Iterable<number>): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** `extent` widened by `share` of its length on both sides; a single point gets a length of its own. */
export function padExtent(extent: readonly [number, number], share: number): [number, number] {
  const [low, high] = extent;
  const length = high - low > 0 ? high - low : Math.max(Math.abs(high), 1) * 0.2;
  const middlePad = high - low > 0 ? 0 : length / 2;
  return [low - middlePad - share * length, high + middlePad + share * length];
}
