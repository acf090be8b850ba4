import type { Rows } from '../arrangement/sub-network-pattern.js';
import { momentsOf } from '../table/moments.js';

/** Centre and scale of every column; a column that does not vary has scale 1 and becomes zero. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Mean and population standard deviation of each column. */
export function fitScaling({ X, n, d }: Rows): Scaling {
  const columns = Array.from({ length: d }, (_, t) =>
    momentsOf(Float64Array.from({ length: n }, (_unused, i) => X[i * d + t] ?? 0)),
  );
  return {
    mean: Float64Array.from(columns, ({ mean }) => mean),
    scale: Float64Array.from(columns, ({ scale }) => (scale > 0 ? scale : 1)),
  };
}

/** (X − mean) / scale, a new matrix. */
export function applyScaling({ X, n, d }: Rows, { mean, scale }: Scaling): Rows {
  return { X: X.map((value, i) => (value - (mean[i % d] ?? 0)) / (scale[i % d] ?? 1)), n, d };
}
