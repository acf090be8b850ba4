import { inlineExecutor } from '../executor/inline-executor.js';
import type { NetworkSize } from '../estimator/choose-model.js';
import { foldRows } from '../estimator/fold-data.js';
import { meanAndError } from '../estimator/select-beta.js';
import { foldIds } from '../table/split.js';
import { RelucentError } from '../error.js';
import { chooseBeta, possibleFolds } from './choose-beta.js';
import { candidatesOf, trainChosen } from './fit-model.js';
import type { TrainingHooks } from './fit-model.js';
import { prepareSplit, type PreparedTable } from './prepare-table.js';
import { METRICS, predictRows, scorePredictions } from './scores.js';
import type { TrainOptions } from './train-options.js';

/** One outer fold: what was chosen without it, and how that scored on it. */
export interface OuterFold {
  readonly trainRows: number;
  readonly testRows: number;
  readonly betaRatio: number | null;
  readonly size: NetworkSize;
  /** One score for each metric. */
  readonly scores: readonly number[];
  /** Relative gap of the trained network, and the largest of the cross-validation that chose it (null without one). */
  readonly relativeGap: number;
  readonly largestGap: number | null;
}

/** An estimate of what the whole procedure achieves on new rows, the choice of β and size included. */
export interface NestedEstimate {
  readonly folds: number;
  readonly metrics: (typeof METRICS)['regression'];
  /** Over the outer folds: mean, standard deviation and standard error of each metric. */
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
  readonly standardError: readonly number[];
  readonly outer: readonly OuterFold[];
}

/**
 * Nested cross-validation on the training rows: for each outer fold the preprocessing, the choice and the training are done again
 * without it. The spread is that of the folds; they share rows, so the standard error is a little too small (Bengio and
 * Grandvalet 2004). Cost: `nested` times that of the whole run.
 *
 * @throws RelucentError `invalid-argument` where there are too few rows for the folds
 */
export async function nestedEstimate(
  prepared: PreparedTable,
  options: TrainOptions & { readonly nested: number },
  hooks: TrainingHooks & { readonly onOuterFold?: ((done: number, total: number) => void) | undefined },
): Promise<NestedEstimate> {
  const { folds, reason } = possibleFolds(prepared, options.nested);
  if (folds < 2) {
    throw new RelucentError(
      'invalid-argument',
      '--nested',
      `expected at least 2 rows of every class for outer folds: ${reason} Leave --nested out`,
    );
  }
  const { executor = inlineExecutor, signal, onOuterFold } = hooks;
  // Another seed than that of the inner folds: outer and inner folds are not to coincide.
  const foldOf = foldIds(prepared.labels, prepared.train.rows.n, {
    folds,
    seed: (options.seed + 1) % 2 ** 32,
  });
  const { target } = prepared.preprocessing;
  const rowsOf = (at: Int32Array): Int32Array => at.map((i) => prepared.split.train[i] ?? 0);
  const outer: OuterFold[] = [];
  for (const { inside, outside } of foldRows(foldOf, folds)) {
    const split = { train: rowsOf(inside), test: rowsOf(outside) };
    const part = prepareSplit(prepared.source, split, options);
    const choice = await chooseBeta(part, candidatesOf(part, options), options, { executor, signal });
    const model = await trainChosen(part, choice, options, { executor, signal });
    const test = part.test ?? part.train;
    outer.push({
      trainRows: split.train.length,
      testRows: split.test.length,
      betaRatio: choice.betaRatio,
      size: choice.size,
      scores: scorePredictions(predictRows(model, test), test.actual),
      relativeGap: model.certificate.relativeGap,
      largestGap: choice.largestGap,
    });
    onOuterFold?.(outer.length, folds);
  }
  const metrics = METRICS[target.task];
  const spread = metrics.map((_, k) => meanAndError(outer.map(({ scores }) => scores[k] ?? NaN)));
  return {
    folds,
    metrics,
    mean: spread.map(({ mean }) => mean),
    standardDeviation: spread.map(({ standardError }) => standardError * Math.sqrt(outer.length)),
    standardError: spread.map(({ standardError }) => standardError),
    outer,
  };
}
