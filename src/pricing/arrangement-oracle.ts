import { cellCountBound } from '../arrangement/cell-count.js';
import { cells } from '../arrangement/cells.js';
import {
  groupKey,
  isSilent,
  realisedPattern,
  type Rows,
  type SubNetworkPattern,
} from '../arrangement/sub-network-pattern.js';
import { dotAt, norm2 } from '../linalg/vector.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { normalGenerator } from '../random.js';
import type { Hint, PatternOracle, Verification, Verifier } from '../solver/pattern-oracle.js';
import { LocalSearch } from './local-search.js';
import { momentBound } from './moment-bound.js';
import { PatternMaker } from './pattern-maker.js';
import { mergedWeights, pricingRows, type PricingRows } from './pricing-rows.js';
import { signedTrees, type SignedTree } from './signed-tree.js';
import { searchInParts, type SearchTask } from './search-in-parts.js';
import type { SearchOutcome } from './support-search.js';

/** What an oracle may do. */
export interface OracleOptions {
  /** [m₁ … m_{L−2}]. */
  readonly widths: readonly number[];
  /** Numbers of the dual vector per row. */
  readonly outputs: number;
  /** Random starts of a local search at each pricing, from `seed`. */
  readonly starts: number;
  readonly seed: number;
  /** Most regions of one verification; 0: nothing is verified. */
  readonly regions: number;
  /** Where large searches run; default: on the calling thread. */
  readonly executor?: Executor;
}

/** What global pricing did in a solve. */
export interface PricingCount {
  /** Regions of weights bounded, and of these the ones solved exactly. */
  regions: number;
  exactRegions: number;
  /** Verifications over all arrangements. */
  verifications: number;
}

/** Arrangements of at most so many cells are held whole from the start: cheaper than looking for the ones that matter. */
const LISTED_CELLS = 400;
/** Thorough proposals try this many times the usual starts. */
const THOROUGH = 8;
/** Most patterns proposed at once, per output, sign and tree. */
const PROPOSALS = 16;
/** Relative excess over β below which a local maximum is not worth a pattern. */
const EXCESS = 1e-9;
/** Dimensions from which on a search may take minutes. */
export const COSTLY_DIMS = 6;
/** Most dimensions of a search, which starts from 2^dims orthants; above it only the moment bound is taken. */
export const SEARCH_DIMS = 16;
/** Thresholds, relative to the first, that are tried when a search ran out of regions: a looser bound is a bound too. */
const LADDER = [2.5, 1.7, 1.3, 1.1, 1.02];

/** Local and global pricing over all activation patterns of the rows. */
export class ArrangementOracle implements PatternOracle, Verifier {
  readonly count: PricingCount = { regions: 0, exactRegions: 0, verifications: 0 };
  private readonly rows: Rows;
  private readonly options: OracleOptions;
  private readonly pricing: PricingRows;
  private readonly maker: PatternMaker;
  private readonly trees: readonly SignedTree[];
  private readonly local: readonly LocalSearch[];
  private readonly normal: () => number;
  private readonly known = new Set<string>();
  /** Whether `initial` gave every cell: there is nothing left to propose. */
  private listed = false;
  private readonly treeOf = new WeakMap<SubNetworkPattern, number>();

  constructor(rows: Rows, options: OracleOptions) {
    this.rows = rows;
    this.options = options;
    this.pricing = pricingRows(rows);
    this.maker = new PatternMaker(this.pricing, rows.d);
    this.trees = signedTrees(options.widths);
    this.local = this.trees.map((tree) => new LocalSearch(this.pricing.rows, tree));
    this.normal = normalGenerator(options.seed);
  }

  /** Dimension of the sphere that verification searches: rank times first-layer units. */
  get dims(): number {
    return this.pricing.rows.d * this.trees[0]!.leaves;
  }

  get isCostly(): boolean {
    return this.listed || this.dims >= COSTLY_DIMS;
  }

  initial(v: Float64Array, held: readonly SubNetworkPattern[]): SubNetworkPattern[] {
    for (const pattern of held) this.known.add(groupKey(pattern));
    if (this.options.regions > 0 && this.trees[0]!.units === 1 && cellCountBound(this.rows) <= LISTED_CELLS) {
      const found: SubNetworkPattern[] = [];
      for (const { witness } of cells(this.rows)) {
        this.keep(found, 0, realisedPattern(this.rows, { first: [witness] }));
      }
      this.listed = true;
      return found;
    }
    return this.climbAll(v, -Infinity, [], 1);
  }

