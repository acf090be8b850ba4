import { norm2 } from '../linalg/vector.js';
import { adjointInto } from '../operator/sub-network-operator.js';
import {
  groupCount,
  groupDims,
  groupNumber,
  outputSlice,
  patternOfGroup,
  signOfGroup,
  type ConvexProgram,
} from '../program/convex-program.js';
import type { ConePool } from '../prox/cone-pool.js';

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
 * Prices every group of the program against the dual vector v (theory §4). The dual constraint of group g reads
 * ‖Π_K(−σ_g A_gᵀ v)‖ ≤ β. ‖A_gᵀ v‖ ≤ β discards both signs of a pattern at once; else the projection runs, warm-started,
 * only until its upper bound falls to β. Every pattern is priced against the slice v_k of every output k. Cost O(n·d) per
 * pattern, output and leaf, plus the projections.
 *
 * `maxChanges` limits the work on each projection: bounds are then looser, but as valid.
 *
 * Bounds include a margin for the rounding of A_gᵀ v, so `largest` holds for the exact product.
 */
export function priceGroups(...task: Parameters<typeof pricing>): Prices {
  const steps = pricing(...task);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same as {@link priceGroups}, awaiting `pause` before every pattern; it may throw to stop. */
export async function priceGroupsPausing(
  pause: () => Promise<void>,
  ...task: Parameters<typeof pricing>
): Promise<Prices> {
  const steps = pricing(...task);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}

/** Two pricings of different patterns of a program against the same v as one. */
export function joinPrices(a: Prices, b: Prices): Prices {
  const violators = [...a.violators, ...b.violators];
  violators.sort((x, y) => y.support - x.support || x.group - y.group);
  return { largest: Math.max(a.largest, b.largest), violators, priced: a.priced + b.priced };
}

/** Yields before every pattern, so that callers decide how to spend the time between. Starts at pattern `from`. */
function* pricing(
  program: ConvexProgram,
  v: Float64Array,
  cones: ConePool | null,
  maxChanges?: number,
  from = 0,
): Generator<undefined, Prices> {
  const { beta, patterns, rows } = program;
  const margin = adjointRounding(program, v);
  const dims = groupDims(program);
  const adjoint = new Float64Array(dims);
  const violators: { group: number; support: number }[] = [];
  let largest = 0;
  const record = (group: number, support: number): void => {
    largest = Math.max(largest, support + margin);
    if (support > beta) violators.push({ group, support });
  };
  for (let c = from; c < patterns.length; c++) {
    yield;
    for (let k = 0; k < program.outputs; k++) {
      adjointInto(adjoint, rows, patterns[c]!, outputSlice(program, v, k));
      const free = norm2(adjoint);
      const first = groupNumber(program, c, k, 0);
      if (!cones || free <= beta) {
        record(first, free);
        continue;
      }
      for (let g = first; g < first + 2; g++) {
        record(g, groupSupport(program, g, adjoint, cones, beta, maxChanges));
      }
    }
  }
  violators.sort((a, b) => b.support - a.support || a.group - b.group);
  const priced = groupCount(program) - groupNumber(program, from, 0, 0);
  return { largest, violators, priced };
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
