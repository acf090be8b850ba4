import { cellCountBound } from '../arrangement/cell-count.js';
import { cells } from '../arrangement/cells.js';
import {
  groupKey,
  isSilent,
  patternOfUnits,
  type Rows,
  type SubNetworkPattern,
} from '../arrangement/sub-network-pattern.js';
import { dotAt, norm2 } from '../linalg/vector.js';
import type { Executor } from '../executor/executor.js';
import { normalGenerator } from '../random.js';
import type { Hint, PatternOracle, Verification, Verifier } from '../solver/pattern-oracle.js';
import { LocalSearch } from './local-search.js';
import { PatternMaker } from './pattern-maker.js';
import { mergeWeightsInto, pricingRows, type PricingRows } from './pricing-rows.js';
import { signedTrees, type SignedTree } from './signed-tree.js';
import { TreeSearch, type PricingCount } from './tree-search.js';

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

/** One linear objective to maximise. */
interface Task {
  readonly output: number;
  readonly sign: 1 | -1;
  /** On the merged rows. */
  readonly weights: Float64Array;
}

/**
 * Arrangements of at most so many cells are held whole from the start: cheaper than looking for the ones that matter, but
 * where those are to be had at once.
 */
const LISTED_CELLS = 400;
/** Thorough proposals try this many times the usual starts. */
const THOROUGH = 8;
/** Most patterns proposed at once, per output, sign and tree. */
const PROPOSALS = 16;
/** Relative excess over β below which a local maximum is not worth a pattern. */
const EXCESS = 1e-9;
/** Dimensions from which on a search may take minutes. */
export const COSTLY_DIMS = 6;

/** Local and global pricing over all activation patterns of the rows. */
export class ArrangementOracle implements PatternOracle, Verifier {
  readonly count: PricingCount = { regions: 0, exactRegions: 0, verifications: 0 };
  private readonly rows: Rows;
  private readonly options: OracleOptions;
  private readonly pricing: PricingRows;
  private readonly maker: PatternMaker;
  private readonly trees: readonly SignedTree[];
  private readonly local: readonly LocalSearch[];
  private readonly searches: readonly TreeSearch[];
  private readonly normal: () => number;
  private readonly known = new Set<string>();
  /** Whether `initial` gave every cell: there is nothing left to propose. */
  private listed = false;
  private readonly treeOf = new WeakMap<SubNetworkPattern, number>();
  private readonly tasks: readonly Task[];
  /** Rounding and residual of each row of X, see `margin`. */
  private readonly slack: Float64Array;

  constructor(rows: Rows, options: OracleOptions) {
    this.rows = rows;
    this.options = options;
    this.pricing = pricingRows(rows);
    this.maker = new PatternMaker(this.pricing, rows.d);
    this.trees = signedTrees(options.widths);
    this.local = this.trees.map((tree) => new LocalSearch(this.pricing.rows, tree));
    const { regions, executor } = options;
    const budget = { regions, count: this.count, ...(executor ? { executor } : {}) };
    this.searches = this.trees.map((tree) => new TreeSearch(this.pricing.rows, tree, budget));
    this.normal = normalGenerator(options.seed);
    this.slack = this.rowSlack();
    const { n } = this.pricing.rows;
    this.tasks = Array.from({ length: 2 * options.outputs }, (_, at) => ({
      output: at >> 1,
      sign: at % 2 === 0 ? 1 : -1,
      weights: new Float64Array(n),
    }));
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
    if (this.isListable()) {
      const found: SubNetworkPattern[] = [];
      for (const { pattern, witness } of cells(this.rows)) {
        this.keep(found, 0, patternOfUnits([pattern], { first: [witness] }));
      }
      this.listed = true;
      return found;
    }
    return this.climbAll(v, -Infinity, [], 1);
  }

  private isListable(): boolean {
    if (this.options.regions === 0 || this.trees[0]!.units > 1 || this.searches[0]!.isExact) return false;
    return cellCountBound(this.rows) <= LISTED_CELLS;
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
    for (const { weights } of this.tasksAt(v)) {
      for (const search of this.searches) upper = Math.max(upper, search.loose(weights));
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
    const tasks = this.tasksAt(v);
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
    for (const { weights } of this.tasksAt(v)) {
      for (const [at, tree] of this.trees.entries()) {
        const outcome = await this.searches[at]!.search(weights, limit, pause);
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

  /** The linear objectives −σ·v_k that are maximised, one per output and sign: valid until the next call. */
  private tasksAt(v: Float64Array): readonly Task[] {
    const { n } = this.rows;
    const { tasks } = this;
    for (let k = 0; k < this.options.outputs; k++) {
      const { weights: opposite } = tasks[2 * k]!;
      const { weights } = tasks[2 * k + 1]!;
      mergeWeightsInto(weights, this.pricing, v, k * n);
      for (let i = 0; i < weights.length; i++) opposite[i] = -weights[i]!;
    }
    return tasks;
  }

  private climbAll(
    v: Float64Array,
    least: number,
    hints: readonly Hint[],
    effort: number,
  ): SubNetworkPattern[] {
    const found: SubNetworkPattern[] = [];
    for (const { output, sign, weights } of this.tasksAt(v)) {
      for (const [at, tree] of this.trees.entries()) {
        const exact = this.searches[at]!.localMaxima(weights, Math.max(0, least));
        if (exact) {
          for (const violation of exact)
            this.keep(found, at, this.maker.ofViolation(tree, violation, weights));
          continue;
        }
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
    const { n } = this.rows;
    let most = 0;
    for (let k = 0; k < this.options.outputs; k++) {
      let left = 0;
      for (let i = 0; i < n; i++) left += Math.abs(v[k * n + i]!) * this.slack[i]!;
      most = Math.max(most, left);
    }
    return most * Math.sqrt(this.trees[0]!.leaves);
  }

  private rowSlack(): Float64Array {
    const { X, n, d } = this.rows;
    const share = (n + this.dims + 16) * 2 ** -52;
    return this.pricing.residual.map((left, i) => left + share * norm2(X.subarray(i * d, (i + 1) * d)));
  }
}
