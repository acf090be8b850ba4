import type { SignedTree } from './signed-tree.js';

const OFF = 0;
const ON = 1;
const CROSSING = 2;

/**
 * Linear bounds of what one row makes of a sub-network on a simplicial cone of weights.
 *
 * On the cone {Σ_k λ_k p_k : λ ≥ 0} every unit's output is bounded from both sides by linear functions of λ, given by
 * their values at the rays p_k: an output (a)₊ with a ≤ Σ λ_k ā_k is at most Σ λ_k (ā_k)₊, since (·)₊ is convex and
 * homogeneous; with a ≥ Σ λ_k a̲_k it is at least t·Σ λ_k a̲_k for any t ∈ [0, 1]. Signs of the inner weights decide
 * which bound of a child enters which bound of its parent. A unit whose sign does not change on the cone is exact.
 */
export class RowRelaxation {
  /** Bounds of each unit's output (pre-activation while it is computed) at the rays, unit after unit. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 0 off, 1 on, 2 crossing: sign of each unit's pre-activation on the cone. */
  readonly state: Uint8Array;
  private readonly exact: Uint8Array;
  readonly tree: SignedTree;
  private readonly rays: number;

  constructor(tree: SignedTree, rays: number) {
    this.tree = tree;
    this.rays = rays;
    this.lower = new Float64Array(tree.units * rays);
    this.upper = new Float64Array(tree.units * rays);
    this.state = new Uint8Array(tree.units);
    this.exact = new Uint8Array(tree.units);
  }

  /**
   * Bounds from the first-layer pre-activations of the row at the rays: entry [leaf][ray] at values[at + leaf·rays + ray].
   * Returns true when the top unit's output is exactly linear on the cone.
   */
  evaluate(values: Float64Array, at: number): boolean {
    const { tree, rays, lower, upper, exact } = this;
    const size = tree.leaves * rays;
    for (let c = 0; c < size; c++) lower[c] = upper[c] = values[at + c]!;
    exact.fill(1, 0, tree.leaves);
    for (let u = 0; u < tree.units; u++) {
      if (u >= tree.leaves) this.addChildren(u);
      this.activate(u);
    }
    return exact[tree.units - 1] === 1;
  }

  /** True when the unit and every unit above it are on: the row's output depends on that unit's leaf weights. */
  reaches(unit: number): boolean {
    for (let u = unit; u >= 0; u = this.tree.parent[u]!) if (this.state[u] !== ON) return false;
    return true;
  }

  private addChildren(unit: number): void {
    const { tree, rays, lower, upper, exact } = this;
    const base = unit * rays;
    lower.fill(0, base, base + rays);
    upper.fill(0, base, base + rays);
    exact[unit] = 1;
    const first = tree.firstChild[unit]!;
    for (let child = first; child < first + tree.children[unit]!; child++) {
      if (exact[child] === 0) exact[unit] = 0;
      const positive = tree.sign[child]! > 0;
      for (let k = 0, c = child * rays; k < rays; k++, c++) {
        lower[base + k]! += positive ? lower[c]! : -upper[c]!;
        upper[base + k]! += positive ? upper[c]! : -lower[c]!;
      }
    }
  }

  private activate(unit: number): void {
    const { rays, lower, upper, state, exact } = this;
    const base = unit * rays;
    let least = Infinity;
    let most = -Infinity;
    let positive = 0;
    let size = 0;
    for (let c = base; c < base + rays; c++) {
      const low = lower[c]!;
      if (low < least) least = low;
      if (upper[c]! > most) most = upper[c]!;
      if (low > 0) positive += low;
      size += Math.abs(low);
    }
    if (least >= 0) {
      state[unit] = ON;
    } else if (most <= 0) {
      state[unit] = OFF;
      exact[unit] = 1;
      lower.fill(0, base, base + rays);
      upper.fill(0, base, base + rays);
    } else {
      state[unit] = CROSSING;
      exact[unit] = 0;
      // The chord: the linear lower bound whose errors on both sides of the kink are alike.
      const slope = positive / size;
      for (let c = base; c < base + rays; c++) {
        lower[c] = slope * lower[c]!;
        if (upper[c]! < 0) upper[c] = 0;
      }
    }
  }
}
