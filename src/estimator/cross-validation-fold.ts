import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Task, TaskContext } from '../executor/executor.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaMax } from '../path/beta-max.js';
import { regularisationPath } from '../path/regularisation-path.js';
import { withBias } from '../problem/matrix-input.js';
import { programFrom, type ProgramRecipe } from './program-recipe.js';

/** One fold of the cross-validation of one output. */
export interface FoldInput {
  readonly rows: Rows;
  readonly y: Float64Array;
  /** Fold of each row. */
  readonly foldOf: Int32Array;
  /** The fold that is held out. */
  readonly fold: number;
  readonly recipe: ProgramRecipe;
  /** Shares of the fold's own β_max, decreasing. */
  readonly ratios: readonly number[];
  /** Relative gap of the solves of the path. */
  readonly tolerance: number;
}

export interface FoldOutput {
  /** Mean held-out loss per row for each share. */
  readonly losses: readonly number[];
  /** Largest relative duality gap of the path. */
  readonly largestGap: number;
}

/**
 * A warm-started path on the rows outside of a fold, scored on the rows within. Reports the number of solves done. Cost: one
 * solve for each share.
 */
export const crossValidationFold: Task<FoldInput, FoldOutput, number> = {
  name: 'cross-validation-fold',
  run: runFold,
};

async function runFold(
  { rows, y, foldOf, fold, recipe, ratios, tolerance }: FoldInput,
  { pause, progress }: TaskContext<number>,
): Promise<FoldOutput> {
  const inside = subset(rows, y, (i) => foldOf[i] !== fold);
  const outside = subset(rows, y, (i) => foldOf[i] === fold);
  const program = programFrom(recipe, inside.rows, inside.y);
  // Networks read the bias column where the program has one.
  const heldOut = program.rows.d > outside.rows.d ? withBias(outside.rows) : outside.rows;
  const largest = betaMax(program);
  const betas = ratios.map((ratio) => ratio * largest);
  const losses: number[] = [];
  let largestGap = 0;
  for await (const step of regularisationPath(program, betas, { tolerance, pause })) {
    const f = forward(reconstructNetwork(step.program, step.solution.coefficients), heldOut);
    losses.push(program.loss.value(f, outside.y) / outside.y.length);
    largestGap = Math.max(largestGap, step.solution.relativeGap);
    progress(losses.length);
  }
  return { losses, largestGap };
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
