import { FittedClassifier } from '../estimator/classifier.js';
import type { FlatMatrix } from '../problem/problem-input.js';
import type { ScoreSummary } from '../report/report-input.js';
import type { TrainedModel } from './fit-model.js';
import type { ActualTarget, Part } from './prepare-table.js';
import { regressionScores } from './regression-scores.js';

type Metrics = ScoreSummary['metrics'];

/** What predictions of some rows are: numbers in the target's units, or a probability for each class. */
export type Predictions =
  | { readonly task: 'regression'; readonly values: Float64Array }
  | {
      readonly task: 'classification';
      readonly labels: Int32Array;
      readonly probabilities: readonly (readonly number[])[];
    };

/** Metrics of a task, the deciding one first. */
export const METRICS: Readonly<Record<ActualTarget['task'], Metrics>> = {
  regression: [
    { name: 'R²', better: 'higher' },
    { name: 'RMSE', better: 'lower' },
  ],
  classification: [
    { name: 'accuracy', better: 'higher' },
    { name: 'log loss', better: 'lower' },
  ],
};

/** Probability below which a log loss is not counted further: one certain error must not hide all the rest. */
export const SMALLEST_PROBABILITY = 1e-15;

/** Predictions of a trained model for rows in its encoding. */
export function predictRows(model: TrainedModel, { rows }: Pick<Part, 'rows'>): Predictions {
  const X: FlatMatrix = { values: rows.X, rows: rows.n, columns: rows.d };
  if (!(model instanceof FittedClassifier)) return { task: 'regression', values: model.predict(X) };
  const codes = new Map(model.classes.map((label, k) => [label, k]));
  return {
    task: 'classification',
    labels: Int32Array.from(model.predict(X), (label) => codes.get(label) ?? 0),
    probabilities: model.predictProba(X),
  };
}

/** The scores named by {@link METRICS}: accuracy and log loss, or R² and RMSE. NaN where a score does not exist. */
export function scorePredictions(predictions: Predictions, actual: ActualTarget): number[] {
  if (predictions.task === 'regression' && actual.task === 'regression') {
    const { rSquared, rootMeanSquareError } = regressionScores(predictions.values, actual.values);
    return [rSquared, rootMeanSquareError];
  }
  if (predictions.task === 'classification' && actual.task === 'classification') {
    const { labels, probabilities } = predictions;
    const n = actual.labels.length;
    const hits = actual.labels.reduce((sum, label, i) => sum + Number(labels[i] === label), 0);
    const loss = actual.labels.reduce(
      (sum, label, i) => sum - Math.log(Math.max(SMALLEST_PROBABILITY, probabilities[i]?.[label] ?? 0)),
      0,
    );
    return [hits / n, loss / n];
  }
  return [NaN, NaN];
}
