import { Matrix, inverse } from 'ml-matrix';
import { Cone } from './cone.js';
import type { Hyperplanes } from './hyperplanes.js';

/**
 * The 2^(r−1) simplicial cones that the r pivot hyperplanes cut out of the half-space in front of the first of them;
 * with their opposites they are the cells of the arrangement of the pivots. Each has the r rays on which all pivots
 * but one vanish. The cone is overwritten by the next one.
 */
export function* rootCones({ rank, normals, pivots }: Hyperplanes): Generator<Cone, void> {
  if (rank === 0) return;
  const square = Array.from(pivots, (h) => Array.from(normals.subarray(h * rank, (h + 1) * rank)));
  const inverted = inverse(new Matrix(square));
  const lengths = Array.from({ length: rank }, (_, j) => Math.hypot(...inverted.getColumn(j)));
  const cone = new Cone(rank);
  const words = (rank + 31) >>> 5;
  // Sides as a mixed-radix counter would do; a number would end at 2³¹ cones.
  const side = new Int8Array(rank).fill(1);
  for (;;) {
    cone.clear(words, rank, 0);
    for (let j = 0; j < rank; j++) {
      cone.reserveRay();
      for (let t = 0; t < rank; t++) cone.rays[j * rank + t] = (side[j]! * inverted.get(t, j)) / lengths[j]!;
      cone.tight.fill(0, j * words, (j + 1) * words);
      for (let bit = 0; bit < rank; bit++) if (bit !== j) cone.markTight(j, bit);
      cone.rayCount++;
    }
    yield cone;
    let at = rank - 1;
    while (at > 0 && side[at]! < 0) side[at--] = 1;
    if (at <= 0) return;
    side[at] = -1;
  }
}
