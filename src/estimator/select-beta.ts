import type { Executor } from '../executor/executor.js';
import { betaGrid } from '../path/regularisation-path.js';
import { crossValidationFold, type FoldInput, type FoldOutput } from './cross-validation-fold.js';
import type { FoldData, LearningRows } from './fold-data.js';
import { recipeSize, type ProgramData, type ProgramRecipe } from './program-recipe.js';

/** One β of the cross-validation: mean held-out loss per row over the folds, outputs added up, and its standard error. */
export interface CvPoint {
  readonly betaRatio: number;
  readonly mean: number;
  readonly standardError: number;
  /** Relative duality gap of each fold's solve, the largest of its outputs. */
  readonly gaps: readonly number[];
  readonly largestGap: number;
  /** Folds, from 1, whose gap is above the tolerance of the cross-validation: their losses are those of rough solutions. */
  readonly missed: readonly number[];
}

/** The curve of one recipe. */
export interface CvCurve {
  readonly points: readonly CvPoint[];
  /** The point of the smallest mean held-out loss. */
  readonly best: CvPoint;
}

/** Grid of a cross-validation and how it is run. */
export interface CvOptions {
  /** Grid from `largestRatio` down to `smallestRatio`, `count` values. */
  readonly count: number;
  readonly largestRatio: number;
  readonly smallestRatio: number;
  /** Relative gap of the solves of the path. */
  readonly tolerance: number;
  /** Where the folds run. */
  readonly executor: Executor;
  /** Called with the number of solves done and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Grid of the cross-validation, as shares of β_max, and the relative gap of its solves. */
export const CV_GRID = { count: 8, largestRatio: 0.3, smallestRatio: 1e-3, tolerance: 1e-3 } as const;

/** Milliseconds of a fold, for each unit of its size. */
const FOLD_MS = 1.5e-3;

/**
 * k-fold cross-validation of β as a share of β_max, for each of several recipes: in every fold and for every output a warm-started
 * path over the same grid of shares of that fold's β_max, scored by the mean held-out loss per row. Shares carry over from folds
 * to all rows, where the loss is a sum over more rows and β_max grows with it.
 *
 * The mean is over folds; the standard error is that of the folds' losses, s/√k with s their standard deviation. All paths are
 * one run of the executor. Memory: one program for each path that is worked on at a time.
 */
export async function crossValidateRecipes(
  folds: readonly FoldData[],
  recipes: readonly ProgramRecipe[],
  options: CvOptions,
): Promise<CvCurve[]> {
  const { count, tolerance, executor, signal } = options;
  const ratios = [...betaGrid(options.largestRatio, options.smallestRatio / options.largestRatio, count)];
  const outputs = folds[0]?.inside.targets.length ?? 0;
  const inputs: FoldInput[] = recipes.flatMap((recipe) =>
    folds.flatMap(({ inside, outside }) =>
      Array.from({ length: outputs }, (_, k) => ({
        inside: dataOf(inside, k),
        outside: dataOf(outside, k),
        recipe,
        ratios,
        tolerance,
      })),
    ),
  );
  let done = 0;
  const results = await executor.run(crossValidationFold, inputs, {
    signal,
    roughMs: inputs.reduce((sum, { recipe, inside }) => sum + FOLD_MS * recipeSize(recipe, inside.rows), 0),
    onProgress: () => options.onProgress?.(++done, inputs.length * count),
  });
  return recipes.map((_, r) => {
    const size = folds.length * outputs;
    const own = results.slice(r * size, (r + 1) * size);
    const byFold = folds.map(({ unit }, fold) =>
      addOutputs(own.slice(fold * outputs, (fold + 1) * outputs), unit),
    );
    const points = ratios.map((betaRatio, at) => pointOf(betaRatio, at, byFold, tolerance));
    return { points, best: points.reduce((a, b) => (b.mean < a.mean ? b : a)) };
  });
}

/** The rows with the target of one output. */
export function dataOf({ rows, targets, weights }: LearningRows, output: number): ProgramData {
  return { rows, y: targets[output] ?? new Float64Array(rows.n), weights };
}

/** Losses of the outputs of one fold added up, in one unit; the largest of their gaps. */
function addOutputs(outputs: readonly FoldOutput[], unit: number): FoldOutput {
  const entries = Array.from(outputs[0]?.losses ?? []).keys();
  const all = [...entries];
  return {
    losses: all.map((at) => unit * outputs.reduce((sum, { losses }) => sum + (losses[at] ?? NaN), 0)),
    gaps: all.map((at) => outputs.reduce((most, { gaps }) => Math.max(most, gaps[at] ?? NaN), 0)),
  };
}

function pointOf(betaRatio: number, at: number, folds: readonly FoldOutput[], tolerance: number): CvPoint {
  const gaps = folds.map((fold) => fold.gaps[at] ?? NaN);
  return {
    betaRatio,
    ...meanAndError(folds.map(({ losses }) => losses[at] ?? NaN)),
    gaps,
    largestGap: gaps.reduce((most, gap) => Math.max(most, gap), 0),
    missed: gaps.flatMap((gap, fold) => (gap <= tolerance ? [] : [fold + 1])),
  };
}

/** Mean of independent values and its standard error, s/√k; 0 for one value. */
export function meanAndError(values: readonly number[]): {
  readonly mean: number;
  readonly standardError: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
