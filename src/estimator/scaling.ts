import type { Rows } from '../arrangement/sub-network-pattern.js';
import { momentsOf } from '../table/moments.js';

/** Centre and scale of every column; a column that does not vary has scale 1 and becomes zero. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Mean and population standard deviation of each column, of weighted rows where weights > 0 are given. */
export function fitScaling({ X, n, d }: Rows, weights: Float64Array | null = null): Scaling {
  const columns = Array.from({ length: d }, (_, t) => {
    const column = Float64Array.from({ length: n }, (_unused, i) => X[i * d + t] ?? 0);
    const plain = momentsOf(column);
    return weights && plain.scale > 0 ? weightedMoments(column, weights, plain) : plain;
  });
  return {
    mean: Float64Array.from(columns, ({ mean }) => mean),
    scale: Float64Array.from(columns, ({ scale }) => (scale > 0 ? scale : 1)),
  };
}

/** (X − mean) / scale, a new matrix. */
export function applyScaling({ X, n, d }: Rows, { mean, scale }: Scaling): Rows {
  return { X: X.map((value, i) => (value - (mean[i % d] ?? 0)) / (scale[i % d] ?? 1)), n, d };
}

/** Computed on the column standardised without weights, where nothing is large or small. */
function weightedMoments(
  column: Float64Array,
  weights: Float64Array,
  { mean, scale }: { readonly mean: number; readonly scale: number },
): { readonly mean: number; readonly scale: number } {
  const z = column.map((value) => (value - mean) / scale);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = (of: (value: number) => number): number =>
    z.reduce((sum, value, i) => sum + (weights[i]! / total) * of(value), 0);
  const shift = average((value) => value);
  const spread = Math.sqrt(average((value) => (value - shift) ** 2));
  return { mean: mean + scale * shift, scale: scale * spread };
}
