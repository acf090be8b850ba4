import { FittedClassifier } from '../estimator/classifier.js';
import { readModel, type ReadModel } from '../estimator/model-json.js';
import { FittedRegressor } from '../estimator/regressor.js';
import type { ScoreSummary } from '../report/report-input.js';
import { quoteValue, RelucentError } from '../error.js';
import { applyPreprocessing, type DesignMatrix } from '../table/apply-preprocessing.js';
import { numberAt, numberError } from '../table/number-cell.js';
import type { Preprocessing } from '../table/preprocessing.js';
import { cellAt, cellWhere, levelAt, refuseUnusable, type Table } from '../table/table.js';
import type { TrainedModel } from './fit-model.js';
import { unseenNotes, type ActualTarget } from './prepare-table.js';
import { METRICS, predictRows, scorePredictions, type Predictions } from './scores.js';

/** A model as it comes from a file. */
export interface LoadedModel {
  readonly model: TrainedModel;
  /** Class names in the order of the probabilities; empty for a regressor. */
  readonly classes: readonly string[];
  /** Null for a model that the library trained on bare numbers. */
  readonly preprocessing: Preprocessing | null;
}

/** Predictions for a table, one per row. */
export interface TablePredictions {
  readonly predictions: Predictions;
  /** What was made up for missing and unseen cells, one sentence per column. */
  readonly notes: readonly string[];
  /** Where the table holds the target too; else null. */
  readonly score: {
    readonly metrics: ScoreSummary['metrics'];
    readonly values: readonly number[];
    /** Rows with a target that the model knows. */
    readonly rows: number;
  } | null;
}

/**
 * The model in parsed JSON.
 * @throws RelucentError `invalid-model`
 */
export function loadModel(json: unknown): LoadedModel {
  const read: ReadModel = readModel(json);
  const model =
    read.kind === 'classifier'
      ? new FittedClassifier(read.state, read.classes)
      : new FittedRegressor(read.state);
  return { model, classes: read.classes.map(String), preprocessing: read.preprocessing };
}

/**
 * Predicts every row of a table.
 *
 * A model trained on a table finds its columns by name. One trained on bare numbers knows no names: the table must then
 * hold exactly its columns, in its order, all numbers.
 *
 * @throws RelucentError for missing columns and cells that are no numbers where numbers are needed
 */
export function predictTable(loaded: LoadedModel, table: Table): TablePredictions {
  const { model, preprocessing } = loaded;
  const matrix = preprocessing ? applyPreprocessing(table, preprocessing) : bareMatrix(model, table);
  const predictions = predictRows(model, { rows: matrix });
  return {
    predictions,
    notes: [...filledNotes(matrix), ...unseenNotes(matrix, 'new')],
    score: preprocessing && scoreTable(table, preprocessing, predictions),
  };
}

function bareMatrix(model: TrainedModel, table: Table): DesignMatrix {
  const d = model.columns;
  const n = table.rowCount;
  if (table.columns.length !== d) {
    throw new RelucentError(
      'invalid-table',
      `${table.name} header`,
      `expected ${d} columns in the order of training (the model was made by the library and knows no column names), ` +
        `got ${table.columns.length}; keep those columns only`,
    );
  }
  const X = new Float64Array(n * d);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < d; column++) {
      if (row === 0) refuseUnusable(table, column);
      const value = numberAt(table, row, column);
      if (value === undefined) {
        throw new RelucentError(
          'invalid-table',
          cellWhere(table, row, column),
          `expected a number (the model was made by the library and fills nothing in), got ` +
            `${quoteValue(cellAt(table, row, column))}; fill it in or delete the row`,
        );
      }
      X[row * d + column] = value;
    }
  }
  return { X, n, d, unseen: [], filled: [] };
}

function filledNotes({ filled }: DesignMatrix): string[] {
  return filled.map(
    ({ column, count }) =>
      `Column ${JSON.stringify(column)}: ${count} missing ${count === 1 ? 'cell' : 'cells'} filled with the training median.`,
  );
}

/** Scores the rows whose target the model knows; null without such rows. */
function scoreTable(
  table: Table,
  { target }: Preprocessing,
  predictions: Predictions,
): TablePredictions['score'] {
  const index = table.columns.indexOf(target.name);
  if (index < 0 || table.cells[index]?.refusal !== undefined) return null;
  const known: number[] = [];
  const values: number[] = [];
  const codes = new Map(target.task === 'classification' ? target.classes.map((name, k) => [name, k]) : []);
  const column = table.cells[index];
  for (let row = 0; row < table.rowCount; row++) {
    const number = column?.number(row);
    if (number === undefined) continue;
    const value = target.task === 'classification' ? codes.get(levelAt(table, row, index)) : number;
    if (value === undefined || value === null) continue;
    if (!Number.isFinite(value)) throw numberError(table, row, index);
    known.push(row);
    values.push(value);
  }
  if (known.length === 0) return null;
  const actual: ActualTarget =
    target.task === 'classification'
      ? { task: 'classification', labels: Int32Array.from(values) }
      : { task: 'regression', values: Float64Array.from(values) };
  return {
    metrics: METRICS[target.task],
    values: scorePredictions(selectPredictions(predictions, known), actual),
    rows: known.length,
  };
}

function selectPredictions(predictions: Predictions, rows: readonly number[]): Predictions {
  return predictions.task === 'regression'
    ? { task: 'regression', values: Float64Array.from(rows, (row) => predictions.values[row] ?? NaN) }
    : {
        task: 'classification',
        labels: Int32Array.from(rows, (row) => predictions.labels[row] ?? -1),
        probabilities: rows.map((row) => predictions.probabilities[row] ?? []),
      };
}
