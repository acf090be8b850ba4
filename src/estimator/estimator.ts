import { RelucentError } from '../error.js';
import type { NumberMatrix, NumberVector } from '../problem/problem-input.js';
import { taskOf, type LearningTask } from './learning-task.js';
import type { ModelState } from './model-state.js';
import { checkOptions, type CheckedOptions, type EstimatorOptions } from './options.js';
import type { FitHooks } from './output.js';
import {
  checkSelection,
  nestedScore,
  outerFolds,
  selectTask,
  type NestedScore,
  type Selection,
  type SelectionOptions,
} from './select-task.js';
import { taskPath, trainTask, type PathGrid } from './train-task.js';

/** What `fit`, `path` and `select` take beside X and y. */
export interface FitOptions extends FitHooks {
  /**
   * Weight ≥ 0 of each row: the loss is Σ_i w_i ℓ_i. Whole weights are repeated rows; 0 leaves a row out. X and a regression target
   * are centred and scaled with the weights.
   */
  readonly sampleWeight?: NumberVector;
}

/** Training data, checked. */
export interface ReadData<Model> {
  readonly task: LearningTask;
  /** The model of a trained state. */
  readonly model: (state: ModelState) => Model;
  /** Accuracy or R² of a model on some rows of the task. */
  readonly score: (model: Model, at: Int32Array) => number;
}

/** What both estimators do. Options are never changed; every call returns something new. */
export abstract class Estimator<Y, Model> {
  readonly options: CheckedOptions;

  /** @throws RelucentError `invalid-argument` for a wrong option. */
  constructor(options: EstimatorOptions = {}) {
    this.options = checkOptions(options);
  }

  protected abstract read(X: NumberMatrix, y: Y, sampleWeight: NumberVector | undefined): ReadData<Model>;

  /** Every option with its value; `optionsSchema` is their schema. */
  getParams(): CheckedOptions {
    return { ...this.options };
  }

  /**
   * Trains on X (n×d) and y (length n). The estimator itself is not changed.
   * @throws RelucentError for bad input; the reason of an aborted signal.
   */
  async fit(X: NumberMatrix, y: Y, options: FitOptions = {}): Promise<Model> {
    const { task, model } = this.read(X, y, options.sampleWeight);
    return model(await trainTask(task, this.options, options));
  }

  /**
   * Certified models along a decreasing β, each warm-started where the ones before point: 100 values from β_max down to a thousandth
   * of it, or `betas`. The models come as they are trained; stop by leaving the loop. They are not calibrated.
   *
   * @throws RelucentError for bad input; the reason of an aborted signal.
   */
  async *path(X: NumberMatrix, y: Y, options: FitOptions & PathGrid = {}): AsyncGenerator<Model, void> {
    checkGrid(options);
    const { task, model } = this.read(X, y, options.sampleWeight);
    for await (const state of taskPath(task, this.options, options, options)) yield model(state);
  }

  /**
   * Chooses β, and depth and width where several are given, by k-fold cross-validation along warm-started paths, then trains on all
   * rows. Scales and class weights of each fold come from the rows it is trained on. With `nested` the whole choice is repeated
   * for every outer fold and scored there.
   *
   * @throws RelucentError for bad input or too few rows; the reason of an aborted signal.
   */
  async select(
    X: NumberMatrix,
    y: Y,
    { folds, rule, depths, widths, nested, ...options }: FitOptions & SelectionOptions = {},
  ): Promise<{ readonly model: Model; readonly choice: Selection; readonly nested: NestedScore | null }> {
    const given = { folds, rule, depths, widths, nested };
    const selection = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as SelectionOptions;
    checkSelection(selection, this.options);
    const { task, model, score } = this.read(X, y, options.sampleWeight);
    const { choice, options: chosen } = await selectTask(task, this.options, selection, options);
    const trained = model(await trainTask(task, chosen, options));
    if (nested === undefined) return { model: trained, choice, nested: null };
    const outer: NestedScore['outer'][number][] = [];
    const hooks = options.signal ? { signal: options.signal } : {};
    for (const { inside, outside } of outerFolds(task, this.options, nested)) {
      const part = taskOf(task, inside);
      const own = await selectTask(part, this.options, selection, hooks);
      const fitted = model(await trainTask(part, own.options, hooks));
      const { betaRatio, size } = own.choice;
      outer.push({ score: score(fitted, outside), betaRatio, size });
    }
    return { model: trained, choice, nested: nestedScore(outer) };
  }

  /**
   * Refused: a certified optimum is one of a fixed set of rows.
   * @throws RelucentError `unsupported`, always
   */
  partialFit(): never {
    throw new RelucentError(
      'unsupported',
      'partialFit',
      'expected fit, got partialFit: the certificate is about the optimum on one set of rows, and more rows move it; keep the rows and call fit on all of them (or on a sample)',
    );
  }
}

function checkGrid({ betas, count, smallestRatio }: PathGrid): void {
  const invalid = (where: string, message: string): RelucentError =>
    new RelucentError('invalid-argument', where, message);
  betas?.forEach((beta, k) => {
    const before = betas[k - 1] ?? Infinity;
    if (!(beta > 0 && beta < before)) {
      throw invalid(
        `betas[${k}]`,
        `expected decreasing numbers above 0, got ${beta}; sort them from the largest down`,
      );
    }
  });
  if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
    throw invalid('count', `expected a whole number ≥ 1, got ${count}`);
  }
  if (smallestRatio !== undefined && !(smallestRatio > 0 && smallestRatio < 1)) {
    throw invalid(
      'smallestRatio',
      `expected a number between 0 and 1, got ${smallestRatio}; it is a share of β_max`,
    );
  }
}
