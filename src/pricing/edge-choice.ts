import type { Region } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';

/** Edges shorter than this share of the longest (squared) are not split. */
const GUARD = 0.1;
/**
 * Every so many levels it is the longest edge, in its middle. Else one ray might wander between the others for ever, on its
 * way to a face, and the region never get smaller.
 */
const LONGEST_EVERY = 8;
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
 * The edge of a region whose split makes its bound best: that with the largest error of linear bounds along it, Σ |v_i| ·
 * s_a s_b/(s_a + s_b) over the units of all layers that change their sign on row i from s_a to −s_b, split where they do on
 * average. Against the longest edge, split in its middle, that saves 2, 3 and 10 of 3, 4 and 11 regions at rank 4, 5 and 6
 * (depth 2, n = 100).
 */
export class EdgeChoice {
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly length: Float64Array;
  /** Sum of errors for each edge, and of where they are, as a share of the way from a to b. */
  private readonly error: Float64Array;
  private readonly place: Float64Array;
  /** Pre-activations of the units of one row at the rays. */
  private readonly units: Float64Array;

  constructor(tree: SignedTree, dims: number) {
    this.tree = tree;
    this.dims = dims;
    this.length = new Float64Array(dims * dims);
    this.error = new Float64Array(dims * dims);
    this.place = new Float64Array(dims * dims);
    this.units = new Float64Array(tree.units * dims);
  }

  /** @param depth of the region in its search */
  choose(region: Region, v: Float64Array, depth: number): EdgeSplit {
    const { dims, length, error, place } = this;
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
    const diameter = Math.sqrt(longest);
    if ((depth + 1) % LONGEST_EVERY === 0) return { ...edge, share: 0.5, diameter };
    this.sumErrors(region, v);
    let worst = 0;
    for (let b = 1; b < dims; b++) {
      for (let a = 0; a < b; a++) {
        if (length[a * dims + b]! < GUARD * longest || error[a * dims + b]! <= worst) continue;
        worst = error[a * dims + b]!;
        edge = { a, b };
      }
    }
    const share = worst > 0 ? place[edge.a * dims + edge.b]! / worst : 0.5;
    return { ...edge, share: Math.max(CLAMP, Math.min(1 - CLAMP, share)), diameter };
  }

  private sumErrors({ rows, values, count }: Region, v: Float64Array): void {
    const { dims, tree, error, place, units } = this;
    error.fill(0);
    place.fill(0);
    const size = tree.leaves * dims;
    for (let at = 0; at < count; at++) {
      const weight = Math.abs(v[rows[at]!]!);
      const from = tree.units === 1 ? values : units;
      const base = tree.units === 1 ? at * size : 0;
      if (tree.units > 1) this.evaluate(values, at * size);
      for (let u = 0; u < tree.units; u++) {
        const offset = base + u * dims;
        for (let b = 1; b < dims; b++) {
          const high = from[offset + b]!;
          for (let a = 0; a < b; a++) {
            const low = from[offset + a]!;
            if (!(low * high < 0)) continue;
            const share = low / (low - high);
            const lost = weight * Math.abs(high) * share;
            error[a * dims + b]! += lost;
            place[a * dims + b]! += lost * share;
          }
        }
      }
    }
  }

  /** Pre-activations of all units of a row from those of its leaves, ray by ray. */
  private evaluate(values: Float64Array, at: number): void {
    const { dims, tree, units } = this;
    for (let c = 0; c < tree.leaves * dims; c++) units[c] = values[at + c]!;
    for (let u = tree.leaves; u < tree.units; u++) {
      const first = tree.firstChild[u]!;
      for (let k = 0; k < dims; k++) {
        let sum = 0;
        for (let c = first; c < first + tree.children[u]!; c++) {
          const value = units[c * dims + k]!;
          if (value > 0) sum += tree.sign[c]! * value;
        }
        units[u * dims + k] = sum;
      }
    }
  }
}

function squaredDistance(rays: Float64Array, a: number, b: number, dims: number): number {
  let sum = 0;
  for (let t = 0; t < dims; t++) sum += (rays[a + t]! - rays[b + t]!) ** 2;
  return sum;
}
