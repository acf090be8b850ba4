import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Executor } from '../executor/executor.js';
import { betaGrid } from '../path/regularisation-path.js';
import { crossValidationFold } from './cross-validation-fold.js';
import { recipeSize, type ProgramRecipe } from './program-recipe.js';

/** One β of the cross-validation: mean held-out loss per row over the folds and its standard error. */
export interface CvPoint {
  readonly betaRatio: number;
  readonly mean: number;
  readonly standardError: number;
}

/** Outcome of {@link selectBetaRatios} for one target. */
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
  /** Where the folds run. */
  readonly executor: Executor;
  /** Called with the number of solves done and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds of a fold, for each unit of its size. */
const FOLD_MS = 1.5e-3;

/**
 * Chooses β as a share of β_max by k-fold cross-validation, for each of several targets on the same rows: in every fold a
 * warm-started path over the same grid of shares of that fold's β_max, scored by the mean held-out loss per row. Shares carry
 * over from folds to all rows, where the loss is a sum over more rows and β_max grows with it.
 *
 * The folds of all targets are one run of the executor. Memory: one program for each fold that is worked on at a time.
 *
 * @param targets one vector of length n for each output
 * @param recipe the program of a set of rows
 */
export async function selectBetaRatios(
  rows: Rows,
  targets: readonly Float64Array[],
  recipe: ProgramRecipe,
  options: CvOptions,
): Promise<CvResult[]> {
  const { foldOf, folds, count, tolerance, executor, signal } = options;
  const ratios = [...betaGrid(options.largestRatio, options.smallestRatio / options.largestRatio, count)];
  const inputs = targets.flatMap((y) =>
    Array.from({ length: folds }, (_, fold) => ({ rows, y, foldOf, fold, recipe, ratios, tolerance })),
  );
  let done = 0;
  const outputs = await executor.run(crossValidationFold, inputs, {
    signal,
    roughMs: FOLD_MS * inputs.length * recipeSize(recipe, rows),
    onProgress: () => options.onProgress?.(++done, inputs.length * count),
  });
  return targets.map((_, k) => {
    const own = outputs.slice(k * folds, (k + 1) * folds);
    const points = ratios.map((betaRatio, at) => ({
      betaRatio,
      ...meanAndError(own.map(({ losses }) => losses[at] ?? NaN)),
    }));
    const best = points.reduce((a, b) => (b.mean < a.mean ? b : a));
    const largestGap = own.reduce((most, { largestGap: gap }) => Math.max(most, gap), 0);
    return { betaRatio: best.betaRatio, points, folds, largestGap };
  });
}

function meanAndError(values: readonly number[]): { readonly mean: number; readonly standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
