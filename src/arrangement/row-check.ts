import type { CellTree } from './cell-tree.js';
import type { Hyperplanes } from './hyperplanes.js';
import { wordCount, type ActivationPattern } from './pattern.js';
import type { Rows } from './sub-network-pattern.js';

/** Below this a product may have lost digits to underflow. */
const SAFE_SIZE = 1e-280;

/**
 * For each hyperplane a product δ with unit rays such that a cone whose rays all have a larger one needs no check: for
 * every w = map·u computed from positive combinations u of the rays, x_i·w computed plainly has the right sign.
 *
 * With M_t = Σ_k |map_tk|, the roundings of map·u, of its scaling and of the dot product change x_i·w by at most
 * (r + d + 3)·2⁻⁵³·Σ_t |x_it| M_t·‖u‖ to first order, and the normals, rays and products of the search are off by a few
 * (r + 2)·2⁻⁵³, while x_i·w itself is at least ‖x_i·map‖·δ·‖u‖. A factor of 4 covers both and the higher orders.
 */
export function certainMargins(
  { X, n, d }: Rows,
  { rank, map, count, hyperplaneOf }: Hyperplanes,
): Float64Array {
  const bound = Float64Array.from({ length: d }, (_, t) =>
    map.subarray(t * rank, (t + 1) * rank).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  const unit = 4 * (2 * rank + d + 8) * 2 ** -53;
  const certain = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const h = hyperplaneOf[i]!;
    if (h < 0) continue;
    let size = 0;
    for (let t = 0; t < d; t++) size += Math.abs(X[i * d + t]!) * bound[t]!;
    let square = 0;
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[i * d + t]! * map[t * rank + k]!;
      square += (sum / size) ** 2;
    }
    const margin = size > SAFE_SIZE && size < 1 / SAFE_SIZE ? unit * (1 + 1 / Math.sqrt(square)) : Infinity;
    // NaN is doubtful too.
    certain[h] = margin <= certain[h]! ? certain[h]! : margin;
  }
  return certain;
}

/** Rows by hyperplane, and the pattern of the present cell of a tree, kept up to date row by row. */
export class RowCheck {
  /** Pattern of the cell the tree stands at, if `flip` was called at every change of side. */
  readonly pattern: ActivationPattern;
  private readonly start: Int32Array;
  private readonly members: Int32Array;

  constructor(
    private readonly rows: Rows,
    private readonly planes: Hyperplanes,
  ) {
    const { hyperplaneOf, orientation, count } = planes;
    this.pattern = new Uint32Array(wordCount(rows.n));
    this.start = new Int32Array(count + 1);
    for (const h of hyperplaneOf) if (h >= 0) this.start[h + 1]!++;
    for (let h = 0; h < count; h++) this.start[h + 1]! += this.start[h]!;
    this.members = new Int32Array(this.start[count]!);
    const next = this.start.slice();
    hyperplaneOf.forEach((h, i) => {
      if (h >= 0) this.members[next[h]!++] = i;
      if (orientation[i]! >= 0) this.pattern[i >>> 5]! |= 1 << (i & 31);
    });
  }

  /** Goes to the other side of a hyperplane. */
  flip(h: number): void {
    for (let at = this.start[h]!; at < this.start[h + 1]!; at++) {
      const i = this.members[at]!;
      this.pattern[i >>> 5]! ^= 1 << (i & 31);
    }
  }

  /** Whether x_i·w, computed plainly, is strictly on the tree's side for every row whose side is not certain. */
  confirms(tree: CellTree, w: Float64Array): boolean {
    return tree.everyDoubtful((h) => {
      const { X, d } = this.rows;
      for (let at = this.start[h]!; at < this.start[h + 1]!; at++) {
        const i = this.members[at]!;
        let sum = 0;
        for (let t = 0; t < d; t++) sum += X[i * d + t]! * w[t]!;
        if (!(sum * this.planes.orientation[i]! * tree.sign[h]! > 0)) return false;
      }
      return true;
    });
  }
}
