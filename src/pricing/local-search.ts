import type { Rows } from '../arrangement/sub-network-pattern.js';
import { dot, dotAt, norm2 } from '../linalg/vector.js';
import type { SignedTree } from './signed-tree.js';

/** Most ascent steps from one start. */
const STEPS = 40;
/** Halvings of one step. */
const HALVINGS = 8;
/** A step that gains less than this share ends the ascent: the cone projection finds the rest within a pattern. */
const NEGLIGIBLE = 1e-6;

/** A local maximum of the pricing problem. */
export interface LocalMaximum {
  /** Unit vector of all leaves' weights. */
  readonly z: Float64Array;
  /** Σ_i v_i h_z(x_i): a lower bound of the support value of z's pattern. */
  readonly value: number;
}

/**
 * Local ascent for max { Σ_i v_i h_Z(x_i) : ‖Z‖ ≤ 1 } over the weights of one sub-network (theory §4). The value is
 * piecewise linear and homogeneous: the step goes to the normalised gradient, the maximiser if the pattern stayed the same,
 * halved towards the present weights until the value rises. Proves nothing; finds patterns worth adding.
 */
export class LocalSearch {
  private readonly rows: Rows;
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly values: Float64Array;
  private readonly slopes: Float64Array;
  private readonly gradient: Float64Array;
  private readonly target: Float64Array;
  private spare: Float64Array<ArrayBuffer>;

  constructor(rows: Rows, tree: SignedTree) {
    this.rows = rows;
    this.tree = tree;
    this.dims = rows.d * tree.leaves;
    this.values = new Float64Array(tree.units);
    this.slopes = new Float64Array(tree.units);
    this.gradient = new Float64Array(this.dims);
    this.target = new Float64Array(this.dims);
    this.spare = new Float64Array(this.dims);
  }

  /** Climbs from z ≠ 0. Cost O(N·dims) a step. */
  climb(v: Float64Array, z: Float64Array): LocalMaximum {
    let here = Float64Array.from(z);
    let there = this.spare;
    scale(here, norm2(here));
    let value = this.evaluate(v, here);
    for (let step = 0; step < STEPS; step++) {
      const slope = norm2(this.gradient);
      if (!(slope > 0)) break;
      this.target.set(this.gradient);
      scale(this.target, slope);
      const reached = this.stepTo(there, here, v, value);
      if (reached === null) break;
      [here, there] = [there, here];
      value = reached;
    }
    this.spare = there;
    return { z: here, value };
  }

  /** Halves the step towards the target until the value rises; the value at `there`, null where none does. */
  private stepTo(there: Float64Array, here: Float64Array, v: Float64Array, value: number): number | null {
    const { target } = this;
    let share = 1;
    for (let halving = 0; halving < HALVINGS; halving++, share /= 2) {
      for (let t = 0; t < there.length; t++) there[t] = here[t]! + share * (target[t]! - here[t]!);
      const size = norm2(there);
      if (!(size > 0)) continue;
      scale(there, size);
      const reached = this.evaluate(v, there);
      if (reached > value + NEGLIGIBLE * Math.abs(value)) return reached;
    }
    return null;
  }

  /** The value at z; leaves its gradient behind. */
  private evaluate(v: Float64Array, z: Float64Array): number {
    const { tree, values, slopes, gradient } = this;
    const { X, n, d } = this.rows;
    gradient.fill(0);
    if (tree.units === 1) return this.evaluateUnit(v, z);
    for (let i = 0; i < n; i++) {
      for (let u = 0; u < tree.units; u++) {
        let sum = 0;
        if (u < tree.leaves) sum = dotAt(X, i * d, z, u * d, d);
        else {
          const first = tree.firstChild[u]!;
          for (let c = first; c < first + tree.children[u]!; c++) sum += tree.sign[c]! * values[c]!;
        }
        values[u] = sum > 0 ? sum : 0;
      }
      for (let u = tree.units - 1; u >= 0; u--) {
        const above = tree.parent[u]!;
        slopes[u] = values[u]! > 0 ? (above < 0 ? v[i]! : slopes[above]! * tree.sign[u]!) : 0;
      }
      for (let u = 0; u < tree.leaves; u++) {
        const weight = slopes[u]!;
        if (weight === 0) continue;
        for (let t = 0; t < d; t++) gradient[u * d + t]! += weight * X[i * d + t]!;
      }
    }
    return dot(gradient, z);
  }

  /** The same for a single unit, where it matters most. */
  private evaluateUnit(v: Float64Array, z: Float64Array): number {
    const { X, n, d } = this.rows;
    const { gradient } = this;
    let value = 0;
    for (let i = 0, row = 0; i < n; i++, row += d) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[row + t]! * z[t]!;
      if (!(sum > 0)) continue;
      const weight = v[i]!;
      value += weight * sum;
      for (let t = 0; t < d; t++) gradient[t]! += weight * X[row + t]!;
    }
    return value;
  }
}

function scale(z: Float64Array, length: number): void {
  for (let t = 0; t < z.length; t++) z[t]! /= length;
}
