import type { Normals } from './cone-splitter.js';
import { INCIDENCE_TOLERANCE } from './hyperplanes.js';

/**
 * Number of regions of the central arrangement of m unit normals, by deletion and restriction (Zaslavsky 1975): adding
 * hyperplane H to an arrangement A cuts as many regions in two as A has regions inside H, so
 *
 *     regions(A ∪ {H}) = regions(A) + regions(A restricted to H),
 *
 * down to the plane, where regions are counted by sorting slopes. Nothing is enumerated: about
 * m^(r−1)/(r−1)! steps of O(r + log m), a few per region. Normals nearer than INCIDENCE_TOLERANCE count as one.
 *
 * Returns Infinity as soon as the count exceeds `limit`.
 */
export function countRegions({ values, dimension }: Normals, count: number, limit: number): number {
  const levels = Array.from({ length: dimension + 1 }, (_, r) => new Float64Array(count * r));
  levels[dimension]!.set(values.subarray(0, count * dimension));
  const total = regions(levels, dimension, count, limit);
  return total > limit ? Infinity : total;
}

/** Regions of the first m normals of levels[r]; the levels below are scratch. Stops above `limit`. */
function regions(levels: readonly Float64Array[], r: number, m: number, limit: number): number {
  if (m === 0) return 1;
  if (r === 1) return 2;
  const normals = levels[r]!;
  if (r === 2) return 2 * distinctSlopes(normals, m);
  let total = 1;
  let kept = 0;
  for (let i = 0; i < m && total <= limit; i++) {
    if (!restrict(normals, { r, kept, i }, levels[r - 1]!)) continue;
    total += regions(levels, r - 1, kept, limit - total);
    normals.copyWithin(kept * r, i * r, (i + 1) * r);
    kept++;
  }
  return total;
}

/**
 * Restricts the first `kept` hyperplanes to hyperplane i: the coordinate where its normal is largest is eliminated.
 * False when one of them is the same hyperplane.
 */
function restrict(
  normals: Float64Array,
  { r, kept, i }: { r: number; kept: number; i: number },
  out: Float64Array,
): boolean {
  let pivot = 0;
  for (let t = 1; t < r; t++) {
    if (Math.abs(normals[i * r + t]!) > Math.abs(normals[i * r + pivot]!)) pivot = t;
  }
  const inverse = 1 / normals[i * r + pivot]!;
  for (let j = 0; j < kept; j++) {
    const factor = normals[j * r + pivot]! * inverse;
    let square = 0;
    let to = j * (r - 1);
    for (let t = 0; t < r; t++) {
      if (t === pivot) continue;
      const value = normals[j * r + t]! - factor * normals[i * r + t]!;
      out[to++] = value;
      square += value * value;
    }
    if (square <= INCIDENCE_TOLERANCE * INCIDENCE_TOLERANCE) return false;
    const scale = 1 / Math.sqrt(square);
    for (let at = j * (r - 1); at < to; at++) out[at]! *= scale;
  }
  return true;
}

/**
 * Number of distinct lines among m unit normals of the plane. Overwrites the normals. A line is placed on a circle of
 * circumference 4 by the slope against the nearer axis, on which equal lines are neighbours.
 */
function distinctSlopes(normals: Float64Array, m: number): number {
  for (let j = 0; j < m; j++) {
    const x = normals[2 * j]!;
    const y = normals[2 * j + 1]!;
    normals[j] = Math.abs(x) >= Math.abs(y) ? y / x : 2 - x / y;
  }
  const places = normals.subarray(0, m).sort();
  let distinct = 1;
  for (let j = 1; j < m; j++) if (places[j]! - places[j - 1]! > INCIDENCE_TOLERANCE) distinct++;
  // From −1 round to 3, which is the same line.
  return distinct > 1 && places[0]! + 4 - places[m - 1]! <= INCIDENCE_TOLERANCE ? distinct - 1 : distinct;
}
