import type { ConvexProgram } from '../program/convex-program.js';
import type { Prices } from './pricing.js';

/**
 * Lower bound of the optimum from any dual vector v in the domain of 𝓛*: scaled by τ = min(1, β / largest support),
 * τ·v is feasible for the dual of theory §4, so −𝓛*(τ·v) ≤ P*. Valid at any iteration.
 *
 * The domain of 𝓛* contains 0 and is convex, so scaling never leaves it; where rounded scaling does, by roundings, the
 * loss rounds back into it, which the margin of the prices allows for. A margin of n·K roundings of the size of the sum's
 * terms is subtracted, so that the bound holds for the real number, not only for its float64 neighbour.
 */
export function dualBound(program: ConvexProgram, v: Float64Array, prices: Prices): number {
  const { beta, loss, y } = program;
  const scale = prices.largest <= beta ? 1 : beta / prices.largest;
  const scaled = v.map((value) => scale * value);
  if (scale < 1) loss.roundIntoDomain?.(scaled, y);
  const bound = -loss.conjugate(scaled, y);
  return bound - (v.length + 4) * 2 ** -53 * termSize(program, scaled);
}

/** Size of the terms that 𝓛*(v) adds up: Σ |conjugate of one row|, found by evaluating rows one at a time. */
function termSize({ loss, y, outputs, rows: { n } }: ConvexProgram, v: Float64Array): number {
  const row = new Float64Array(outputs);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < outputs; k++) row[k] = v[k * n + i]!;
    sum += Math.abs((loss.rowLoss?.(i) ?? loss).conjugate(row, y.subarray(i, i + 1)));
  }
  return sum;
}
