import { meanAndError } from '../estimator/select-beta.js';
import { predictRows, SMALLEST_PROBABILITY } from './scores.js';
import type { TrainedModel } from './fit-model.js';
import type { FoldPath } from './path-state.js';
import type { Part } from './prepare-table.js';

/** A loss per row and its standard error at one value of a path; lower is better. */
export interface CurvePoint {
  readonly mean: number;
  readonly standardError: number;
}

/** Places on the grid that a curve speaks for. */
export interface Picks {
  /** The smallest mean loss; of equal ones the largest β. */
  readonly best: number;
  /** The largest β whose mean is within one standard error of the best: the simplest network that is about as good. */
  readonly oneStandardError: number;
}

/** Mean loss on held-out rows, and its standard error over the rows: squared error, or log loss. */
export function heldOutCurve(model: TrainedModel, part: Part | null): CurvePoint {
  if (part === null) return { mean: NaN, standardError: NaN };
  const predictions = predictRows(model, part);
  const { actual } = part;
  const losses =
    actual.task === 'regression'
      ? Array.from(
          actual.values,
          (value, i) =>
            (value - (predictions.task === 'regression' ? (predictions.values[i] ?? NaN) : NaN)) ** 2,
        )
      : Array.from(actual.labels, (label, i) => {
          const row = predictions.task === 'classification' ? predictions.probabilities[i] : undefined;
          return -Math.log(Math.max(SMALLEST_PROBABILITY, row?.[label] ?? NaN));
        });
  return meanAndError(losses);
}

/** Mean over the folds of the losses of a fold, outputs added up, at each of so many values. */
export function foldCurve(paths: readonly FoldPath[], folds: number, count: number): CurvePoint[] {
  return Array.from({ length: count }, (_, at) =>
    meanAndError(
      Array.from({ length: folds }, (__, fold) =>
        paths.filter((path) => path.fold === fold).reduce((sum, { losses }) => sum + (losses[at] ?? NaN), 0),
      ),
    ),
  );
}

/** The picks of a curve along decreasing β; null where no mean is a number. */
export function picksOf(curve: readonly CurvePoint[]): Picks | null {
  let best = -1;
  curve.forEach(({ mean }, at) => {
    if (mean < (curve[best]?.mean ?? Infinity)) best = at;
  });
  const at = curve[best];
  if (!at) return null;
  const limit = at.mean + (Number.isFinite(at.standardError) ? at.standardError : 0);
  return { best, oneStandardError: curve.findIndex(({ mean }) => mean <= limit) };
}
