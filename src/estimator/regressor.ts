import { RelucentError, quoteValue } from '../error.js';
import { readModel, type ModelJson } from './model-json.js';
import { readMatrix, readVector } from '../problem/matrix-input.js';
import type { NumberMatrix, NumberVector } from '../problem/problem-input.js';
import { Estimator, type ReadData } from './estimator.js';
import { FittedModel } from './fitted-model.js';
import { entriesAt, rowsAt } from './fold-data.js';
import { readSampleWeights, weightedRows } from './learning-task.js';
import { changedOptions, type EstimatorOptions } from './options.js';

/**
 * Regressor: a parallel ReLU network trained to certified optimality with the squared loss ½‖f − y‖².
 *
 * With `standardize` the target is centred and scaled too; objective and certificate are then in its standard
 * deviations, predictions in its own units.
 */
export class RelucentRegressor extends Estimator<NumberVector, FittedRegressor> {
  /** @throws RelucentError `invalid-argument` for a wrong option, those of classifiers included. */
  constructor(options: EstimatorOptions = {}) {
    super(options);
    for (const name of ['classWeight', 'calibration'] as const) {
      if (options[name] === undefined) continue;
      throw new RelucentError(
        'invalid-argument',
        name,
        `expected it left out of a regressor, got ${quoteValue(options[name])}; it is for classes`,
      );
    }
  }

  /** An estimator like this one with some options changed. */
  setParams(changes: EstimatorOptions): RelucentRegressor {
    return new RelucentRegressor(changedOptions(this.options, changes));
  }

  protected read(
    X: NumberMatrix,
    y: NumberVector,
    sampleWeight: NumberVector | undefined,
  ): ReadData<FittedRegressor> {
    const raw = readMatrix(X, 'X');
    const all = readVector(y, raw.n, 'y');
    const weights = readSampleWeights(sampleWeight, raw.n);
    const kept = weightedRows(weights, raw.n);
    const rows = rowsAt(raw, kept);
    const values = entriesAt(all, kept);
    return {
      task: {
        rows,
        sampleWeights: weights && entriesAt(weights, kept),
        target: { kind: 'numbers', values },
        outputLabels: ['y'],
        learning: { loss: 'squared', outputs: 1 },
      },
      model: (state) => new FittedRegressor(state),
      score: (model, at) => {
        const { X: own, n, d } = rowsAt(rows, at);
        return model.score({ values: own, rows: n, columns: d }, entriesAt(values, at));
      },
    };
  }

  /**
   * Model back from {@link FittedRegressor.toJSON}.
   * @throws RelucentError `invalid-model` for a truncated, edited or newer file.
   */
  static fromJSON(json: unknown): FittedRegressor {
    return new FittedRegressor(readModel(json, 'regressor').state);
  }
}

/** A trained regressor. */
export class FittedRegressor extends FittedModel {
  /** Prediction for each row of X, in the units of the target. */
  predict(X: NumberMatrix): Float64Array {
    const { mean, scale } = this.target ?? { mean: 0, scale: 1 };
    return this.rawOutput(0, this.readRows(X)).map((value) => mean + scale * value);
  }

  /** R²: 1 − Σw(y − prediction)² / Σw(y − mean y)², w = 1 without weights; −∞ or 1 when y is constant. */
  score(
    X: NumberMatrix,
    y: NumberVector,
    { sampleWeight }: { readonly sampleWeight?: NumberVector } = {},
  ): number {
    const predicted = this.predict(X);
    if (y.length !== predicted.length) {
      throw new RelucentError(
        'invalid-argument',
        'y',
        `expected ${predicted.length} values, one per row of X, got ${y.length}`,
      );
    }
    const actual = Float64Array.from(y);
    const weights = readSampleWeights(sampleWeight, y.length) ?? new Float64Array(y.length).fill(1);
    const weighted = (of: (value: number, i: number) => number): number =>
      actual.reduce((sum, value, i) => sum + weights[i]! * of(value, i), 0);
    const mean = weighted((value) => value) / weights.reduce((sum, weight) => sum + weight, 0);
    const residual = weighted((value, i) => (value - (predicted[i] ?? 0)) ** 2);
    const total = weighted((value) => (value - mean) ** 2);
    if (total > 0) return 1 - residual / total;
    return residual === 0 ? 1 : -Infinity;
  }

  /** Complete model as plain data for JSON.stringify. */
  toJSON(): ModelJson {
    return this.modelJson('regressor', []);
  }
}
