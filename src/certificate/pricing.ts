import type { Workspace } from '../kernel/kernel.js';
import { norm2 } from '../linalg/vector.js';
import { adjointBlocks } from '../operator/adjoint-blocks.js';
import {
  firstGroupOf,
  groupCount,
  patternOfGroup,
  signCount,
  signOfGroup,
  type ConvexProgram,
} from '../program/convex-program.js';
import type { ConePool } from '../prox/cone-pool.js';
import { finish, finishNow } from '../steps.js';
import { spectralNormBound } from './norm-bound.js';

/** What pricing found out about one dual vector v. */
export interface Prices {
  /** Upper bound of the largest support value max_{z ∈ K_g, ‖z‖ ≤ 1} −σ_g ⟨v_k, A_g z⟩ over all groups, k the output of g. */
  readonly largest: number;
  /** Groups whose support value exceeds β, largest first. */
  readonly violators: readonly { readonly group: number; readonly support: number }[];
  /** Number of groups a bound was computed for: all of them. */
  readonly priced: number;
}

/** Unit roundoff of float64. */
const ROUNDOFF = 2 ** -53;

/**
 * Prices the groups of one program against one dual vector v after another (theory §4). The dual constraint of group g reads
 * ‖Π_K(−σ_g A_gᵀ v)‖ ≤ β. ‖A_gᵀ v‖ ≤ β discards both signs of a pattern at once; else the projection runs, warm-started,
 * only until its upper bound falls to β. Every pattern is priced against the slice v_k of every output k. Cost O(n·d) per
 * pattern, output and leaf, plus the projections.
 *
 * Safe screening: support values are Lipschitz in v with the constant ‖A_g‖ ≤ √leaves·‖X‖₂, so the bound of a group at one v
 * is one at the next, a known amount higher. Groups that this settles, ≤ β, are not looked at again.
 *
 * Bounds include a margin for the rounding of A_gᵀ v, so `largest` holds for the exact product.
 */
export class Pricer {
  /** Pairs of a pattern and an output that were looked at, and those that screening settled. */
  readonly counts = { priced: 0, screened: 0 };
  private readonly program: ConvexProgram;
  private readonly workspace: Workspace;
  private readonly cones: ConePool | null;
  /** The last v that all groups were priced at, and the upper bounds of their supports there, by group. */
  private last: Float64Array | null = null;
  private bounds = new Float64Array(0);

  constructor(program: ConvexProgram, workspace: Workspace, cones: ConePool | null) {
    this.program = program;
    this.workspace = workspace;
    this.cones = cones;
  }

  /** Prices at v, awaiting `pause` between blocks of patterns; it may throw to stop. */
  price(v: Float64Array, pause: () => Promise<void>, options: PricingOptions = {}): Promise<Prices> {
    return finish(this.pricing(v, options), pause);
  }

  /** The same at once. */
  priceNow(v: Float64Array, options: PricingOptions = {}): Prices {
    return finishNow(this.pricing(v, options));
  }

  private *pricing(v: Float64Array, { maxChanges, from = 0 }: PricingOptions): Generator<undefined, Prices> {
    const { program, workspace, cones } = this;
    const { beta, patterns, outputs } = program;
    const signs = signCount(program);
    const margin = adjointRounding(program, v);
    const violators: { group: number; support: number }[] = [];
    const known = this.reserveBounds();
    // Bounds follow v only where every group is priced at it, and new patterns at the v of the others.
    const follows = from === 0 || v === this.last;
    let largest = 0;
    const entries: number[] = [];
    const moves = from === 0 ? this.moves(v, margin) : null;
    for (let entry = from * outputs; entry < patterns.length * outputs; entry++) {
      const settled = moves ? this.shiftBounds(entry, moves[entry % outputs]!, known) : Infinity;
      if (settled <= beta) largest = Math.max(largest, settled);
      else entries.push(entry);
    }
    if (from === 0) this.last = v;
    this.counts.priced += entries.length;
    this.counts.screened += (patterns.length - from) * outputs - entries.length;
    const record = (group: number, support: number): void => {
      largest = Math.max(largest, support + margin);
      if (follows) this.bounds[group] = support + margin;
      if (support > beta) violators.push({ group, support });
    };
    const projections: { readonly group: number; readonly adjoint: Float64Array }[] = [];
    const task = { patterns, outputs, v, entries };
    const blocks = adjointBlocks(workspace, task, (entry, adjoint) => {
      const free = norm2(adjoint);
      const first = firstGroupOf(program, entry);
      if (cones && free > beta) projections.push({ group: first, adjoint: adjoint.slice() });
      else for (let g = first; g < first + signs; g++) record(g, free);
    });
    for (;;) {
      const done = blocks.next().done === true;
      yield;
      for (const { group, adjoint } of projections.splice(0)) {
        for (let g = group; g < group + signs; g++)
          record(g, groupSupport(program, g, adjoint, cones!, beta, maxChanges));
        yield;
      }
      if (done) break;
    }
    violators.sort((a, b) => b.support - a.support || a.group - b.group);
    return { largest, violators, priced: (patterns.length - from) * outputs * signs };
  }

