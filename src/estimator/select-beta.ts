import { allActive } from '../arrangement/pattern.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { lossNamed, type LossName } from '../loss/index.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaMax } from '../path/beta-max.js';
import { betaGrid, regularisationPath } from '../path/regularisation-path.js';
import { withBias } from '../problem/matrix-input.js';
import type { ConvexProgram } from '../program/convex-program.js';
import { cooperativePause } from '../solver/pause.js';

/** One β of the cross-validation: mean held-out loss per row over the folds and its standard error. */
export interface CvPoint {
  readonly betaRatio: number;
  readonly mean: number;
  readonly standardError: number;
}

/** Outcome of {@link selectBetaRatio}. */
export interface CvResult {
  /** Share of β_max with the smallest mean held-out loss. */
  readonly betaRatio: number;
  readonly points: readonly CvPoint[];
  readonly folds: number;
  /** Largest relative duality gap of any fold's solve. */
  readonly largestGap: number;
}

export interface CvOptions {
  /** Fold of each row, 0 … folds − 1. */
  readonly foldOf: Int32Array;
  readonly folds: number;
  /** Grid from `largestRatio` down to `smallestRatio`, `count` values. */
  readonly count: number;
  readonly largestRatio: number;
  readonly smallestRatio: number;
  /** Relative gap of the solves of the path. */
  readonly tolerance: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Chooses β as a share of β_max by k-fold cross-validation: in every fold a warm-started path over the same grid of
 * shares of that fold's β_max, scored by the mean held-out loss per row. Shares carry over from folds to all rows,
 * where the loss is a sum over more rows and β_max grows with it.
 *
 * @param makeProgram the program of a set of rows; its β is ignored
 */
export async function selectBetaRatio(
  rows: Rows,
  y: Float64Array,
  makeProgram: (rows: Rows, y: Float64Array) => ConvexProgram,
  options: CvOptions,
): Promise<CvResult> {
  const { foldOf, folds, count } = options;
  const ratios = [...betaGrid(options.largestRatio, options.smallestRatio / options.largestRatio, count)];
  const losses = ratios.map(() => [] as number[]);
  const pause = cooperativePause(options.signal);
  let largestGap = 0;
  let done = 0;
  for (let fold = 0; fold < folds; fold++) {
    const inside = subset(rows, y, (i) => foldOf[i] !== fold);
    const outside = subset(rows, y, (i) => foldOf[i] === fold);
    const program = makeProgram(inside.rows, inside.y);
    // Networks read the bias column where the program has one.
    const heldOut = program.rows.d > outside.rows.d ? withBias(outside.rows) : outside.rows;
    const largest = betaMax(program);
    const betas = ratios.map((ratio) => ratio * largest);
    let at = 0;
    for await (const step of regularisationPath(program, betas, { tolerance: options.tolerance, pause })) {
      const f = forward(reconstructNetwork(step.program, step.solution.coefficients), heldOut);
      losses[at]?.push(program.loss.value(f, outside.y) / outside.y.length);
      largestGap = Math.max(largestGap, step.solution.relativeGap);
      at++;
      options.onProgress?.(++done, folds * count);
    }
  }
  const points = ratios.map((betaRatio, k) => ({ betaRatio, ...meanAndError(losses[k] ?? []) }));
  const best = points.reduce((a, b) => (b.mean < a.mean ? b : a));
  return { betaRatio: best.betaRatio, points, folds, largestGap };
}

/**
 * The linear yardstick as a program of the same kind: one gate that is always active, so f(X) = X·v with penalty β‖v‖.
 * It is solved, certified and cross-validated by the same code as the networks it is compared with.
 */
export function linearProgram(rows: Rows, y: Float64Array, loss: LossName): ConvexProgram {
  const input = withBias(rows);
  const gate = new Float64Array(input.d);
  gate[input.d - 1] = 1; // only the bias: active on every row
  const pattern = allActive(input.n);
  return {
    rows: input,
    y,
    loss: lossNamed(loss),
    outputs: 1,
    beta: 0,
    formulation: 'gated',
    depth: 2,
    patterns: [
      {
        leaves: [{ sign: 1, mask: pattern }],
        units: [{ pattern, terms: [{ leaf: 0, sign: 1, mask: null }] }],
        gates: { first: [gate] },
      },
    ],
  };
}

function subset(
  { X, d }: Rows,
  y: Float64Array,
  keep: (row: number) => boolean,
): { readonly rows: Rows; readonly y: Float64Array } {
  const kept = Array.from(y.keys()).filter(keep);
  const out = new Float64Array(kept.length * d);
  kept.forEach((i, k) => {
    out.set(X.subarray(i * d, (i + 1) * d), k * d);
  });
  return { rows: { X: out, n: kept.length, d }, y: Float64Array.from(kept, (i) => y[i] ?? 0) };
}

function meanAndError(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