  propose(v: Float64Array, beta: number, hints: readonly Hint[], thorough: boolean): SubNetworkPattern[] {
    if (this.listed) return [];
    return this.climbAll(v, beta * (1 + EXCESS), hints, thorough ? THOROUGH : 1);
  }

  get verifier(): Verifier | null {
    return this.options.regions > 0 ? this : null;
  }

  loose(v: Float64Array): number {
    let upper = 0;
    for (const { weights } of this.tasks(v)) {
      for (const tree of this.trees) upper = Math.max(upper, this.looseBound(tree, weights));
    }
    return upper + this.margin(v);
  }

  /**
   * The largest support value over all arrangements at v: a lower and an upper bound, equal up to rounding where the
   * search got through.
   */
  async maximum(
    v: Float64Array,
    pause: () => Promise<void>,
  ): Promise<{ lower: number; upper: number; complete: boolean }> {
    const tasks = this.tasks(v);
    if (tasks.every(({ weights }) => weights.every((weight) => weight === 0))) {
      return { lower: 0, upper: this.margin(v), complete: true };
    }
    let lower = 0;
    for (const { weights } of tasks) {
      for (const at of this.trees.keys()) {
        for (let start = 0; start < this.options.starts; start++) {
          lower = Math.max(lower, this.local[at]!.climb(weights, this.randomStart()).value);
        }
      }
    }
    if (lower === 0 || this.options.regions === 0) return { lower, upper: this.loose(v), complete: false };
    const { upper, complete } = await this.verify(v, lower, pause);
    return { lower, upper, complete };
  }

  async verify(v: Float64Array, threshold: number, pause: () => Promise<void>): Promise<Verification> {
    this.count.verifications++;
    const patterns: SubNetworkPattern[] = [];
    let upper = 0;
    let complete = true;
    let limit = threshold;
    const margin = this.margin(v);
    for (const { weights } of this.tasks(v)) {
      for (const [at, tree] of this.trees.entries()) {
        const outcome = await this.searchTree(tree, weights, limit, pause);
        upper = Math.max(upper, outcome.upper);
        complete &&= outcome.complete;
        const last = outcome.violations.at(-1);
        if (!last) continue;
        limit = Math.max(limit, last.support);
        for (const violation of outcome.violations)
          this.keep(patterns, at, this.maker.ofViolation(tree, violation, weights));
        this.keep(patterns, at, this.maker.at(tree, this.local[at]!.climb(weights, last.z).z));
      }
    }
    return { upper: upper + margin, patterns, complete };
  }

  /** A search; when it runs out of regions, coarser ones for a looser bound, and the moment bound. */
  private async searchTree(
    tree: SignedTree,
    weights: Float64Array,
    threshold: number,
    pause: () => Promise<void>,
  ): Promise<Pick<SearchOutcome, 'upper' | 'complete' | 'violations'>> {
    if (this.dims > SEARCH_DIMS) {
      const upper = this.looseBound(tree, weights);
      return { upper, complete: upper <= threshold, violations: [] };
    }
    const task = { rows: this.pricing.rows, tree, v: weights };
    const outcome = await this.drive(task, threshold, pause);
    if (outcome.complete) return outcome;
    let upper = Math.min(outcome.upper, this.looseBound(tree, weights));
    // Downwards: looser bounds take fewer regions, and the first that takes too many ends it.
    for (const factor of LADDER) {
      if (upper <= factor * threshold) continue;
      const coarse = await this.drive(task, factor * threshold, pause);
      if (!coarse.complete) break;
      upper = Math.min(upper, coarse.upper);
    }
    return { ...outcome, upper };
  }

  private async drive(
    task: SearchTask,
    threshold: number,
    pause: () => Promise<void>,
  ): Promise<SearchOutcome> {
    const { executor = inlineExecutor, regions } = this.options;
    const outcome = await searchInParts(task, { threshold, regions }, { executor, pause });
    this.count.regions += outcome.regions;
    this.count.exactRegions += outcome.exactRegions;
    return outcome;
  }

