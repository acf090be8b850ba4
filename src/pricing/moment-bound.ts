import type { Rows } from '../arrangement/sub-network-pattern.js';
import { rowSpaceOf } from '../linalg/row-space.js';
import { dotAt, norm2 } from '../linalg/vector.js';

/** Covers the rounding of singular values and sums. */
const MARGIN = 1 + 1e-10;

/**
 * A bound of max { Σ_i v_i (x_i·w)₊ : ‖w‖ ≤ 1 } for any rank, without a search:
 *
 *     Σ v_i (x_i·w)₊ = ½⟨Xᵀv, w⟩ + ½ Σ v_i |x_i·w| ≤ ½‖Xᵀv‖ + ½ sqrt( Σ₊ v_i‖x_i‖ · λ_max( Σ₊ v_i x_i x_iᵀ/‖x_i‖ ) )
 *
 * with Σ₊ over v_i > 0 (Cauchy–Schwarz). Usually two to five times the maximum: valid where nothing better is known.
 */
export function momentBound(rows: Rows, v: Float64Array): number {
  const { X, n, d } = rows;
  const linear = new Float64Array(d);
  const scaled: number[] = [];
  let mass = 0;
  let positive = 0;
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < d; t++) linear[t]! += v[i]! * X[i * d + t]!;
    const length = norm2(X.subarray(i * d, (i + 1) * d));
    if (!(v[i]! > 0 && length > 0)) continue;
    mass += v[i]! * length;
    positive++;
    const root = Math.sqrt(v[i]! / length);
    for (let t = 0; t < d; t++) scaled.push(root * X[i * d + t]!);
  }
  const largest = positive > 0 ? rowSpaceOf(Float64Array.from(scaled), positive, d).singularValues[0]! : 0;
  const size = Math.sqrt(dotAt(linear, 0, linear, 0, d));
  return (0.5 * size + 0.5 * Math.sqrt(mass) * largest) * MARGIN;
}
