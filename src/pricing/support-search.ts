import type { Rows } from '../arrangement/sub-network-pattern.js';
import { ExactRegion, type Violation } from './exact-region.js';
import { EdgeChoice } from './edge-choice.js';
import { LocalSearch } from './local-search.js';
import { RegionBound } from './region-bound.js';
import { RegionStack } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';

/** What {@link SupportSearch} may spend, and when it is satisfied. */
export interface SearchLimits {
  /** Values up to this are of no interest: regions whose bound is at most this are not looked into. */
  readonly threshold: number;
  /** Most regions to bound; each cone within a region that is solved exactly counts as one. */
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
  /** Regions and cones within regions bounded; regions solved exactly. */
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
/**
 * Regions with no longer edge are taken at their bound, which is the maximum there up to rounding: a ray on which many rows
 * vanish, as on a grid, may be a maximum that no bound and no enumeration gets hold of.
 */
const SMALLEST = 1e-12;
/** Where rows have many units, at most this many of them a row on average: beyond, splitting is cheaper. */
const BITS = 2;
/** Regions between two pauses. */
const PAUSE = 256;

/** What a search has found so far. */
interface Standing {
  threshold: number;
  readonly limit: number;
  upper: number;
  regions: number;
  exactRegions: number;
  readonly violations: Violation[];
}

const NOTHING = { upper: 0, regions: 0, exactRegions: 0 };

/**
 * Global pricing by branch and bound: an upper bound of
 *
 *     max { Σ_i v_i h_Z(x_i) : ‖Z‖_F ≤ 1 }
 *
 * over ALL weights Z = (z_j) of a sub-network h with signs as in `tree`, hence over all activation patterns that exist,
 * without a list of them. The unit sphere is covered by simplicial cones, split in two along an edge ({@link EdgeChoice}),
 * and each is bounded by {@link RegionBound}. Errors of the bounds shrink with the square of the size, so regions are cut small only
 * where the value comes near the threshold. Where few rows are left undecided, the states of their units are enumerated
 * and the region is solved exactly ({@link ExactRegion}). Rows in any position are welcome: no cell is ever computed.
 */
export class SupportSearch {
  private readonly dims: number;
  private readonly stack: RegionStack;
  private readonly bound: RegionBound;
  private readonly exact: ExactRegion;
  private readonly edges: EdgeChoice;
  private readonly local: LocalSearch;

  /** @param rows merged rows in r coordinates (pricing-rows.ts) */
  constructor(rows: Rows, tree: SignedTree) {
    this.dims = rows.d * tree.leaves;
    this.stack = new RegionStack(rows, tree.leaves);
    this.bound = new RegionBound(rows, tree);
    this.exact = new ExactRegion(rows, tree);
    this.edges = new EdgeChoice(tree, this.dims);
    this.local = new LocalSearch(rows, tree);
  }

  /**
   * Searches all weights. Yields every few hundred regions, so that callers can pause, report or stop. Cost O(open
   * rows · dims) a region.
   *
   * @param v weights of the merged rows
   */
  *search(v: Float64Array, limits: SearchLimits): Generator<undefined, SearchOutcome> {
    const { stack } = this;
    const standing = { ...NOTHING, threshold: limits.threshold, limit: limits.regions, violations: [] };
    const outcome = (upper: number, complete: boolean): SearchOutcome => {
      const { violations, regions, exactRegions } = standing;
      return { upper, complete, violations, regions, exactRegions };
    };
    const orthants = 2 ** this.dims;
    for (let orthant = 0; orthant < orthants; orthant++) {
      stack.startOrthant(orthant, v);
      let depth = 0;
      while (depth >= 0) {
        if (standing.regions >= limits.regions) {
          // What was not looked into is no better bounded than the whole, but for the last orthant.
          const left = orthant + 1 < orthants ? Infinity : this.openBound(depth);
          return outcome(Math.max(standing.upper, left), false);
        }
        if (standing.regions % PAUSE === 0) yield;
        if (yield* this.settles(depth, v, standing)) depth--;
        while (depth >= 0 && stack.at(depth).searched === 2) depth--;
        if (depth >= 0) stack.nextPart(depth++);
      }
    }
    return outcome(standing.upper, true);
  }

  /** Bounds the region at `depth` for good if it can; false means that it has to be split. */
  private *settles(depth: number, v: Float64Array, standing: Standing): Generator<undefined, boolean> {
    const { stack } = this;
    const { threshold, limit } = standing;
    const region = stack.at(depth);
    standing.regions++;
    this.bound.tighten(region, v, threshold);
    if (region.bound <= threshold) {
      standing.upper = Math.max(standing.upper, region.bound);
      return true;
    }
    const split = this.edges.choose(region, v, depth);
    const few = this.dims + SPARE_ROWS;
    const most = split.diameter > SMALL ? few : Math.max(few, MANY_ROWS);
    if (region.count <= most) {
      const projections = limit - standing.regions;
      const exact = yield* this.exact.solve(region, v, { threshold, projections, bits: BITS * most });
      standing.regions += exact.projections;
      if (exact.upper < Infinity) {
        standing.exactRegions++;
        this.record(exact.upper, exact.violation, standing);
        return true;
      }
    }
    stack.split(depth, split);
    if (split.diameter > SMALLEST) return false;
    const { z, value } = this.local.climb(v, region.middle);
    const violation = value > threshold ? { z, support: region.bound, inside: z, open: [] } : null;
    this.record(region.bound, violation, standing);
    return true;
  }

  private record(upper: number, violation: Violation | null, standing: Standing): void {
    standing.upper = Math.max(standing.upper, upper);
    standing.threshold = Math.max(standing.threshold, upper);
    if (violation) standing.violations.push(violation);
  }

  /** Largest bound of the regions still to be searched: the one at `depth` and other parts above it. */
  private openBound(depth: number): number {
    let most = this.stack.at(depth).bound;
    for (let at = 0; at < depth; at++) {
      const { searched, bound } = this.stack.at(at);
      if (searched < 2) most = Math.max(most, bound);
    }
    return most;
  }
}
