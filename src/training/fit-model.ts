import type { Rows } from '../arrangement/sub-network-pattern.js';
import { FittedClassifier } from '../estimator/classifier.js';
import { checkOptions, type CheckedOptions } from '../estimator/options.js';
import { fitOutput, outputProgram, type FitHooks, type FittedOutput } from '../estimator/output.js';
import { FittedRegressor } from '../estimator/regressor.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { PreparedTable } from './prepare-table.js';
import { DEFAULT_WIDTH, type TrainOptions } from './train-options.js';

/** A trained network, or a linear model in the form of one. */
export type TrainedModel = FittedClassifier | FittedRegressor;

/** The program of one output on some rows; its β is 0 until chosen. */
export type MakeProgram = (rows: Rows, y: Float64Array) => ConvexProgram;

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
export function networkProgram(prepared: PreparedTable, options: TrainOptions): MakeProgram {
  const checked = networkOptions(options, {});
  return (rows, y) => outputProgram(rows, y, prepared.loss, checked);
}

/**
 * Trains every output and makes a model that predicts in the user's terms: classes by name, numbers in the units of the
 * target. `options.timeLimit` holds for each output.
 */
export async function fitModel(
  prepared: PreparedTable,
  makeProgram: MakeProgram,
  options: CheckedOptions,
  hooks: FitHooks,
): Promise<TrainedModel> {
  const { rows } = prepared.train;
  const { target } = prepared.preprocessing;
  // Patterns do not depend on the target: the outputs share one program but for y.
  const base = makeProgram(rows, new Float64Array(rows.n));
  const outputs: FittedOutput[] = [];
  for (const { label, y } of prepared.outputs) {
    outputs.push(await fitOutput(label, { ...base, y }, options, hooks));
  }
  const state = { options, scaling: null, columns: rows.d, outputs };
  if (target.task === 'classification') {
    return new FittedClassifier({ ...state, target: null }, target.classes);
  }
  return new FittedRegressor({ ...state, target: { mean: target.mean, scale: target.scale } });
}
