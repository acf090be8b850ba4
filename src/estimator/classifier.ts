import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError, quoteValue } from '../error.js';
import { sigmoid } from '../loss/logistic.js';
import { readMatrix } from '../problem/matrix-input.js';
import type { NumberMatrix } from '../problem/problem-input.js';
import { FittedModel } from './fitted-model.js';
import { readModel, type ModelJson } from './model-json.js';
import type { ModelState } from './model-state.js';
import { checkOptions, type CheckedOptions, type EstimatorOptions } from './options.js';
import { fitOutput, fitWarning, outputProgram, type FitHooks, type FittedOutput } from './output.js';
import { cooperativePause } from '../solver/pause.js';
import type { Iteration } from '../solver/solve-program.js';
import { applyScaling, fitScaling } from './scaling.js';

export type ClassLabel = string | number;

/**
 * Classifier: parallel ReLU networks trained to certified optimality with the logistic loss.
 *
 * Two classes: one network whose output is the log-odds of the second class. More: one network per class against the
 * rest; probabilities are the normalised sigmoids, and the certificate adds up those of the outputs (their sum is the
 * objective that was minimised).
 */
export class RelucentClassifier {
  readonly options: CheckedOptions;

  /** @throws RelucentError `invalid-argument` for a wrong option. */
  constructor(options: EstimatorOptions = {}) {
    this.options = checkOptions(options);
  }

  /**
   * Trains on X (n×d) and the labels y (length n, at least two distinct; numbers are sorted by value, strings by code
   * unit). The estimator itself is not changed.
   * @throws RelucentError for bad input; the reason of an aborted signal.
   */
  async fit(X: NumberMatrix, y: readonly ClassLabel[], hooks: FitHooks = {}): Promise<FittedClassifier> {
    const { options } = this;
    const raw = readMatrix(X, 'X');
    const classes = readClasses(y, raw.n);
    const scaling = options.standardize ? fitScaling(raw) : null;
    const rows = scaling ? applyScaling(raw, scaling) : raw;
    const told = classes.length === 2 ? classes.slice(1) : classes;
    const outputs: FittedOutput[] = [];
    const pause = cooperativePause(hooks.signal);
    // Patterns do not depend on the labels: the outputs share one program but for y.
    const base = outputProgram(rows, new Float64Array(rows.n), 'logistic', options);
    for (const label of told) {
      const signs = Float64Array.from(y, (value) => (value === label ? 1 : -1));
      const name = String(label);
      const onIteration = (iteration: Iteration): void => hooks.onProgress?.(name, iteration);
      outputs.push(await fitOutput(name, { ...base, y: signs }, options, { onIteration, pause }));
    }
    const warning = fitWarning(outputs);
    if (warning !== null) hooks.onWarning?.(warning);
    return new FittedClassifier({ options, scaling, columns: raw.d, target: null, outputs }, classes);
  }

  /**
   * Model back from {@link FittedClassifier.toJSON}.
   * @throws RelucentError `invalid-model` for a truncated, edited or newer file.
   */
  static fromJSON(json: unknown): FittedClassifier {
    const model = readModel(json, 'classifier');
    return new FittedClassifier(model.state, model.classes);
  }
}

/** A trained classifier. */
export class FittedClassifier extends FittedModel {
  /** Class labels, ascending. */
  readonly classes: readonly ClassLabel[];

  constructor(state: ModelState, classes: readonly ClassLabel[]) {
    super(state);
    this.classes = classes;
  }

  /** Outputs per row: the log-odds of the second class, or one column per class. Row-major, n × outputs. */
  decisionFunction(X: NumberMatrix): {
    readonly values: Float64Array;
    readonly rows: number;
    readonly columns: number;
  } {
    const rows = this.readRows(X);
    const columns = this.outputs.length;
    const values = new Float64Array(rows.n * columns);
    this.outputs.forEach((_, k) => {
      this.rawOutput(k, rows).forEach((value, i) => {
        values[i * columns + k] = value;
      });
    });
    return { values, rows: rows.n, columns };
  }

  /** Probability of each class, in the order of `classes`, one array per row. */
  predictProba(X: NumberMatrix): number[][] {
    const { values, rows, columns } = this.decisionFunction(X);
    return Array.from({ length: rows }, (_, i) => {
      const sigmoids = Array.from(values.subarray(i * columns, (i + 1) * columns), sigmoid);
      if (columns === 1) return [1 - (sigmoids[0] ?? 0), sigmoids[0] ?? 0];
      const total = sigmoids.reduce((sum, p) => sum + p, 0);
      return sigmoids.map((p) => (total > 0 ? p / total : 1 / columns));
    });
  }

  /** The most probable class of each row; the first in `classes` on a tie. */
  predict(X: NumberMatrix): ClassLabel[] {
    const { values, rows, columns } = this.decisionFunction(X);
    return Array.from({ length: rows }, (_, i) => {
      // Compare log-odds, not probabilities: they do not saturate.
      const row = values.subarray(i * columns, (i + 1) * columns);
      const best = columns === 1 ? Number((row[0] ?? 0) > 0) : row.indexOf(Math.max(...row));
      return this.classes[best] ?? '';
    });
  }

  /** Accuracy: share of rows whose class is predicted. */
  score(X: NumberMatrix, y: readonly ClassLabel[]): number {
    const predicted = this.predict(X);
    if (y.length !== predicted.length) {
      throw new RelucentError(
        'invalid-argument',
        'y',
        `expected ${predicted.length} labels, one per row of X, got ${y.length}`,
      );
    }
    return predicted.filter((label, i) => label === y[i]).length / y.length;
  }

  /** Complete model as plain data for JSON.stringify. */
  toJSON(): ModelJson {
    return this.modelJson('classifier', this.classes);
  }
}

function readClasses(y: readonly ClassLabel[], n: Rows['n']): ClassLabel[] {
  const invalid = (where: string, message: string): RelucentError =>
    new RelucentError('invalid-argument', where, message);
  if (y.length !== n) throw invalid('y', `expected ${n} labels, one per row of X, got ${y.length}`);
  y.forEach((label, i) => {
    if (
      typeof label !== typeof y[0] ||
      (typeof label === 'number' ? !Number.isFinite(label) : typeof label !== 'string')
    ) {
      throw invalid(`y[${i}]`, `expected strings, or finite numbers, throughout, got ${quoteValue(label)}`);
    }
  });
  const classes = [...new Set(y)].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2) {
    throw invalid(
      'y',
      `expected at least two classes, got only ${quoteValue(classes[0])}; there is nothing to tell apart`,
    );
  }
  return classes;
}
