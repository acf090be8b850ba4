import { FittedClassifier } from '../estimator/classifier.js';
import { checkOptions, type CheckedOptions } from '../estimator/options.js';
import { outputFit } from '../estimator/output-fit.js';
import { recipeSize, type ProgramRecipe } from '../estimator/program-recipe.js';
import { FittedRegressor } from '../estimator/regressor.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import type { Iteration } from '../solver/solve-program.js';
import type { PreparedTable } from './prepare-table.js';
import { DEFAULT_WIDTH, type TrainOptions } from './train-options.js';

/** A trained network, or a linear model in the form of one. */
export type TrainedModel = FittedClassifier | FittedRegressor;

/** How a model is trained beside its options. */
export interface TrainingHooks {
  /** Where outputs and folds run; default: on the calling thread. */
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds of a solve, for each unit of its size. */
const SOLVE_MS = 5e-4;

/** Options of the estimators; X and y are standardised by the table's preprocessing already. */
export function networkOptions(
  options: TrainOptions,
  beta: { readonly beta?: number; readonly betaRatio?: number },
  timeLimit?: number,
): CheckedOptions {
  return checkOptions({
    depth: options.depth,
    ...(options.depth === 3 ? { width: options.width ?? DEFAULT_WIDTH } : {}),
    formulation: options.formulation,
    decompose: options.decompose,
    sample: options.sample,
    seed: options.seed,
    tolerance: options.tolerance,
    standardize: false,
    ...beta,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
}

/** The program of the network for {@link fitModel}. */
export function networkRecipe(prepared: PreparedTable, options: TrainOptions): ProgramRecipe {
  return { kind: 'network', loss: prepared.loss, options: networkOptions(options, {}) };
}

/**
 * Trains every output and makes a model that predicts in the user's terms: classes by name, numbers in the units of the
 * target. `options.timeLimit` holds for each output.
 */
export async function fitModel(
  prepared: PreparedTable,
  recipe: ProgramRecipe,
  options: CheckedOptions,
  { executor = inlineExecutor, signal, onIteration }: FitModelHooks,
): Promise<TrainedModel> {
  const { rows } = prepared.train;
  const { target } = prepared.preprocessing;
  const inputs = prepared.outputs.map(({ label, y }) => ({ label, y, rows, recipe, options }));
  const outputs = await executor.run(outputFit, inputs, {
    signal,
    roughMs: SOLVE_MS * inputs.length * recipeSize(recipe, rows),
    onProgress: (at, iteration) => onIteration?.(inputs[at]?.label ?? '', iteration),
  });
  const state = { options, scaling: null, columns: rows.d, outputs };
  if (target.task === 'classification') {
    return new FittedClassifier({ ...state, target: null }, target.classes);
  }
  return new FittedRegressor({ ...state, target: { mean: target.mean, scale: target.scale } });
}

interface FitModelHooks extends TrainingHooks {
  /** Called after every outer iteration with the label of the output. */
  readonly onIteration?: ((output: string, iteration: Iteration) => void) | undefined;
}
