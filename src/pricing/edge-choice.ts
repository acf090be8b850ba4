import type { Region } from './region-stack.js';

/** Edges shorter than this share of the longest (squared) are not split, so that regions keep getting smaller. */
const GUARD = 0.1;
/** The split is at least this share of the edge away from its ends. */
const CLAMP = 0.3;

/** Where a region is split: the ends a, b of an edge and the share of b in the point between them. */
export interface EdgeSplit {
  readonly a: number;
  readonly b: number;
  readonly share: number;
  /** Length of the region's longest edge. */
  readonly diameter: number;
}

/**
 * The edge of a region whose split makes its bound best: for one unit that with the largest error of the rows' linear
 * bounds along it, Σ |v_i| · s_a s_b/(s_a + s_b) over the rows that change their sign from s_a to −s_b, and it is split
 * where they do on average. Against the longest edge, split in its middle, that saves 2, 3 and 10 of 3, 4 and 11 regions at
 * rank 4, 5 and 6 (n = 100). Deep sub-networks have kinks that do not show in their first layer: there it is the longest edge.
 */
export class EdgeChoice {
  private readonly dims: number;
  private readonly isUnit: boolean;
  private readonly length: Float64Array;
  private readonly error: Float64Array;

  constructor(dims: number, isUnit: boolean) {
    this.dims = dims;
    this.isUnit = isUnit;
    this.length = new Float64Array(dims * dims);
    this.error = new Float64Array(dims * dims);
  }

  choose(region: Region, v: Float64Array): EdgeSplit {
    const { dims, length, error } = this;
    let longest = 0;
    let edge = { a: 0, b: Math.min(1, dims - 1) };
    for (let b = 1; b < dims; b++) {
      for (let a = 0; a < b; a++) {
        const size = squaredDistance(region.rays, a * dims, b * dims, dims);
        length[a * dims + b] = size;
        if (size <= longest) continue;
        longest = size;
        edge = { a, b };
      }
    }
    if (!this.isUnit || region.count === 0) return { ...edge, share: 0.5, diameter: Math.sqrt(longest) };
    this.sumErrors(region, v);
    let worst = -1;
    for (let b = 1; b < dims; b++) {
      for (let a = 0; a < b; a++) {
        if (length[a * dims + b]! < GUARD * longest || error[a * dims + b]! <= worst) continue;
        worst = error[a * dims + b]!;
        edge = { a, b };
      }
    }
    return { ...edge, share: meanKink(region, v, dims, edge), diameter: Math.sqrt(longest) };
  }

  private sumErrors({ rows, values, count }: Region, v: Float64Array): void {
    const { dims, error } = this;
    error.fill(0);
    for (let at = 0, base = 0; at < count; at++, base += dims) {
      const weight = Math.abs(v[rows[at]!]!);
      for (let b = 1; b < dims; b++) {
        const high = values[base + b]!;
        for (let a = 0; a < b; a++) {
          const low = values[base + a]!;
          if (low * high < 0) error[a * dims + b]! += (weight * low * high) / -Math.abs(low - high);
        }
      }
    }
  }
}

/** Mean of the places where rows change their sign between two rays, weighted by the error they make there. */
function meanKink(
  { rows, values, count }: Region,
  v: Float64Array,
  dims: number,
  { a, b }: { readonly a: number; readonly b: number },
): number {
  let sum = 0;
  let weights = 0;
  for (let at = 0, base = 0; at < count; at++, base += dims) {
    const low = values[base + a]!;
    const high = values[base + b]!;
    if (!(low * high < 0)) continue;
    const weight = (Math.abs(v[rows[at]!]!) * low * high) / -Math.abs(low - high);
    sum += (weight * low) / (low - high);
    weights += weight;
  }
  const share = weights > 0 ? sum / weights : 0.5;
  return Math.max(CLAMP, Math.min(1 - CLAMP, share));
}

function squaredDistance(rays: Float64Array, a: number, b: number, dims: number): number {
  let sum = 0;
  for (let t = 0; t < dims; t++) sum += (rays[a + t]! - rays[b + t]!) ** 2;
  return sum;
}
