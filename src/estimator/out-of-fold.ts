import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Executor, Task } from '../executor/executor.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaMax } from '../path/beta-max.js';
import { withBias } from '../problem/matrix-input.js';
import { solveProgram } from '../solver/solve-program.js';
import { fitCalibration, softmaxLogOdds, type Calibration, type CalibrationMethod } from './calibration.js';
import type { FoldData } from './fold-data.js';
import { programFrom, recipeSize, type ProgramData, type ProgramRecipe } from './program-recipe.js';
import { dataOf } from './select-beta.js';

/** One network to train on the rows within a fold and to evaluate on those held out. */
export interface OutOfFoldInput {
  readonly inside: ProgramData;
  readonly outside: Rows;
  readonly recipe: ProgramRecipe;
  /** β as a share of the fold's own β_max. */
  readonly betaRatio: number;
  readonly tolerance: number;
}

export interface OutOfFoldOutput {
  /** Outputs on the held-out rows, output-major. */
  readonly values: Float64Array;
  readonly relativeGap: number;
}

/** Outputs of a network for rows it was not trained on. Reports nothing. */
export const outOfFold: Task<OutOfFoldInput, OutOfFoldOutput> = {
  name: 'out-of-fold',
  async run({ inside, outside, recipe, betaRatio, tolerance }, { pause }) {
    const base = programFrom(recipe, inside);
    const program = { ...base, beta: betaRatio * betaMax(base) };
    const solution = await solveProgram(program, { tolerance, pause });
    const rows = program.rows.d > outside.d ? withBias(outside) : outside;
    const network = reconstructNetwork(program, solution.coefficients);
    return { values: forward(network, rows), relativeGap: solution.relativeGap };
  },
};

/** What a calibration is fitted on. */
export interface CalibrationInput {
  readonly method: CalibrationMethod;
  readonly folds: readonly FoldData[];
  /** Class of each held-out row, fold by fold. */
  readonly labels: readonly Int32Array[];
  readonly classCount: number;
  readonly recipe: ProgramRecipe;
  /** Share of β_max of each output. */
  readonly betaRatios: readonly number[];
  readonly tolerance: number;
  readonly seed: number;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds of a solve, for each unit of its size. */
const SOLVE_MS = 5e-4;

/**
 * Maps from scores to probabilities, fitted on the scores that networks trained on the other folds give to each row: none has seen
 * the rows it is judged on. One map for two classes, else one for each class against the rest.
 */
export async function calibrate(input: CalibrationInput): Promise<Calibration> {
  const { method, folds, labels, classCount, recipe, betaRatios, tolerance, seed, executor, signal } = input;
  const inputs: OutOfFoldInput[] = folds.flatMap(({ inside, outside }) =>
    betaRatios.map((betaRatio, k) => ({
      inside: dataOf(inside, k),
      outside: outside.rows,
      recipe,
      betaRatio,
      tolerance,
    })),
  );
  const results = await executor.run(outOfFold, inputs, {
    signal,
    roughMs: inputs.reduce((sum, { inside }) => sum + SOLVE_MS * recipeSize(recipe, inside.rows), 0),
  });
  const networks = betaRatios.length;
  const scores = folds.flatMap(({ outside }, fold) =>
    scoresOf(results.slice(fold * networks, (fold + 1) * networks), outside.rows.n, recipe.outputs),
  );
  const truth = labels.flatMap((own) => [...own]);
  const weights = folds.some(({ outside }) => outside.weights !== null)
    ? Float64Array.from(
        folds.flatMap(({ outside }) => [...(outside.weights ?? new Float64Array(outside.rows.n).fill(1))]),
      )
    : null;
  const classes = classCount === 2 ? [1] : Array.from({ length: classCount }, (_, k) => k);
  return {
    method,
    folds: folds.length,
    seed,
    largestGap: results.reduce((most, { relativeGap }) => Math.max(most, relativeGap), 0),
    maps: classes.map((label, k) =>
      fitCalibration(method, {
        scores: Float64Array.from(scores, (row) => row[k] ?? NaN),
        hits: Uint8Array.from(truth, (own) => Number(own === label)),
        weights,
      }),
    ),
  };
}

/** Log-odds of each held-out row: of the second class, or of each class. */
function scoresOf(results: readonly OutOfFoldOutput[], n: number, outputs: number): number[][] {
  const columns = results.flatMap(({ values }) =>
    Array.from({ length: outputs }, (_, k) => values.subarray(k * n, (k + 1) * n)),
  );
  return Array.from({ length: n }, (_, i) => {
    const row = columns.map((column) => column[i] ?? NaN);
    return outputs > 1 ? softmaxLogOdds(row) : row;
  });
}
