import type { Rows } from '../arrangement/sub-network-pattern.js';
import { firstEqualRow } from '../linalg/distinct-rows.js';
import { coordinatesIn, rowSpaceOf } from '../linalg/row-space.js';
import { norm2 } from '../linalg/vector.js';

/**
 * The rows of X as global pricing sees them: in coordinates of the row space (a unit's weights matter only there), rows
 * that are positive multiples of one another merged into one, zero rows left out. Since (c·x·w)₊ = c·(x·w)₊ for c > 0,
 * Σ_i v_i h(x_i) over the rows of X equals Σ_k v̂_k h(x̂_k) with v̂ from {@link mergedWeights}, for networks h of any depth.
 */
export interface PricingRows {
  /** Merged rows, N×r. */
  readonly rows: Rows;
  /** Merged row of each row of X; −1 for zero rows. */
  readonly source: Int32Array;
  /** x_i = factor_i · x̂_source(i), > 0. */
  readonly factor: Float64Array;
  /** r orthonormal vectors of length d that span the rows of X, row-major; null when coordinates are those of X. */
  readonly basis: Float64Array | null;
  /** Length of what the coordinates and the merging leave out of each row, rounding included. */
  readonly residual: Float64Array;
}

/** Merges and reduces rows. Cost that of a singular value decomposition, O(n·d·min(n, d)). */
export function pricingRows(rows: Rows): PricingRows {
  const { X, n, d } = rows;
  const { rank, basis } = rowSpaceOf(X, n, d);
  const reduced = rank < d ? coordinatesIn(basis, rank, X, n, d) : X;
  const width = Math.max(1, rank < d ? rank : d);
  const source = new Int32Array(n).fill(-1);
  const factor = new Float64Array(n);
  const first = firstMultiple(rows);
  const kept: number[] = [];
  for (let i = 0; i < n; i++) {
    const leader = first[i]!;
    if (leader < 0) continue;
    if (leader === i) kept.push(i);
    source[i] = leader === i ? kept.length - 1 : source[leader]!;
    factor[i] = leader === i ? 1 : lengthOf(rows, i) / lengthOf(rows, leader);
  }
  const merged = new Float64Array(kept.length * width);
  kept.forEach((i, k) => {
    for (let t = 0; t < rank; t++) merged[k * width + t] = reduced[i * width + t]!;
  });
  return {
    rows: { X: merged, n: kept.length, d: width },
    source,
    factor,
    basis: rank < d ? basis : null,
    residual: residuals(rows, rank < d ? basis : null, rank),
  };
}

/** For each row the first of which it is a positive multiple, −1 for zero rows. */
function firstMultiple({ X, n, d }: Rows): Int32Array {
  const scaled = new Float64Array(n * d);
  const isZero = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let at = i * d; at < (i + 1) * d; at++) largest = Math.max(largest, Math.abs(X[at]!));
    isZero[i] = largest === 0 ? 1 : 0;
    if (largest > 0) for (let at = i * d; at < (i + 1) * d; at++) scaled[at] = X[at]! / largest;
  }
  return firstEqualRow(scaled, n, d).map((leader, i) => (isZero[i] === 1 ? -1 : leader));
}

function lengthOf({ X, d }: Rows, i: number): number {
  return norm2(X.subarray(i * d, (i + 1) * d));
}

/** ‖x − BᵀBx‖ of every row plus a few roundings of ‖x‖, which also cover the merging of rows. */
function residuals({ X, n, d }: Rows, basis: Float64Array | null, rank: number): Float64Array {
  const left = new Float64Array(d);
  return Float64Array.from({ length: n }, (_, i) => {
    const row = X.subarray(i * d, (i + 1) * d);
    const rounding = (d + 4) * 2 ** -52 * norm2(row);
    if (basis === null) return rounding;
    left.set(row);
    for (let k = 0; k < rank; k++) {
      let along = 0;
      for (let t = 0; t < d; t++) along += row[t]! * basis[k * d + t]!;
      for (let t = 0; t < d; t++) left[t]! -= along * basis[k * d + t]!;
    }
    return norm2(left) + rounding;
  });
}

/** v̂: the weights v of the rows of X added up on the merged rows. */
export function mergedWeights(pricing: PricingRows, v: Float64Array): Float64Array {
  const merged = new Float64Array(pricing.rows.n);
  mergeWeightsInto(merged, pricing, v, 0);
  return merged;
}

/** out = v̂ for the weights v[offset], v[offset + 1], … */
export function mergeWeightsInto(
  out: Float64Array,
  { source, factor }: PricingRows,
  v: Float64Array,
  offset: number,
): void {
  out.fill(0);
  for (let i = 0; i < source.length; i++) {
    const k = source[i]!;
    if (k >= 0) out[k]! += factor[i]! * v[offset + i]!;
  }
}

/** A weight vector in coordinates of the row space as one of length d. */
export function inInputSpace(
  { basis }: Pick<PricingRows, 'basis'>,
  w: Float64Array,
  d: number,
): Float64Array {
  if (basis === null) return Float64Array.from(w);
  const out = new Float64Array(d);
  // Where every row is zero the basis is empty, though w has one entry.
  for (let at = 0; at < basis.length; at++) out[at % d]! += w[Math.floor(at / d)]! * basis[at]!;
  return out;
}
