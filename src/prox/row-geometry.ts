import type { StoredRows } from '../arrangement/sub-network-pattern.js';
import { firstEqualRow } from '../linalg/distinct-rows.js';
import { norm2 } from '../linalg/vector.js';

/**
 * The rows of X as normals of cone constraints: repeated rows give the same half-space and zero rows none, so each
 * distinct non-zero row is kept once, scaled to unit length.
 */
export interface RowGeometry {
  readonly d: number;
  /** Index in X of each distinct non-zero row. */
  readonly distinct: Int32Array;
  /** Position in `distinct` of a row of X; −1 for rows that are not in it. */
  readonly positionOf: Int32Array;
  /** Unit normals, one per entry of `distinct`, row-major. */
  readonly normals: Float64Array;
}

const known = new WeakMap<StoredRows, RowGeometry>();

/** The geometry of `rows`, computed once for each such object: every β of a path and its β_max ask for it. O(n·d). */
export function rowGeometry(rows: StoredRows): RowGeometry {
  let geometry = known.get(rows);
  if (!geometry) {
    geometry = computeGeometry(rows);
    known.set(rows, geometry);
  }
  return geometry;
}

function computeGeometry({ X, n, d }: StoredRows): RowGeometry {
  const first = firstEqualRow(X, n, d);
  const distinct: number[] = [];
  const positionOf = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    if (first[i] !== i || isZero(X, i, d)) continue;
    positionOf[i] = distinct.length;
    distinct.push(i);
  }
  const normals = new Float64Array(distinct.length * d);
  distinct.forEach((i, position) => {
    const row = X.subarray(i * d, (i + 1) * d);
    const length = norm2(row);
    for (let t = 0; t < d; t++) normals[position * d + t] = row[t]! / length;
  });
  return { d, distinct: Int32Array.from(distinct), positionOf, normals };
}

function isZero(X: StoredRows['X'], i: number, d: number): boolean {
  for (let at = i * d; at < (i + 1) * d; at++) if (X[at] !== 0) return false;
  return true;
}
