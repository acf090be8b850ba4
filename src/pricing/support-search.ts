import { dot, dotAt } from '../linalg/vector.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { exactSupport, type Violation } from './exact-region.js';
import { RegionStack, type Region } from './region-stack.js';
import { RowRelaxation } from './row-relaxation.js';
import type { SignedTree } from './signed-tree.js';
import { SimplexBound } from './simplex-bound.js';

/** What {@link SupportSearch} may spend, and when it is satisfied. */
export interface SearchLimits {
  /** Values up to this are of no interest: regions whose bound is at most this are not looked into. */
  readonly threshold: number;
  /** Most regions to bound. */
  readonly regions: number;
}

/** Outcome of a search. */
export interface SearchOutcome {
  /** Rigorous upper bound of the support value over all weights. */
  readonly upper: number;
  /** Whether no region was left: then `upper` is at most the threshold, or the exact maximum. */
  readonly complete: boolean;
  /** Weights above the threshold, each better than the one before: the last is the maximum of a complete search. */
  readonly violations: readonly Violation[];
  /** Regions bounded, and of these the ones searched exactly. */
  readonly regions: number;
  readonly exactRegions: number;
}

/**
 * Global pricing by branch and bound: an upper bound of
 *
 *     max { Σ_i v_i h_Z(x_i) : ‖Z‖_F ≤ 1 }
 *
 * over ALL weights Z = (z_j) of a sub-network h with signs as in `tree`, hence over all activation patterns that exist,
 * without a list of them. The unit sphere is covered by simplicial cones, halved along their longest edge. On each, rows
 * that no unit changes its sign for contribute a linear function; the others are bounded by linear functions
 * ({@link RowRelaxation}); the maximum of a linear function on cone and ball is {@link SimplexBound}. Errors shrink with
 * the square of the size, so regions are cut small only where the value comes near the threshold. Where few rows are
 * left undecided, their signs are enumerated and the region is solved exactly ({@link exactSupport}).
 */
export class SupportSearch {
  private readonly rows: Rows;
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly stack: RegionStack;
  private readonly relaxation: RowRelaxation;
  private readonly simplex: SimplexBound;
  private readonly b: Float64Array;

  /** @param rows merged rows in r coordinates (pricing-rows.ts) */
  constructor(rows: Rows, tree: SignedTree) {
    this.rows = rows;
    this.tree = tree;
    this.dims = rows.d * tree.leaves;
    this.stack = new RegionStack(this.dims, tree.leaves);
    this.relaxation = new RowRelaxation(tree, this.dims);
    this.simplex = new SimplexBound(this.dims, this.dims);
    this.b = new Float64Array(this.dims);
  }

  /**
   * Searches all weights. Yields every few hundred regions, so that callers can pause, report or stop.
   *
   * @param v weights of the merged rows
   */
  *search(v: Float64Array, limits: SearchLimits): Generator<undefined, SearchOutcome> {
    let { threshold } = limits;
    let upper = 0;
    let regions = 0;
    let exactRegions = 0;
    const violations: Violation[] = [];
    /** Settles the region at `depth` if it can; false means that it has to be split. */
    const settled = (depth: number): boolean => {
      const region = this.stack.at(depth, 0);
      regions++;
      this.boundRegion(region, v, threshold);
      if (region.bound > threshold && region.count <= EXACT_ROWS) {
        const exact = exactSupport(region, this.rows, this.tree, v, threshold);
        if (exact) {
          exactRegions++;
          upper = Math.max(upper, Math.min(exact.upper, region.bound));
          if (exact.violation) {
            violations.push(exact.violation);
            threshold = Math.max(threshold, exact.upper);
          }
          return true;
        }
      }
      if (region.bound <= threshold) {
        upper = Math.max(upper, region.bound);
        return true;
      }
      this.chooseEdge(region);
      region.searched = 0;
      return false;
    };
    const orthants = 2 ** this.dims;
    for (let orthant = 0; orthant < orthants; orthant++) {
      this.startOrthant(orthant);
      if (settled(0)) continue;
      for (let depth = 0; depth >= 0;) {
        const region = this.stack.at(depth, 0);
        if (regions >= limits.regions) {
          upper = Math.max(upper, this.pendingBound(depth, orthant));
          return { upper, complete: false, violations, regions, exactRegions };
        }
        if (regions % PAUSE === 0) yield;
        if (region.searched === 2) depth--;
        else {
          this.makeChild(depth, region);
          region.searched++;
          if (!settled(depth + 1)) depth++;
        }
      }
    }
    return { upper, complete: true, violations, regions, exactRegions };
  }

