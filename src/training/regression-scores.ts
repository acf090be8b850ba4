/**
 * R² = 1 − Σ(y − p)²/Σ(y − mean y)², NaN where y is constant, and the root of the mean squared error, scaled by the largest
 * residual so that squares stay finite.
 */
export function regressionScores(
  predicted: Float64Array,
  actual: Float64Array,
): { readonly rSquared: number; readonly rootMeanSquareError: number } {
  const mean = actual.reduce((sum, value) => sum + value / actual.length, 0);
  const residual = rootMeanSquare(actual.map((value, i) => value - (predicted[i] ?? NaN)));
  const spread = rootMeanSquare(actual.map((value) => value - mean));
  return { rSquared: spread > 0 ? 1 - (residual / spread) ** 2 : NaN, rootMeanSquareError: residual };
}

function rootMeanSquare(values: Float64Array): number {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (!(largest > 0)) return largest;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0) / values.length);
}