  /** How much a support value of each output may have grown since the last v; null where nothing is known. */
  private moves(v: Float64Array, margin: number): Float64Array | null {
    const { program, last, workspace } = this;
    if (!last || program.patterns.length < SCREENED) return null;
    const { n } = program.rows;
    const leaves = program.patterns[0]?.leaves.length ?? 1;
    const norm = spectralNormBound(program.rows, workspace) * Math.sqrt(leaves);
    return Float64Array.from({ length: program.outputs }, (_, k) => {
      const change = v.subarray(k * n, (k + 1) * n).map((value, i) => value - last[k * n + i]!);
      return norm * norm2(change) * (1 + (n + 4) * ROUNDOFF) + margin;
    });
  }

  /** Moves the bounds of an entry's groups; returns the largest, ∞ where an entry beyond `known` has none. */
  private shiftBounds(entry: number, move: number, known: number): number {
    const first = firstGroupOf(this.program, entry);
    let largest = 0;
    for (let g = first; g < first + signCount(this.program); g++) {
      if (g >= known) return Infinity;
      this.bounds[g]! += move;
      largest = Math.max(largest, this.bounds[g]!);
    }
    return largest;
  }

  /** Makes room for the bounds of new patterns, which are not known yet; returns how many were there before. */
  private reserveBounds(): number {
    const known = this.bounds.length;
    const count = groupCount(this.program);
    if (known < count) {
      const grown = new Float64Array(count).fill(Infinity);
      grown.set(this.bounds);
      this.bounds = grown;
    }
    return known;
  }
}

export interface PricingOptions {
  /** Limits the changes of the active set of each projection: bounds are then looser, but as valid. */
  readonly maxChanges?: number | undefined;
  /** First pattern to price; default 0. */
  readonly from?: number;
}

/** Patterns below which pricing costs less than screening it. */
const SCREENED = 64;

/** Two pricings of different patterns of a program against the same v as one. */
export function joinPrices(a: Prices, b: Prices): Prices {
  const violators = [...a.violators, ...b.violators];
  violators.sort((x, y) => y.support - x.support || x.group - y.group);
  return { largest: Math.max(a.largest, b.largest), violators, priced: a.priced + b.priced };
}

/**
 * Upper bound of the support value ‖Π_K(−σ_g A_gᵀ v)‖ of one group of a ReLU program, from `adjoint` = A_gᵀ v. Stops as
 * soon as the bound is ≤ `stopBelow`, or after `maxChanges` changes of the projection's active set.
 */
export function groupSupport(
  program: ConvexProgram,
  g: number,
  adjoint: Float64Array,
  cones: ConePool,
  stopBelow: number,
  maxChanges?: number,
): number {
  const sign = -signOfGroup(program, g);
  const projection = cones.projection(g, patternOfGroup(program, g));
  return projection.supportBound(
    adjoint.map((value) => sign * value),
    cones.slack,
    stopBelow,
    maxChanges,
  );
}

/**
 * Bound on the rounding error of any ‖A_gᵀ v_k‖: γ_n · ‖ |X|ᵀ w ‖ · √leaves (Higham 2002, §3.1) with w_i = max_k |v_ik|. One bound
 * serves all outputs, and the error that scaling v and rounding it into the domain of 𝓛* makes: 4K roundings of w_i.
 */
function adjointRounding({ rows, patterns, outputs }: ConvexProgram, v: Float64Array): number {
  const { X, n, d } = rows;
  const absolute = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    let weight = 0;
    for (let k = 0; k < outputs; k++) weight = Math.max(weight, Math.abs(v[k * n + i]!));
    for (let t = 0; t < d; t++) absolute[t]! += weight * Math.abs(X[i * d + t]!);
  }
  const leaves = patterns[0]?.leaves.length ?? 1;
  return (n + 8 * outputs - 4) * ROUNDOFF * norm2(absolute) * Math.sqrt(leaves);
}
