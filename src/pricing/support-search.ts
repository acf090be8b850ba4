import type { Rows } from '../arrangement/sub-network-pattern.js';
import { ExactRegion, type Violation } from './exact-region.js';
import { EdgeChoice } from './edge-choice.js';
import { LocalSearch } from './local-search.js';
import { RegionBound } from './region-bound.js';
import { RegionStack, type SearchStart } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';

/** What {@link SupportSearch} may spend, and when it is satisfied. */
export interface SearchLimits {
  /** Values up to this are of no interest: regions whose bound is at most this are not looked into. */
  readonly threshold: number;
  /** Most regions to bound; each cone within a region that is solved exactly counts as one. */
  readonly regions: number;
  /** No region is begun after so many, but one that was may take up to `regions`; default `regions`. */
  readonly stopAfter?: number;
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
  /** What was not looked into, for another search to start from. */
  readonly open: readonly SearchStart[];
  /** Upper bound on what was. */
  readonly settled: number;
  /** What the threshold has risen to. */
  readonly threshold: number;
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
  readonly stopAfter: number;
  upper: number;
  regions: number;
  exactRegions: number;
  readonly violations: Violation[];
  /** How often an orthant was split to get the region that the stack began with. */
  depthOfStart: number;
}

const NOTHING = { upper: 0, regions: 0, exactRegions: 0, depthOfStart: 0 };

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
   * Searches all weights, or those of `starts` in their order. Yields every few hundred regions, so that callers can pause,
   * report or stop. Cost O(open rows · dims) a region.
   *
   * @param v weights of the merged rows
   */
  *search(
    v: Float64Array,
    limits: SearchLimits,
    starts: Iterable<SearchStart> = Array(2 ** this.dims).keys(),
  ): Generator<undefined, SearchOutcome> {
    const { threshold, regions: limit, stopAfter = limit } = limits;
    const standing = { ...NOTHING, threshold, limit, stopAfter, violations: [] };
    const open: SearchStart[] = [];
    for (const start of starts) {
      if (standing.regions >= stopAfter) open.push(start);
      else open.push(...(yield* this.searchFrom(start, v, standing)));
    }
    return outcomeOf(standing, open);
  }

  /** Searches one start; what is left of it when there are no regions left. */
  private *searchFrom(
    start: SearchStart,
    v: Float64Array,
    standing: Standing,
  ): Generator<undefined, SearchStart[]> {
    const { stack } = this;
    if (typeof start === 'number') stack.startOrthant(start, v);
    else stack.startRegion(start);
    standing.depthOfStart = typeof start === 'number' ? 0 : start.depth;
    let depth = 0;
    while (depth >= 0) {
      if (standing.regions >= standing.stopAfter) return stack.openRegions(depth, standing.depthOfStart);
      if (standing.regions % PAUSE === 0) yield;
      if (yield* this.settles(depth, v, standing)) depth--;
      while (depth >= 0 && stack.at(depth).searched === 2) depth--;
      if (depth >= 0) stack.nextPart(depth++);
    }
    return [];
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
    const split = this.edges.choose(region, v, standing.depthOfStart + depth);
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
}

/** The outcome of a search that has left `open`. */
export function outcomeOf(
  found: Omit<SearchOutcome, 'complete' | 'open' | 'settled'>,
  open: readonly SearchStart[],
): SearchOutcome {
  const { upper: settled, threshold, violations, regions, exactRegions } = found;
  const upper = open.reduce<number>((most, start) => Math.max(most, boundOf(start)), settled);
  return { upper, complete: open.length === 0, violations, regions, exactRegions, open, settled, threshold };
}

/** An orthant that was not begun is not bounded at all. */
function boundOf(start: SearchStart): number {
  return typeof start === 'number' ? Infinity : start.bound;
}