  /** Bound without a search: a tree's output is at most the sum of its leaves with a positive path (Cauchy–Schwarz). */
  private looseBound(tree: SignedTree, weights: Float64Array): number {
    if (tree.units === 1) return momentBound(this.pricing.rows, weights);
    let positive = 0;
    for (let leaf = 0; leaf < tree.leaves; leaf++) {
      let all = true;
      for (let u = leaf; u >= 0; u = tree.parent[u]!) all &&= tree.sign[u]! > 0;
      if (all) positive++;
    }
    const above = weights.map((weight) => Math.max(0, weight));
    return Math.sqrt(positive) * momentBound(this.pricing.rows, above);
  }

  /** The linear objectives −σ·v_k that are maximised: one per output and sign. */
  private tasks(v: Float64Array): { output: number; sign: 1 | -1; weights: Float64Array }[] {
    const { n } = this.rows;
    return Array.from({ length: this.options.outputs }, (_, output) => {
      const merged = mergedWeights(this.pricing, v.subarray(output * n, (output + 1) * n));
      return ([1, -1] as const).map((sign) => ({
        output,
        sign,
        weights: merged.map((value) => -sign * value),
      }));
    }).flat();
  }

  private climbAll(
    v: Float64Array,
    least: number,
    hints: readonly Hint[],
    effort: number,
  ): SubNetworkPattern[] {
    const found: SubNetworkPattern[] = [];
    for (const { output, sign, weights } of this.tasks(v)) {
      for (const [at, tree] of this.trees.entries()) {
        const starts = Array.from({ length: this.options.starts * effort }, () => this.randomStart());
        for (const hint of hints) {
          if (hint.output === output && hint.sign === sign && this.treeOf.get(hint.pattern) === at) {
            starts.push(this.nearby(hint.z, tree.leaves));
          }
        }
        const maxima = starts
          .map((z) => this.local[at]!.climb(weights, z))
          .filter(({ value }) => value > least);
        maxima.sort((a, b) => b.value - a.value);
        let room = PROPOSALS;
        for (const { z } of maxima) {
          if (room === 0) break;
          if (this.keep(found, at, this.maker.at(tree, z))) room--;
        }
      }
    }
    return found;
  }

  private randomStart(): Float64Array<ArrayBuffer> {
    return Float64Array.from({ length: this.dims }, () => this.normal());
  }

  /** Coordinates in the row space of weights z of the program, moved a little. */
  private nearby(z: Float64Array, leaves: number): Float64Array<ArrayBuffer> {
    const { basis, rows } = this.pricing;
    const { d } = this.rows;
    const out = new Float64Array(leaves * rows.d);
    for (let leaf = 0; leaf < leaves; leaf++) {
      for (let k = 0; k < rows.d; k++) {
        out[leaf * rows.d + k] = basis ? dotAt(z, leaf * d, basis, k * d, d) : z[leaf * d + k]!;
      }
    }
    const size = Math.sqrt(dotAt(out, 0, out, 0, out.length) / out.length);
    return out.map((value) => value + 1e-4 * size * this.normal());
  }

  /** Adds a pattern that is new and not silent; tells whether it was. */
  private keep(found: SubNetworkPattern[], tree: number, pattern: SubNetworkPattern): boolean {
    if (isSilent(pattern)) return false;
    const key = groupKey(pattern);
    if (this.known.has(key)) return false;
    this.known.add(key);
    this.treeOf.set(pattern, tree);
    found.push(pattern);
    return true;
  }

  /** Rounding of sums over all rows, and what the row space leaves out of them. */
  private margin(v: Float64Array): number {
    const { X, n, d } = this.rows;
    const share = (n + this.dims + 16) * 2 ** -52;
    let most = 0;
    for (let k = 0; k < this.options.outputs; k++) {
      let left = 0;
      for (let i = 0; i < n; i++) {
        const length = norm2(X.subarray(i * d, (i + 1) * d));
        left += Math.abs(v[k * n + i]!) * (this.pricing.residual[i]! + share * length);
      }
      most = Math.max(most, left);
    }
    return most * Math.sqrt(this.trees[0]!.leaves);
  }
}
