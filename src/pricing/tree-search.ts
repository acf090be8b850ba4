import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { CircleSupport } from './circle-support.js';
import type { Violation } from './exact-region.js';
import { momentBound } from './moment-bound.js';
import type { SignedTree } from './signed-tree.js';
import { searchInParts } from './search-in-parts.js';
import type { SearchOutcome } from './support-search.js';

/** Most dimensions of a search, which starts from 2^dims orthants; above it only the moment bound is taken. */
export const SEARCH_DIMS = 16;
/** Thresholds, relative to the first, that are tried when a search ran out of regions: a looser bound is a bound too. */
const LADDER = [2.5, 1.7, 1.3, 1.1, 1.02];
/** Most local maxima given at once. */
const MAXIMA = 16;

/** What a search found out. */
export type TreeOutcome = Pick<SearchOutcome, 'upper' | 'complete' | 'violations'>;
type CountedOutcome = TreeOutcome & Pick<SearchOutcome, 'regions' | 'exactRegions'>;

/** What global pricing did in a solve. */
export interface PricingCount {
  /** Regions of weights bounded, and of these the ones solved exactly. */
  regions: number;
  exactRegions: number;
  /** Verifications over all arrangements. */
  verifications: number;
}

/**
 * Upper bounds of max { Σ_i v_i h_Z(x_i) : ‖Z‖ ≤ 1 } over all weights Z of the sub-networks of one tree, by the way that
 * suits their dimension: a walk round the circle in the plane, a branch and bound, or a bound without a search.
 */
export class TreeSearch {
  private readonly rows: Rows;
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly regions: number;
  private readonly count: PricingCount;
  private readonly executor: Executor;
  private readonly circle: CircleSupport | null;
  /** 1 for arcs of the circle that were given as violations before. */
  private readonly given: Uint8Array;

  /**
   * @param rows merged rows in r coordinates (pricing-rows.ts)
   * @param budget most regions of one search, where regions are counted, and where large searches run (by default here)
   */
  constructor(
    rows: Rows,
    tree: SignedTree,
    budget: { readonly regions: number; readonly count: PricingCount; readonly executor?: Executor },
  ) {
    this.rows = rows;
    this.tree = tree;
    this.dims = rows.d * tree.leaves;
    this.regions = budget.regions;
    this.count = budget.count;
    this.executor = budget.executor ?? inlineExecutor;
    const circle = tree.units === 1 && rows.d === 2 && rows.n > 0 ? new CircleSupport(rows) : null;
    this.circle = circle && circle.arcs <= this.regions ? circle : null;
    this.given = new Uint8Array(this.circle?.arcs ?? 0);
  }

  /** Whether {@link localMaxima} finds every one. */
  get isExact(): boolean {
    return this.circle !== null;
  }

  /** A search; when it runs out of regions, coarser ones for a looser bound, and the bound without a search. */
  async search(v: Float64Array, threshold: number, pause: () => Promise<void>): Promise<TreeOutcome> {
    if (this.circle) return this.counted(this.walk(this.circle, v, threshold));
    if (this.dims > SEARCH_DIMS) {
      const upper = this.loose(v);
      return { upper, complete: upper <= threshold, violations: [] };
    }
    const outcome = await this.branch(v, threshold, pause);
    if (outcome.complete) return outcome;
    let upper = Math.min(outcome.upper, this.loose(v));
    // Downwards: looser bounds take fewer regions, and the first that takes too many ends it.
    for (const factor of LADDER) {
      if (upper <= factor * threshold) continue;
      const coarse = await this.branch(v, factor * threshold, pause);
      if (!coarse.complete) break;
      upper = Math.min(upper, coarse.upper);
    }
    return { ...outcome, upper };
  }

  /**
   * The best local maxima above a threshold from the least to the largest, where they are to be had at once; else null. Those
   * of patterns given before are left out.
   */
  localMaxima(v: Float64Array, threshold: number): readonly Violation[] | null {
    return this.circle && this.walk(this.circle, v, threshold).violations;
  }

  /**
   * A bound at once: exact in the plane, else the moment bound; a tree's output is at most the sum of its leaves with a
   * positive path (Cauchy–Schwarz).
   */
  loose(v: Float64Array): number {
    const { tree } = this;
    if (this.circle) return this.circle.maximum(v);
    if (tree.units === 1) return momentBound(this.rows, v);
    let positive = 0;
    for (let leaf = 0; leaf < tree.leaves; leaf++) {
      let all = true;
      for (let u = leaf; u >= 0; u = tree.parent[u]!) all &&= tree.sign[u]! > 0;
      if (all) positive++;
    }
    const above = v.map((weight) => Math.max(0, weight));
    return Math.sqrt(positive) * momentBound(this.rows, above);
  }

  private walk(circle: CircleSupport, v: Float64Array, threshold: number): CountedOutcome {
    const { given } = this;
    const upper = circle.maximum(v);
    const fresh = upper > threshold ? circle.peaks(threshold).filter((arc) => given[arc] === 0) : [];
    const violations = fresh.slice(-MAXIMA).map((arc) => {
      given[arc] = 1;
      return circle.violation(arc);
    });
    return { upper, complete: true, violations, regions: circle.arcs, exactRegions: circle.arcs };
  }

  private async branch(v: Float64Array, threshold: number, pause: () => Promise<void>): Promise<TreeOutcome> {
    const task = { rows: this.rows, tree: this.tree, v };
    const limits = { threshold, regions: this.regions };
    return this.counted(await searchInParts(task, limits, { executor: this.executor, pause }));
  }

  private counted(outcome: CountedOutcome): TreeOutcome {
    this.count.regions += outcome.regions;
    this.count.exactRegions += outcome.exactRegions;
    return outcome;
  }
}
