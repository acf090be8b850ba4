import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError, quoteValue } from '../error.js';
import { sigmoid } from '../loss/logistic.js';
import { readMatrix } from '../problem/matrix-input.js';
import type { NumberMatrix, NumberVector } from '../problem/problem-input.js';
import { calibrated, softmaxLogOdds } from './calibration.js';
import { checkClassWeight } from './class-targets.js';
import { Estimator, type ReadData } from './estimator.js';
import { FittedModel } from './fitted-model.js';
import { entriesAt, rowsAt } from './fold-data.js';
import { readSampleWeights, weightedRows } from './learning-task.js';
import { readModel, type ModelJson } from './model-json.js';
import type { ModelState } from './model-state.js';
import { changedOptions, type EstimatorOptions } from './options.js';

export type ClassLabel = string | number;

/**
 * Classifier: parallel ReLU networks trained to certified optimality.
 *
 * Two classes: one network with the logistic loss whose output is the log-odds of the second class. More: with
 * `multiClass: 'one-vs-rest'` one such network per class against the rest, probabilities their normalised sigmoids, the certificate
 * adding up those of the outputs (their sum is the objective that was minimised); with `softmax` one network with an output for
 * each class and the softmax loss. Labels are distinct numbers, sorted by value, or strings, sorted by code unit.
 */
export class RelucentClassifier extends Estimator<readonly ClassLabel[], FittedClassifier> {
  /** An estimator like this one with some options changed. */
  setParams(changes: EstimatorOptions): RelucentClassifier {
    return new RelucentClassifier(changedOptions(this.options, changes));
  }

