import type { Task, TaskContext } from '../executor/executor.js';
import { lossNamed, withWeights } from '../loss/index.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaMax } from '../path/beta-max.js';
import { regularisationPath } from '../path/regularisation-path.js';
import { withBias } from '../problem/matrix-input.js';
import { programFrom, type ProgramData, type ProgramRecipe } from './program-recipe.js';

/** One fold of the cross-validation of one output. */
export interface FoldInput {
  readonly inside: ProgramData;
  readonly outside: ProgramData;
  readonly recipe: ProgramRecipe;
  /** Shares of the fold's own β_max, decreasing. */
  readonly ratios: readonly number[];
  /** Relative gap of the solves of the path. */
  readonly tolerance: number;
}

/** Along the path: one entry for each share. */
export interface FoldOutput {
  /** Mean held-out loss per row, weighted where rows have weights. */
  readonly losses: readonly number[];
  /** Relative duality gaps of the solves. */
  readonly gaps: readonly number[];
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
  { inside, outside, recipe, ratios, tolerance }: FoldInput,
  { pause, progress }: TaskContext<number>,
): Promise<FoldOutput> {
  const program = programFrom(recipe, inside);
  // Networks read the bias column where the program has one.
  const heldOut = program.rows.d > outside.rows.d ? withBias(outside.rows) : outside.rows;
  const loss = withWeights(lossNamed(recipe.loss), outside.weights);
  const total = outside.weights?.reduce((sum, weight) => sum + weight, 0) ?? outside.y.length;
  const largest = betaMax(program);
  const betas = ratios.map((ratio) => ratio * largest);
  const losses: number[] = [];
  const gaps: number[] = [];
  for await (const step of regularisationPath(program, betas, { tolerance, pause })) {
    const f = forward(reconstructNetwork(step.program, step.solution.coefficients), heldOut);
    losses.push(loss.value(f, outside.y) / total);
    gaps.push(step.solution.relativeGap);
    progress(losses.length);
  }
  return { losses, gaps };
}
