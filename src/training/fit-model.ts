import { CV_GRID } from '../estimator/select-beta.js';
import type { CalibrationMethod } from '../estimator/calibration.js';
import { networkSizes, type NetworkSize } from '../estimator/choose-model.js';
import { FittedClassifier } from '../estimator/classifier.js';
import { foldRows } from '../estimator/fold-data.js';
import { checkOptions, DEFAULT_MULTI_CLASS, type CheckedOptions } from '../estimator/options.js';
import { calibrate } from '../estimator/out-of-fold.js';
import { shareOf } from '../estimator/output.js';
import { outputFit } from '../estimator/output-fit.js';
import { recipeSize, type ProgramRecipe } from '../estimator/program-recipe.js';
import { FittedRegressor } from '../estimator/regressor.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import type { Iteration } from '../solver/solve-program.js';
import { foldIds } from '../table/split.js';
import { RelucentError } from '../error.js';
import { possibleFolds, type BetaChoice, type Candidate, type Candidates } from './choose-beta.js';
import type { PreparedTable } from './prepare-table.js';
import { tableFolds } from './table-folds.js';
import { DEFAULT_WIDTH, DEFAULT_WIDTHS, type TrainOptions } from './train-options.js';

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
    multiClass: options.multiClass ?? DEFAULT_MULTI_CLASS,
    ...(options.classWeight === undefined ? {} : { classWeight: options.classWeight }),
    ...(options.calibration === undefined ? {} : { calibration: options.calibration }),
    standardize: false,
    ...beta,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
}

/** The program of the network for {@link fitModel}. */
export function networkRecipe(prepared: PreparedTable, options: TrainOptions): ProgramRecipe {
  return { kind: 'network', ...prepared.learning, options: networkOptions(options, {}) };
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
  const { weights } = prepared;
  const inputs = prepared.outputs.map(({ label, y }) => ({
    label,
    data: { rows, y, weights },
    recipe,
    options,
  }));
  const outputs = await executor.run(outputFit, inputs, {
    signal,
    roughMs: SOLVE_MS * inputs.length * recipeSize(recipe, rows),
    onProgress: (at, iteration) => onIteration?.(inputs[at]?.label ?? '', iteration),
  });
  const state = {
    options,
    scaling: null,
    columns: rows.d,
    outputs,
    weighted: weights !== null,
    calibration: null,
  };
  if (target.task === 'classification') {
    return new FittedClassifier({ ...state, target: null }, target.classes);
  }
  return new FittedRegressor({ ...state, target: { mean: target.mean, scale: target.scale } });
}

/** The sizes of network to choose from, the simplest first, with their programs. */
export function candidatesOf(prepared: PreparedTable, options: TrainOptions): Candidates {
  const { depths, depth, width, widths } = options;
  const single: NetworkSize = { depth, width: depth === 3 ? (width ?? DEFAULT_WIDTH) : null };
  const sizes = depths === undefined ? [single] : networkSizes(depths, widths ?? DEFAULT_WIDTHS);
  const candidate = (size: NetworkSize): Candidate => ({
    size,
    recipe: networkRecipe(prepared, sized(options, size)),
  });
  const [first = single, ...rest] = sizes;
  return [candidate(first), ...rest.map(candidate)];
}

/** Trains the network that was chosen. `timeLimit` is for each output. */
export async function trainChosen(
  prepared: PreparedTable,
  choice: BetaChoice,
  options: TrainOptions,
  hooks: FitModelHooks & { readonly timeLimit?: number | undefined },
): Promise<TrainedModel> {
  const own = sized(options, choice.size);
  const recipe = networkRecipe(prepared, own);
  const model = await fitModel(
    prepared,
    recipe,
    networkOptions(own, strength(choice), hooks.timeLimit),
    hooks,
  );
  if (options.calibration === undefined || !(model instanceof FittedClassifier)) return model;
  return calibratedModel(prepared, recipe, model, { ...own, calibration: options.calibration }, hooks);
}

async function calibratedModel(
  prepared: PreparedTable,
  recipe: ProgramRecipe,
  model: FittedClassifier,
  options: TrainOptions & { readonly calibration: CalibrationMethod },
  { executor = inlineExecutor, signal }: TrainingHooks,
): Promise<FittedClassifier> {
  const { folds, reason } = possibleFolds(prepared, options.folds);
  const labels = prepared.labels ?? new Int32Array(0);
  if (folds < 2) {
    throw new RelucentError(
      'invalid-argument',
      '--calibration',
      `expected at least 2 training rows in every class: ${reason} Leave --calibration out`,
    );
  }
  const { seed } = options;
  const foldOf = foldIds(labels, labels.length, { folds, seed });
  const calibration = await calibrate({
    method: options.calibration,
    folds: tableFolds(prepared, foldOf, folds, options),
    labels: foldRows(foldOf, folds).map(({ outside }) => outside.map((i) => labels[i] ?? 0)),
    classCount: model.classes.length,
    recipe,
    betaRatios: model.outputs.map(({ certificate }) => shareOf(certificate)),
    tolerance: CV_GRID.tolerance,
    seed,
    executor,
    signal,
  });
  const { columns, outputs, weighted } = model;
  const state = {
    options: model.options,
    scaling: null,
    target: null,
    columns,
    outputs,
    weighted,
    calibration,
  };
  return new FittedClassifier(state, model.classes);
}

/** Options with the size of one candidate. */
function sized(options: TrainOptions, { depth, width }: NetworkSize): TrainOptions {
  // A width is read at depth 3 only.
  return { ...options, depth, ...(width === null ? {} : { width }) };
}

function strength({ beta, betaRatio }: BetaChoice): { beta?: number; betaRatio?: number } {
  if (beta !== null) return { beta };
  return betaRatio === null ? {} : { betaRatio };
}

interface FitModelHooks extends TrainingHooks {
  /** Called after every outer iteration with the label of the output. */
  readonly onIteration?: ((output: string, iteration: Iteration) => void) | undefined;
}
