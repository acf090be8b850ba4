import { Matrix, inverse } from 'ml-matrix';
import { norm2 } from '../linalg/vector.js';
import { equilibrated } from './equilibrate.js';
import type { Rows } from './sub-network-pattern.js';

/**
 * Pivots below this share of the first one count as zero. The rows are equilibrated first, so this is about the
 * rounding of the elimination (≈ 1e-15), not about the units of a column.
 */
const RANK_TOLERANCE = 1e-12;

/** A dot product this much smaller than the sum of its terms' sizes is summed again in twice the precision. */
const CANCELLATION = 0.05;

/** Splits a float64 into two halves of 26 bits whose products are exact (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/**
 * Coordinates in which the arrangement of the rows is well conditioned and has full rank: weights w = map·u, and
 * x_i·w ∝ normal_i·u. The pivot rows, chosen by complete pivoting, are the coordinate hyperplanes (up to rounding), so
 * that neither the units of a column, nor its distance from the origin, nor the scale of a row makes cells thin.
 */
export interface ArrangementCoordinates {
  /** Numerical rank r of X. */
  readonly rank: number;
  /** n×r row-major, unit length; a row of zeros where x_i is zero. */
  readonly normals: Float64Array;
  /** The r rows of X whose normals are (nearly) the coordinate axes. */
  readonly pivots: Int32Array;
  /** d×r row-major; rows of dropped (dependent) columns of X are zero. */
  readonly map: Float64Array;
}

/**
 * Coordinates of the rows' arrangement. The map is taken as exact and X·map is accumulated in twice the precision, so
 * hyperplanes of integer data that meet in one line still do so up to one rounding of each normal, whatever the
 * condition of X. Cost O(n·d·r).
 */
export function arrangementCoordinates(rows: Rows): ArrangementCoordinates {
  const { n, d } = rows;
  const { scaled, columnScale } = equilibrated(rows);
  const { pivotRows: pivots, pivotColumns: columns } = completePivoting(scaled.slice(), n, d);
  const rank = columns.length;
  const map = mapOf(scaled, { d, pivots, columns });
  const normals = unitProducts(scaled, map, { n, d, rank });
  for (let t = 0; t < d; t++) for (let k = 0; k < rank; k++) map[t * rank + k]! /= columnScale[t]!;
  return { rank, normals, pivots: Int32Array.from(pivots), map };
}

/** The inverse of the pivot rows in the chosen columns, as d×r row-major; zero rows for the other columns. */
function mapOf(
  A: Float64Array,
  { d, pivots, columns }: { d: number; pivots: readonly number[]; columns: readonly number[] },
): Float64Array {
  const rank = columns.length;
  const map = new Float64Array(d * rank);
  if (rank === 0) return map;
  const inverted = inverse(new Matrix(pivots.map((i) => columns.map((t) => A[i * d + t]!))));
  columns.forEach((t, a) => {
    for (let k = 0; k < rank; k++) map[t * rank + k] = inverted.get(a, k);
  });
  return map;
}

/** Rows and columns of the pivots of Gaussian elimination with complete pivoting, in order. Overwrites A. */
function completePivoting(
  A: Float64Array,
  n: number,
  d: number,
): { pivotRows: number[]; pivotColumns: number[] } {
  const pivotRows: number[] = [];
  const pivotColumns: number[] = [];
  let first = 0;
  while (pivotRows.length < Math.min(n, d)) {
    let at = 0;
    for (let p = 1; p < A.length; p++) if (Math.abs(A[p]!) > Math.abs(A[at]!)) at = p;
    const pivot = A[at] ?? 0;
    if (first === 0) first = Math.abs(pivot);
    if (!(Math.abs(pivot) > RANK_TOLERANCE * first)) break;
    const row = Math.floor(at / d);
    const column = at % d;
    pivotRows.push(row);
    pivotColumns.push(column);
    const pivotRow = A.slice(row * d, row * d + d);
    for (let i = 0; i < n; i++) {
      const factor = A[i * d + column]! / pivot;
      if (factor === 0) continue;
      for (let t = 0; t < d; t++) A[i * d + t]! -= factor * pivotRow[t]!;
      A[i * d + column] = 0;
    }
    A.fill(0, row * d, row * d + d);
  }
  return { pivotRows, pivotColumns };
}

/** Rows of A·map (n×r), each scaled to unit length. */
function unitProducts(
  A: Float64Array,
  map: Float64Array,
  { n, d, rank }: { n: number; d: number; rank: number },
): Float64Array {
  const out = new Float64Array(n * rank);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      let size = 0;
      for (let t = 0; t < d; t++) {
        const term = A[i * d + t]! * map[t * rank + k]!;
        sum += term;
        size += Math.abs(term);
      }
      out[i * rank + k] =
        Math.abs(sum) < CANCELLATION * size ? preciseDot(A, i * d, map, { k, rank, d }) : sum;
    }
    const row = out.subarray(i * rank, (i + 1) * rank);
    const length = norm2(row);
    if (length > 0) for (let k = 0; k < rank; k++) row[k]! /= length;
  }
  return out;
}

/** Σ_t A[offset + t]·map[t·rank + k] as if in twice the working precision (Ogita, Rump & Oishi 2005, Dot2). */
function preciseDot(
  A: Float64Array,
  offset: number,
  map: Float64Array,
  { k, rank, d }: { k: number; rank: number; d: number },
): number {
  let sum = 0;
  let error = 0;
  for (let t = 0; t < d; t++) {
    const a = A[offset + t]!;
    const b = map[t * rank + k]!;
    const product = a * b;
    const aHigh = SPLITTER * a - (SPLITTER * a - a);
    const bHigh = SPLITTER * b - (SPLITTER * b - b);
    const aLow = a - aHigh;
    const bLow = b - bHigh;
    const productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    const next = sum + product;
    const part = next - sum;
    error += sum - (next - part) + (product - part) + productError;
    sum = next;
  }
  return sum + error;
}
