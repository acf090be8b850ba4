import { arrangementCoordinates } from './coordinates.js';
import type { Rows } from './sub-network-pattern.js';

/**
 * What counts as zero for the product of a unit normal and a unit ray, and for the distance of two unit normals, in
 * the coordinates of coordinates.ts. Rounding there is about 1e-15; cells thinner than this angle are not found.
 */
export const INCIDENCE_TOLERANCE = 1e-10;

/** The distinct hyperplanes {w : x_i·w = 0} of the rows of X, in coordinates u of rank r with w = map·u. */
export interface Hyperplanes {
  /** Rank r of X. */
  readonly rank: number;
  /** Number m of distinct hyperplanes: r ≤ m ≤ n. */
  readonly count: number;
  /** Unit normals, m×r row-major. */
  readonly normals: Float64Array;
  /** For each row of X its hyperplane, −1 for a zero row (which is active everywhere). */
  readonly hyperplaneOf: Int32Array;
  /** For each row +1 or −1, the side of its hyperplane's normal on which it is active; 0 for a zero row. */
  readonly orientation: Int8Array;
  /** r linearly independent, well conditioned hyperplanes. */
  readonly pivots: Int32Array;
  /** d×r row-major: weights w = map·u. */
  readonly map: Float64Array;
}

const known = new WeakMap<Rows, Hyperplanes>();

/**
 * Distinct hyperplanes of the rows: rows that are proportional, by a positive or a negative factor and up to rounding,
 * share one; zero rows have none. Numbered in the order of the rows. Computed once for each object: enumeration, counts and
 * bounds all ask for them. Cost O(n·d·r + n log n).
 */
export function hyperplanesOf(rows: Rows): Hyperplanes {
  let planes = known.get(rows);
  if (!planes) {
    planes = computeHyperplanes(rows);
    known.set(rows, planes);
  }
  return planes;
}

function computeHyperplanes(rows: Rows): Hyperplanes {
  const { rank, normals, pivots, map } = arrangementCoordinates(rows);
  const { n } = rows;
  const first = firstProportional(normals, n, rank);
  const hyperplaneOf = new Int32Array(n).fill(-1);
  const orientation = new Int8Array(n);
  const kept: number[] = [];
  for (let i = 0; i < n; i++) {
    const leader = first[i]!;
    if (leader < 0) continue;
    if (leader === i) kept.push(i);
    hyperplaneOf[i] = leader === i ? kept.length - 1 : hyperplaneOf[leader]!;
    orientation[i] = dotOfRows(normals, i, leader, rank) > 0 ? 1 : -1;
  }
  const distinct = new Float64Array(kept.length * rank);
  kept.forEach((i, h) => {
    distinct.set(normals.subarray(i * rank, (i + 1) * rank), h * rank);
  });
  return {
    rank,
    count: kept.length,
    normals: distinct,
    hyperplaneOf,
    orientation,
    pivots: pivots.map((i) => hyperplaneOf[i]!),
    map,
  };
}

/** The weights w = map·u, length d, of a point in coordinates. */
export function weightsOf({ rank, map }: Hyperplanes, d: number, u: Float64Array): Float64Array {
  const w = new Float64Array(d);
  for (let t = 0; t < d; t++) {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += map[t * rank + k]! * u[k]!;
    w[t] = sum;
  }
  return w;
}

/**
 * For each row the first row of the same hyperplane (itself if none is earlier), −1 for zero rows. Rows of one
 * hyperplane have nearly equal squares of their product with one fixed vector, whatever their orientation: sorted by
 * it, only near neighbours need comparing.
 */
function firstProportional(normals: Float64Array, n: number, rank: number): Int32Array {
  const key = new Float64Array(n);
  const nonZero: number[] = [];
  for (let i = 0; i < n; i++) {
    let product = 0;
    let square = 0;
    for (let k = 0; k < rank; k++) {
      const value = normals[i * rank + k]!;
      product += value * Math.cos(1 + 1.7 * k * k);
      square += value * value;
    }
    key[i] = product * product;
    if (square > 0) nonZero.push(i);
  }
  const order = Int32Array.from(nonZero).sort((a, b) => key[a]! - key[b]! || a - b);
  // |Δ(g·u)²| ≤ 2‖g‖²·‖Δu‖ for unit u.
  const window = 2 * rank * INCIDENCE_TOLERANCE;
  const first = new Int32Array(n).fill(-1);
  const leaders: number[] = [];
  let start = 0;
  for (const i of order) {
    while (start < leaders.length && key[leaders[start]!]! < key[i]! - window) start++;
    let at = leaders.length - 1;
    while (at >= start && !sameLine(normals, leaders[at]!, i, rank)) at--;
    if (at < start) leaders.push(i);
    first[i] = at < start ? i : leaders[at]!;
  }
  return earliest(first);
}

/** Turns leaders in the order of keys into leaders in the order of rows. */
function earliest(leader: Int32Array): Int32Array {
  const smallest = new Map<number, number>();
  leader.forEach((l, i) => {
    if (l >= 0 && !smallest.has(l)) smallest.set(l, i);
  });
  return leader.map((l) => smallest.get(l) ?? -1);
}

function sameLine(normals: Float64Array, i: number, j: number, rank: number): boolean {
  const sign = dotOfRows(normals, i, j, rank) < 0 ? -1 : 1;
  for (let k = 0; k < rank; k++) {
    if (Math.abs(normals[i * rank + k]! - sign * normals[j * rank + k]!) > INCIDENCE_TOLERANCE) return false;
  }
  return true;
}

function dotOfRows(normals: Float64Array, i: number, j: number, rank: number): number {
  let sum = 0;
  for (let k = 0; k < rank; k++) sum += normals[i * rank + k]! * normals[j * rank + k]!;
  return sum;
}