  /** Largest bound of what a search cut off at `depth` of `orthant` has not looked into. */
  private pendingBound(depth: number, orthant: number): number {
    if (orthant + 1 < 2 ** this.dims) return Infinity;
    let most = 0;
    for (let at = 0; at <= depth; at++) {
      const region = this.stack.at(at, 0);
      if (region.searched < 2) most = Math.max(most, region.bound);
    }
    return most;
  }

  private startOrthant(orthant: number): void {
    const { dims, tree } = this;
    const { X, n, d } = this.rows;
    const region = this.stack.at(0, n);
    region.rays.fill(0);
    region.linear.fill(0);
    region.count = n;
    for (let i = 0; i < n; i++) region.rows[i] = i;
    region.values.fill(0, 0, n * tree.leaves * dims);
    for (let k = 0; k < dims; k++) {
      const sign = (orthant >> k) & 1 ? -1 : 1;
      region.rays[k * dims + k] = sign;
      const leaf = Math.floor(k / d);
      for (let i = 0; i < n; i++) {
        region.values[(i * tree.leaves + leaf) * dims + k] = sign * X[i * d + (k % d)]!;
      }
    }
  }

  /** Moves decided rows into the linear part, bounds the others at the rays, and sets the region's bound. */
  private boundRegion(region: Region, v: Float64Array, threshold: number): void {
    const { dims, tree, relaxation, b } = this;
    const { X, d } = this.rows;
    const size = tree.leaves * dims;
    const { lower, upper } = relaxation;
    const top = (tree.units - 1) * dims;
    const { rows, values, linear } = region;
    b.fill(0);
    let kept = 0;
    for (let at = 0; at < region.count; at++) {
      const i = rows[at]!;
      if (relaxation.evaluate(values, at * size)) {
        for (let leaf = 0; leaf < tree.leaves; leaf++) {
          if (!relaxation.reaches(leaf)) continue;
          const weight = v[i]! * this.signOf(leaf);
          for (let t = 0; t < d; t++) linear[leaf * d + t]! += weight * X[i * d + t]!;
        }
        continue;
      }
      const weight = v[i]!;
      const from = weight >= 0 ? upper : lower;
      for (let k = 0; k < dims; k++) b[k]! += weight * from[top + k]!;
      if (kept < at) {
        rows[kept] = i;
        values.copyWithin(kept * size, at * size, (at + 1) * size);
      }
      kept++;
    }
    region.count = kept;
    for (let k = 0; k < dims; k++) b[k]! += dotAt(linear, 0, region.rays, k * dims, dims);
    region.bound = Math.min(region.bound, this.simplex.bound(region.rays, b, threshold));
  }

  /** Product of the signs between a leaf and the top. */
  private signOf(leaf: number): number {
    let sign = 1;
    for (let u = leaf; u >= 0; u = this.tree.parent[u]!) sign *= this.tree.sign[u]!;
    return sign;
  }

  private chooseEdge(region: Region): void {
    const { dims } = this;
    const { rays, middle } = region;
    let least = Infinity;
    for (let k = 0; k < dims; k++) {
      for (let l = 0; l < k; l++) {
        const cosine = dotAt(rays, k * dims, rays, l * dims, dims);
        if (cosine < least) {
          least = cosine;
          region.splitA = l;
          region.splitB = k;
        }
      }
    }
    for (let t = 0; t < dims; t++)
      middle[t] = rays[region.splitA * dims + t]! + rays[region.splitB * dims + t]!;
    const length = Math.sqrt(dot(middle, middle));
    for (let t = 0; t < dims; t++) middle[t]! /= length;
  }

  /** Copies the region to the next depth with one end of its longest edge moved to the middle. */
  private makeChild(depth: number, region: Region): void {
    const { dims, tree } = this;
    const { X, d } = this.rows;
    const child = this.stack.at(depth + 1, region.count);
    const moved = region.searched === 0 ? region.splitA : region.splitB;
    child.rays.set(region.rays);
    child.rays.set(region.middle, moved * dims);
    child.linear.set(region.linear);
    child.bound = region.bound;
    child.count = region.count;
    const size = tree.leaves * dims;
    child.values.set(region.values.subarray(0, region.count * size));
    for (let at = 0; at < region.count; at++) {
      const i = region.rows[at]!;
      child.rows[at] = i;
      for (let leaf = 0; leaf < tree.leaves; leaf++) {
        child.values[at * size + leaf * dims + moved] = dotAt(X, i * d, region.middle, leaf * d, d);
      }
    }
  }
}

/** At most this many undecided rows are enumerated exactly. */
const EXACT_ROWS = 6;
/** Regions between two pauses. */
const PAUSE = 256;
