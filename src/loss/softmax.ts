import type { Curvature } from './curvature.js';
import type { SmoothLoss } from './loss.js';

/**
 * Softmax cross-entropy over K classes: Σ_i log Σ_k exp(f_ik) − f_{i,y_i} with y_i ∈ {0, …, K − 1}; f and v of length n·K,
 * output-major, K = f.length / y.length.
 *
 * Gradient p − e_y with p the softmax of a row. Conjugate Σ_i Σ_k q log q with q = v + e_y, on q ≥ 0, Σ_k q_k = 1: minus the
 * entropy. The last condition, Σ_k v_k = 0, is met exactly: the entries of a row are kept on a grid of 2⁻⁵² times a
 * power of two ≥ |v_y|, on which sums have no rounding error.
 */
export const softmaxLoss: SmoothLoss = {
  kind: 'smooth',
  name: 'softmax',
  curvatureBound: 1 / 2,
  value(f, y) {
    let sum = 0;
    forEachRow(f, y, (row, label) => {
      sum += logSumExpLess(row, label);
    });
    return sum;
  },
  gradientInto(out, f, y) {
    const n = y.length;
    forEachRow(f, y, (row, label, i) => {
      probabilitiesInPlace(row);
      roundRow(row, label);
      for (let k = 0; k < row.length; k++) out[k * n + i] = row[k]!;
    });
  },
  curvature(f, y) {
    const n = y.length;
    const p = new Float64Array(f.length);
    forEachRow(f, y, (row, _label, i) => {
      probabilitiesInPlace(row);
      for (let k = 0; k < row.length; k++) p[k * n + i] = row[k]!;
    });
    return softmaxCurvature(p, n);
  },
  conjugate(v, y) {
    let sum = 0;
    forEachRow(v, y, (row, label) => {
      sum += rowConjugate(row, label);
    });
    return sum;
  },
  roundIntoDomain(v, y) {
    const n = y.length;
    forEachRow(v, y, (row, label, i) => {
      if (!isNearDomain(row, label)) return;
      roundRow(row, label);
      for (let k = 0; k < row.length; k++) v[k * n + i] = row[k]!;
    });
  },
};

/** Calls `visit` with a copy of each row's K entries (the same array every time), its class and its number. */
function forEachRow(
  values: Float64Array,
  y: Float64Array,
  visit: (row: Float64Array, label: number, i: number) => void,
): void {
  const n = y.length;
  const row = new Float64Array(n === 0 ? 0 : values.length / n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < row.length; k++) row[k] = values[k * n + i]!;
    visit(row, y[i]!, i);
  }
}

/** log Σ_k exp(f_k) − f_y, with full relative precision where it is tiny. */
function logSumExpLess(row: Float64Array, label: number): number {
  const own = row[label]!;
  let largest = 0;
  for (const value of row) largest = Math.max(largest, value - own);
  let others = 0;
  for (let k = 0; k < row.length; k++) if (k !== label) others += Math.exp(row[k]! - own - largest);
  // With largest = 0 the own class adds exp(0) = 1; else the sum is at least 1 without it.
  return largest === 0 ? Math.log1p(others) : largest + Math.log(others + Math.exp(-largest));
}

function probabilitiesInPlace(row: Float64Array): void {
  let largest = -Infinity;
  for (const value of row) largest = Math.max(largest, value);
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k] = Math.exp(row[k]! - largest);
  for (let k = 0; k < row.length; k++) row[k]! /= sum;
}

/** Rounds v_k, k ≠ y, down to the grid of the row and sets v_y = −Σ_{k≠y} v_k ≥ −1, exactly. Reads no v_y. */
function roundRow(row: Float64Array, label: number): void {
  row[label] = 0;
  let sum = 0;
  let most = label === 0 ? 1 : 0;
  for (let k = 0; k < row.length; k++) {
    sum += row[k]!;
    if (row[k]! > row[most]!) most = k;
  }
  // A power of two that exceeds the sum; its unit is the spacing of all that is added up. No smaller than the spacing of
  // subnormal numbers.
  const unit = Math.max(Number.MIN_VALUE, 2 ** (Math.ceil(Math.log2(sum)) - 52));
  if (sum > 0) for (let k = 0; k < row.length; k++) row[k] = Math.floor(row[k]! / unit) * unit;
  let total = 0;
  for (const value of row) total += value;
  const excess = Math.max(0, total - 1);
  row[most]! -= excess;
  row[label] = excess - total;
}

/** True when v_k ≥ 0 for k ≠ y, v_y ≥ −1 and Σ_k v_k = 0 up to roundings. */
function isNearDomain(row: Float64Array, label: number): boolean {
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    if (k !== label && !(row[k]! >= 0)) return false;
    sum += row[k]!;
  }
  const slack = (row.length + 4) * 2 ** -52;
  // Subnormal numbers are rounded by their spacing.
  const allowed = slack * Math.abs(row[label]!) + row.length * Number.MIN_VALUE;
  return Math.abs(sum) <= allowed && row[label]! >= -1 - slack;
}

function rowConjugate(row: Float64Array, label: number): number {
  let sum = 0;
  let entropy = 0;
  for (let k = 0; k < row.length; k++) {
    const v = row[k]!;
    sum += v;
    if (k === label) {
      if (!(v >= -1 && v <= 0)) return Infinity;
      if (v > -1) entropy += (1 + v) * Math.log1p(v);
    } else {
      if (!(v >= 0)) return Infinity;
      if (v > 0) entropy += v * Math.log(v);
    }
  }
  return sum === 0 ? entropy : Infinity;
}

/** diag(p) − ppᵀ of every row, from probabilities p, output-major. */
function softmaxCurvature(p: Float64Array, n: number): Curvature {
  const outputs = n === 0 ? 0 : p.length / n;
  const slice = (k: number): Float64Array => p.subarray(k * n, (k + 1) * n);
  return {
    diagonal: null,
    multiplyInto(out, w) {
      for (let i = 0; i < n; i++) {
        let mean = 0;
        for (let k = 0; k < outputs; k++) mean += p[k * n + i]! * w[k * n + i]!;
        for (let k = 0; k < outputs; k++) out[k * n + i] = p[k * n + i]! * (w[k * n + i]! - mean);
      }
    },
    block(k, l) {
      if (k !== l) return { left: slice(k), right: slice(l), sign: -1 };
      // 1 − p as the sum of the other probabilities: no cancellation where p is nearly 1.
      const root = new Float64Array(n);
      for (let m = 0; m < outputs; m++) if (m !== k) for (let i = 0; i < n; i++) root[i]! += p[m * n + i]!;
      for (let i = 0; i < n; i++) root[i] = Math.sqrt(root[i]! * p[k * n + i]!);
      return { left: root, right: root, sign: 1 };
    },
  };
}
