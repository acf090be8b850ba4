import { quoteValue, RelucentError } from '../error.js';
import { compareLevels, MISSING_LEVEL } from './cell.js';
import { targetClasses, targetNumbers } from './encode-target.js';
import { medianOf, momentsOf } from './moments.js';
import { numberAt } from './number-cell.js';
import {
  featureNamesOf,
  indicatorLevels,
  type CategoricalColumn,
  type ClassificationTarget,
  type NumericColumn,
  type Preprocessing,
  type RegressionTarget,
} from './preprocessing.js';
import type { TableSchema } from './schema.js';
import { nothingToLearn } from './target.js';
import { distinctRowsOf } from './same-rows.js';
import { cellAt, findColumn, levelAt, selectRows, type RowSelection, type Table } from './table.js';

/** A fitted column, undefined if it does not vary on the training rows, and what to tell the user. */
interface Fitted<Column> {
  readonly column: Column | undefined;
  readonly note: string | undefined;
}

/**
 * Preprocessing fitted on the given (training) rows only.
 *
 * Numeric columns: missing cells become the median, then mean and population standard deviation are taken. Categorical
 * columns: indicators of the levels seen, a missing cell being the level `(missing)`, centred and scaled too. Columns
 * that do not vary on these rows are left out with a note. O(n·columns).
 *
 * @param rows training rows, at least 2
 * @throws RelucentError if the target does not vary on these rows or no column does
 */
export function fitPreprocessing(table: Table, schema: TableSchema, rows: RowSelection): Preprocessing {
  const selected = selectRows(table, rows);
  if (selected.length < 2) {
    throw new RelucentError(
      'invalid-argument',
      'rows',
      `expected at least 2 training rows, got ${selected.length}`,
    );
  }
  const notes = [...schema.notes];
  const columns: (NumericColumn | CategoricalColumn)[] = [];
  const used: number[] = [];
  for (const { name, kind } of schema.columns) {
    if (kind !== 'numeric' && kind !== 'categorical') continue;
    const index = findColumn(table, name, table.name, 'invalid-table');
    const fitted =
      kind === 'numeric' ? fitNumeric(table, index, selected) : fitCategorical(table, index, selected);
    if (fitted.note !== undefined) notes.push(fitted.note);
    if (fitted.column === undefined) continue;
    columns.push(fitted.column);
    used.push(index);
  }
  if (columns.length === 0) {
    throw new RelucentError(
      'invalid-table',
      table.name,
      `expected a column that varies on the ${selected.length} training rows, got none; add rows or columns`,
    );
  }
  const targetIndex = findColumn(table, schema.target.name, table.name, 'invalid-table');
  const target =
    schema.target.task === 'regression'
      ? fitRegression(table, targetIndex, selected)
      : fitClassification(table, targetIndex, selected);
  const duplicates = countDuplicates(table, [...used, targetIndex], selected);
  if (duplicates > 0) notes.push(`${countOf(duplicates, 'training row')} repeated an earlier one; kept.`);
  return { columns, target, featureNames: columns.flatMap(featureNamesOf), notes };
}

function fitNumeric(table: Table, index: number, rows: Int32Array): Fitted<NumericColumn> {
  const name = table.columns[index] ?? '';
  const cells = Array.from(rows, (row) => numberAt(table, row, index));
  const known = Float64Array.from(cells.filter((value) => value !== undefined));
  const missing = cells.length - known.length;
  const median = medianOf(known);
  const { mean, scale } = momentsOf(Float64Array.from(cells, (value) => value ?? median));
  if (scale === 0) return { column: undefined, note: constantNote(name) };
  const note =
    missing === 0
      ? undefined
      : `Column ${quoteValue(name)}: ${countOf(missing, 'missing cell')} filled with the training median ${median}.`;
  return { column: { name, kind: 'numeric', median, mean, scale }, note };
}

function fitCategorical(table: Table, index: number, rows: Int32Array): Fitted<CategoricalColumn> {
  const name = table.columns[index] ?? '';
  const counts = new Map<string, number>();
  for (const row of rows) {
    const level = levelAt(table, row, index);
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  const levels = [...counts.keys()].sort(compareLevels);
  if (levels.length < 2) return { column: undefined, note: constantNote(name) };
  const means = indicatorLevels(levels).map((level) => (counts.get(level) ?? 0) / rows.length);
  const scales = means.map((mean) => Math.sqrt(mean * (1 - mean)));
  const missing = counts.get(MISSING_LEVEL) ?? 0;
  const note =
    missing === 0
      ? undefined
      : `Column ${quoteValue(name)}: ${countOf(missing, 'missing cell')} kept as the category ${MISSING_LEVEL}.`;
  return { column: { name, kind: 'categorical', levels, means, scales }, note };
}

function fitRegression(table: Table, index: number, rows: Int32Array): RegressionTarget {
  const { mean, scale } = momentsOf(targetNumbers(table, index, rows));
  if (scale === 0) throw nothingToLearn(table, index, cellAt(table, rows[0] ?? 0, index), 'training row');
  return { name: table.columns[index] ?? '', task: 'regression', mean, scale };
}

function fitClassification(table: Table, index: number, rows: Int32Array): ClassificationTarget {
  const classes = [...new Set(targetClasses(table, index, rows))].sort(compareLevels);
  if (classes.length < 2) throw nothingToLearn(table, index, classes[0] ?? '', 'training row');
  return { name: table.columns[index] ?? '', task: 'classification', classes };
}

function constantNote(name: string): string {
  return `Column ${quoteValue(name)} has the same value in every training row; it is left out.`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows whose cells in the given columns repeat those of an earlier row. */
function countDuplicates(table: Table, columns: readonly number[], rows: Int32Array): number {
  const seen = distinctRowsOf(table, columns, rows.length);
  for (const row of rows) seen.add(row);
  return rows.length - seen.size;
}