  protected read(
    X: NumberMatrix,
    y: readonly ClassLabel[],
    sampleWeight: NumberVector | undefined,
  ): ReadData<FittedClassifier> {
    const raw = readMatrix(X, 'X');
    checkLabels(y, raw.n);
    const weights = readSampleWeights(sampleWeight, raw.n);
    const kept = weightedRows(weights, raw.n);
    const own = Array.from(kept, (i) => y[i] ?? '');
    const classes = classesOf(own);
    const names = classes.map(String);
    checkClassWeight(this.options.classWeight, names, 'classWeight');
    const codes = new Map(classes.map((label, k) => [label, k]));
    const softmax = this.options.multiClass === 'softmax' && classes.length > 2;
    const rows = rowsAt(raw, kept);
    return {
      task: {
        rows,
        sampleWeights: weights && entriesAt(weights, kept),
        target: { kind: 'classes', labels: Int32Array.from(own, (label) => codes.get(label) ?? 0), names },
        outputLabels: softmax ? ['classes'] : classes.length === 2 ? names.slice(1) : names,
        learning: softmax ? { loss: 'softmax', outputs: classes.length } : { loss: 'logistic', outputs: 1 },
      },
      model: (state) => new FittedClassifier(state, classes),
      score: (model, at) => {
        const { X: values, n, d } = rowsAt(rows, at);
        return model.score(
          { values, rows: n, columns: d },
          Array.from(at, (i) => own[i] ?? ''),
        );
      },
    };
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

  /** Outputs per row: the log-odds of the second class, or one column per class. Row-major, n × columns. */
  decisionFunction(X: NumberMatrix): {
    readonly values: Float64Array;
    readonly rows: number;
    readonly columns: number;
  } {
    const rows = this.readRows(X);
    // Output-major, one network after the other.
    const raw = this.outputs.map((_, k) => this.rawOutput(k, rows));
    const columns = this.classes.length === 2 ? 1 : this.classes.length;
    const values = new Float64Array(rows.n * columns);
    raw
      .flatMap((own) =>
        Array.from({ length: own.length / rows.n }, (_, k) => own.subarray(k * rows.n, (k + 1) * rows.n)),
      )
      .forEach((column, k) => {
        column.forEach((value, i) => {
          values[i * columns + k] = value;
        });
      });
    return { values, rows: rows.n, columns };
  }

  /**
   * Probability of each class, in the order of `classes`, one array per row: the sigmoid, the normalised sigmoids or the softmax of
   * the decision function; with a calibration the normalised calibrated probabilities.
   */
  predictProba(X: NumberMatrix): number[][] {
    const { values, rows, columns } = this.decisionFunction(X);
    return Array.from({ length: rows }, (_, i) =>
      this.probabilities(Array.from(values.subarray(i * columns, (i + 1) * columns))),
    );
  }

  /** The most probable class of each row; of equal ones that of the largest decision function, then the first. */
  predict(X: NumberMatrix): ClassLabel[] {
    const { values, rows, columns } = this.decisionFunction(X);
    return Array.from({ length: rows }, (_, i) => {
      const row = Array.from(values.subarray(i * columns, (i + 1) * columns));
      return this.classes[this.calibration ? mostProbable(this.probabilities(row), row) : largest(row)] ?? '';
    });
  }

  /** Accuracy: share of rows whose class is predicted, by weight where weights are given. */
  score(
    X: NumberMatrix,
    y: readonly ClassLabel[],
    { sampleWeight }: { readonly sampleWeight?: NumberVector } = {},
  ): number {
    const predicted = this.predict(X);
    if (y.length !== predicted.length) {
      throw new RelucentError(
        'invalid-argument',
        'y',
        `expected ${predicted.length} labels, one per row of X, got ${y.length}`,
      );
    }
    const weights = readSampleWeights(sampleWeight, y.length) ?? new Float64Array(y.length).fill(1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return predicted.reduce<number>((sum, label, i) => sum + (label === y[i] ? weights[i]! : 0), 0) / total;
  }

  private probabilities(row: readonly number[]): number[] {
    const { calibration } = this;
    const together = this.outputs.length === 1 && row.length > 1;
    if (together && !calibration) {
      const most = Math.max(...row);
      return normalised(row.map((value) => Math.exp(value - most)));
    }
    const scores = together ? softmaxLogOdds(row) : row;
    const each = scores.map((score, k) =>
      calibration ? calibrated(calibration.maps[k]!, score) : sigmoid(score),
    );
    return each.length === 1 ? [1 - (each[0] ?? 0), each[0] ?? 0] : normalised(each);
  }

  /** Complete model as plain data for JSON.stringify. */
  toJSON(): ModelJson {
    return this.modelJson('classifier', this.classes);
  }
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, p) => sum + p, 0);
  return values.map((p) => (total > 0 ? p / total : 1 / values.length));
}

/** Decision functions do not saturate as probabilities do. */
function largest(row: readonly number[]): number {
  return row.length === 1 ? Number((row[0] ?? 0) > 0) : row.indexOf(Math.max(...row));
}

function mostProbable(probabilities: readonly number[], row: readonly number[]): number {
  const most = Math.max(...probabilities);
  const tied = [...probabilities.keys()].filter((k) => probabilities[k] === most);
  if (tied.length === 1) return tied[0]!;
  if (row.length === 1) return largest(row);
  return tied.reduce((best, k) => (row[k]! > row[best]! ? k : best));
}

function checkLabels(y: readonly ClassLabel[], n: Rows['n']): void {
  if (y.length !== n) throw invalid('y', `expected ${n} labels, one per row of X, got ${y.length}`);
  y.forEach((label, i) => {
    if (
      typeof label !== typeof y[0] ||
      (typeof label === 'number' ? !Number.isFinite(label) : typeof label !== 'string')
    ) {
      throw invalid(`y[${i}]`, `expected strings, or finite numbers, throughout, got ${quoteValue(label)}`);
    }
  });
}

function classesOf(y: readonly ClassLabel[]): ClassLabel[] {
  const classes = [...new Set(y)].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2) {
    throw invalid(
      'y',
      `expected at least two classes, got only ${quoteValue(classes[0])}; there is nothing to tell apart`,
    );
  }
  return classes;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
