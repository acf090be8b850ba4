import type { Rows } from '../arrangement/sub-network-pattern.js';
import { exactSupport, type Violation } from './exact-region.js';
import { EdgeChoice } from './edge-choice.js';
import { RegionBound } from './region-bound.js';
import { RegionStack } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';

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
  /** Regions bounded, and of these the ones solved exactly. */
  readonly regions: number;
  readonly exactRegions: number;
}

/**
 * At most dims + this many undecided rows are enumerated exactly: a maximum may lie where dims − 1 rows change their sign
 * at once, and a region around it never gets rid of them.
 */
const SPARE_ROWS = 2;
/**
 * In regions of this diameter or less up to MANY_ROWS are: where data lie on a grid, many rows change their sign in one
 * point, and the bounds of such small regions cut nearly all combinations.
 */
const SMALL = 1e-3;
const MANY_ROWS = 20;
/** A region this small is not split any more: its bound stands for its maximum, to which it is equal but for rounding. */
const TINY = 1e-9;
/** Regions between two pauses. */
const PAUSE = 256;

/**
 * Global pricing by branch and bound: an upper bound of
 *
 *     max { Σ_i v_i h_Z(x_i) : ‖Z‖_F ≤ 1 }
 *
 * over ALL weights Z = (z_j) of a sub-network h with signs as in `tree`, hence over all activation patterns that exist,
 * without a list of them. The unit sphere is covered by simplicial cones, split in two along an edge ({@link EdgeChoice}),
 * and each is bounded by {@link RegionBound}. Errors of the bounds shrink with the square of the size, so regions are cut small only
 * where the value comes near the threshold. Where few rows are left undecided, the states of their units are enumerated
 * and the region is solved exactly ({@link exactSupport}). Rows in any position are welcome: no cell is ever computed.
 */
export class SupportSearch {
  private readonly rows: Rows;
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly stack: RegionStack;
  private readonly bound: RegionBound;
  private readonly edges: EdgeChoice;

  /** @param rows merged rows in r coordinates (pricing-rows.ts) */
  constructor(rows: Rows, tree: SignedTree) {
    this.rows = rows;
    this.tree = tree;
    this.dims = rows.d * tree.leaves;
    this.stack = new RegionStack(rows, tree.leaves);
    this.bound = new RegionBound(rows, tree);
    this.edges = new EdgeChoice(this.dims, tree.units === 1);
  }

  /**
   * Searches all weights. Yields every few hundred regions, so that callers can pause, report or stop. Cost O(open
   * rows · dims) a region.
   *
   * @param v weights of the merged rows
   */
  *search(v: Float64Array, limits: SearchLimits): Generator<undefined, SearchOutcome> {
    const { stack } = this;
    let { threshold } = limits;
    let upper = 0;
    let regions = 0;
    let exactRegions = 0;
    const violations: Violation[] = [];
    /** Settles the region at `depth` if it can; false means that it has to be split. */
    const settled = (depth: number): boolean => {
      const region = stack.at(depth);
      regions++;
      this.bound.tighten(region, v, threshold);
      if (region.bound <= threshold) {
        upper = Math.max(upper, region.bound);
        return true;
      }
      const split = this.edges.choose(region, v);
      const few =
        split.diameter > SMALL ? this.dims + SPARE_ROWS : Math.max(this.dims + SPARE_ROWS, MANY_ROWS);
      const exact = region.count <= few ? exactSupport(region, this.rows, this.tree, v, threshold) : null;
      if (exact) {
        exactRegions++;
        upper = Math.max(upper, Math.min(exact.upper, region.bound));
        if (exact.violation) violations.push(exact.violation);
        threshold = Math.max(threshold, exact.upper);
        return true;
      }
      if (split.diameter <= TINY) {
        upper = Math.max(upper, region.bound);
        threshold = Math.max(threshold, region.bound);
        violations.push({
          z: region.rays.slice(0, this.dims),
          support: region.bound,
          inside: region.rays.slice(0, this.dims),
          open: [],
        });
        return true;
      }
      stack.split(depth, split);
      return false;
    };
    const orthants = 2 ** this.dims;
    for (let orthant = 0; orthant < orthants; orthant++) {
      stack.startOrthant(orthant);
      let depth = settled(0) ? -1 : 0;
      while (depth >= 0) {
        if (regions >= limits.regions) {
          // What was not looked into is no better bounded than the whole, but for the last orthant.
          const left = orthant + 1 < orthants ? Infinity : this.openBound(depth);
          return { upper: Math.max(upper, left), complete: false, violations, regions, exactRegions };
        }
        if (regions % PAUSE === 0) yield;
        if (stack.at(depth).searched === 2) depth--;
        else {
          stack.nextPart(depth);
          if (!settled(depth + 1)) depth++;
        }
      }
    }
    return { upper, complete: true, violations, regions, exactRegions };
  }

  /** Largest bound of the parts still to be searched down to `depth`. */
  private openBound(depth: number): number {
    let most = 0;
    for (let at = 0; at <= depth; at++) {
      const { searched, bound } = this.stack.at(at);
      if (searched < 2) most = Math.max(most, bound);
    }
    return most;
  }
}
