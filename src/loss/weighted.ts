import type { Curvature } from './curvature.js';
import type { Loss, SmoothLoss } from './loss.js';

/** Twice the spacing of float64 at 1: what v_i = w_i·u_i and back may be off. */
const SHRINK = 1 - 4 * 2 ** -53;

/**
 * A smooth loss with a weight for each row: 𝓛_w(f, y) = Σ_i w_i ℓ(f_i, y_i), w_i > 0, length n. Integer weights are repeated rows.
 *
 * Gradient w_i ∇ℓ, curvature w_i ∇²ℓ, conjugate Σ_i w_i ℓ*(v_i/w_i) on the v with every v_i/w_i in the domain of ℓ*. That quotient
 * is rounded; where rounding leads out of the domain, the conjugate is taken at the nearest vector in it, some 4 + 4K units
 * 2⁻⁵³ of the row's largest entry away, as little as `roundIntoDomain` may move. Weights are not copied.
 */
export function weightedLoss(loss: SmoothLoss, weights: Float64Array): SmoothLoss {
  const heaviest = weights.reduce((most, w) => Math.max(most, w), 0);
  return {
    kind: 'smooth',
    name: loss.name,
    curvatureBound: heaviest * loss.curvatureBound,
    value(f, y) {
      let sum = 0;
      forEachRow(f, y, (row, target, i) => {
        sum += weights[i]! * loss.value(row, target);
      });
      return sum;
    },
    gradientInto(out, f, y) {
      loss.gradientInto(out, f, y);
      scaleRows(out, weights);
    },
    curvature(f, y) {
      return weightedCurvature(loss.curvature(f, y), weights);
    },
    conjugate(v, y) {
      let sum = 0;
      forEachRow(v, y, (row, target, i) => {
        sum += rowConjugate(loss, row, target, weights[i]!);
      });
      return sum;
    },
    rowLoss: (i) => weightedLoss(loss, weights.subarray(i, i + 1)),
  };
}

/** The loss of rows with weights, or as it is without. */
export function withWeights(loss: Loss, weights: Float64Array | null): Loss {
  if (weights === null) return loss;
  if (loss.kind === 'smooth') return weightedLoss(loss, weights);
  throw new TypeError(`the ${loss.name} loss takes no weights`);
}

/** w·ℓ*(v/w) of one row; the row is overwritten. */
function rowConjugate(loss: SmoothLoss, row: Float64Array, target: Float64Array, weight: number): number {
  for (let k = 0; k < row.length; k++) row[k]! /= weight;
  const exact = loss.conjugate(row, target);
  if (exact < Infinity) return weight * exact;
  // The domain contains 0 and is convex: shrinking leads back into it from a rounding outside, and nowhere from further out.
  for (let k = 0; k < row.length; k++) row[k]! *= SHRINK;
  loss.roundIntoDomain?.(row, target);
  return weight * loss.conjugate(row, target);
}

/** Calls `visit` with a copy of each row's K entries and its target (the same arrays every time), and its number. */
function forEachRow(
  values: Float64Array,
  y: Float64Array,
  visit: (row: Float64Array, target: Float64Array, i: number) => void,
): void {
  const n = y.length;
  const row = new Float64Array(n === 0 ? 0 : values.length / n);
  const target = new Float64Array(1);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < row.length; k++) row[k] = values[k * n + i]!;
    target[0] = y[i]!;
    visit(row, target, i);
  }
}

/** Multiplies every row of an output-major vector by its weight. */
function scaleRows(values: Float64Array, weights: Float64Array): void {
  const n = weights.length;
  for (let at = 0; at < values.length; at++) values[at]! *= weights[at % n]!;
}

function weightedCurvature(own: Curvature, weights: Float64Array): Curvature {
  const diagonal = own.diagonal?.slice() ?? null;
  if (diagonal) scaleRows(diagonal, weights);
  let roots: Float64Array | null = null;
  return {
    diagonal,
    multiplyInto(out, w) {
      own.multiplyInto(out, w);
      scaleRows(out, weights);
    },
    block(k, l) {
      roots ??= weights.map(Math.sqrt);
      const { left, right, sign } = own.block(k, l);
      const scaled = (side: Float64Array): Float64Array => side.map((value, i) => value * roots![i]!);
      const first = scaled(left);
      return { left: first, right: left === right ? first : scaled(right), sign };
    },
  };
}
