import { RelucentError } from '../error.js';
import { readModel, type ModelJson } from './model-json.js';
import { readMatrix, readVector } from '../problem/matrix-input.js';
import type { NumberMatrix, NumberVector } from '../problem/problem-input.js';
import { FittedModel } from './fitted-model.js';
import { checkOptions, type CheckedOptions, type EstimatorOptions } from './options.js';
import { fitOutput, fitWarning, outputProgram, type FitHooks } from './output.js';
import { cooperativePause } from '../solver/pause.js';
import { applyScaling, fitScaling } from './scaling.js';

/**
 * Regressor: a parallel ReLU network trained to certified optimality with the squared loss ½‖f − y‖².
 *
 * With `standardize` the target is centred and scaled too; objective and certificate are then in its standard
 * deviations, predictions in its own units.
 */
export class RelucentRegressor {
  readonly options: CheckedOptions;

  /** @throws RelucentError `invalid-argument` for a wrong option. */
  constructor(options: EstimatorOptions = {}) {
    this.options = checkOptions(options);
  }

  /**
   * Trains on X (n×d) and y (length n). The estimator itself is not changed.
   * @throws RelucentError for bad input; the reason of an aborted signal.
   */
  async fit(X: NumberMatrix, y: NumberVector, hooks: FitHooks = {}): Promise<FittedRegressor> {
    const { options } = this;
    const raw = readMatrix(X, 'X');
    const values = readVector(y, raw.n, 'y');
    const scaling = options.standardize ? fitScaling(raw) : null;
    const rows = scaling ? applyScaling(raw, scaling) : raw;
    const moments = fitScaling({ X: values, n: raw.n, d: 1 });
    const target = options.standardize
      ? { mean: moments.mean[0] ?? 0, scale: moments.scale[0] ?? 1 }
      : { mean: 0, scale: 1 };
    const program = outputProgram(
      rows,
      values.map((value) => (value - target.mean) / target.scale),
      'squared',
      options,
    );
    const output = await fitOutput('y', program, options, {
      onIteration: (iteration) => hooks.onProgress?.('y', iteration),
      pause: cooperativePause(hooks.signal),
    });
    const warning = fitWarning([output]);
    if (warning !== null) hooks.onWarning?.(warning);
    return new FittedRegressor({ options, scaling, columns: raw.d, target, outputs: [output] });
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

  /** R²: 1 − Σ(y − prediction)² / Σ(y − mean y)²; −∞ or 1 when y is constant. */
  score(X: NumberMatrix, y: NumberVector): number {
    const predicted = this.predict(X);
    if (y.length !== predicted.length) {
      throw new RelucentError(
        'invalid-argument',
        'y',
        `expected ${predicted.length} values, one per row of X, got ${y.length}`,
      );
    }
    const actual = Float64Array.from(y);
    const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
    let residual = 0;
    let total = 0;
    actual.forEach((value, i) => {
      residual += (value - (predicted[i] ?? 0)) ** 2;
      total += (value - mean) ** 2;
    });
    if (total > 0) return 1 - residual / total;
    return residual === 0 ? 1 : -Infinity;
  }

  /** Complete model as plain data for JSON.stringify. */
  toJSON(): ModelJson {
    return this.modelJson('regressor', []);
  }
}
