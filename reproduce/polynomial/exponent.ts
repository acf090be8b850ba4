/** Exponent p of y ≈ c·x^p by least squares of log y on log x; 0, not its rounding, where y does not change. */
export function fittedExponent(points: readonly { readonly x: number; readonly y: number }[]): number {
  if (points.every(({ y }) => y === points[0]?.y)) return 0;
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number): number =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}

/** The theorem's number of activation patterns of n rows of rank r in general position: 2 Σ_{k<r} C(n−1, k). */
export function patternsOf(n: number, rank: number): number {
  let binomial = 1;
  let sum = 0;
  for (let k = 0; k < rank; k++) {
    sum += binomial;
    binomial = (binomial * (n - 1 - k)) / (k + 1);
  }
  return 2 * sum;
}

/**
 * At most so many patterns have sub-networks of three layers with m first-layer neurons. For a choice of signs, the pattern of
 * the second layer at a row follows from the first layer's and from the side of one hyperplane for each set of two or more
 * active neurons; with the neurons' own that makes (2^m − 1)·n hyperplanes in r·m dimensions. The signs are 1 … m positive
 * ones. Its degree in n is r·m − 1.
 */
export function deepPatternsBound(n: number, rank: number, neurons: number): number {
  return neurons * patternsOf((2 ** neurons - 1) * n, rank * neurons);
}
