import { quoteValue, RelucentError } from '../error.js';
import { numberAt } from './number-cell.js';
import type { Preprocessing } from './preprocessing.js';
import {
  cellAt,
  cellWhere,
  levelAt,
  refuseUnusable,
  selectRows,
  type RowSelection,
  type Table,
} from './table.js';

/** Targets in the units of the solver: standardised numbers, or indices into `classes`. */
export type EncodedTarget =
  | { readonly task: 'regression'; readonly y: Float64Array }
  | { readonly task: 'classification'; readonly labels: Int32Array };

/**
 * The target column of a table, encoded: (y − mean)/scale in regression, the index of the class in classification.
 *
 * @param rows rows to encode, in this order; default: all
 * @throws RelucentError 'invalid-table' if the column or a cell is missing, or a class is not one of training
 */
export function encodeTarget(table: Table, preprocessing: Preprocessing, rows?: RowSelection): EncodedTarget {
  const { target } = preprocessing;
  const selected = selectRows(table, rows);
  const index = table.columns.indexOf(target.name);
  if (index < 0) {
    throw new RelucentError(
      'invalid-table',
      `${table.name} header`,
      `expected the target column ${quoteValue(target.name)}, got none of that name; add it`,
    );
  }
  if (target.task === 'regression') {
    const y = targetNumbers(table, index, selected).map((value) => (value - target.mean) / target.scale);
    return { task: 'regression', y };
  }
  const codes = new Map(target.classes.map((name, k) => [name, k]));
  const labels = targetClasses(table, index, selected).map((name, i) => {
    const code = codes.get(name);
    if (code === undefined) throw unknownClass(table, index, selected[i] ?? 0, target.classes);
    return code;
  });
  return { task: 'classification', labels: Int32Array.from(labels) };
}

/** Numbers of a target column in the user's units; a missing cell is an error. */
export function targetNumbers(table: Table, index: number, rows: Int32Array): Float64Array {
  refuseMissingTarget(table, index, rows);
  return Float64Array.from(rows, (row) => numberAt(table, row, index) ?? NaN);
}

/** Classes of a target column; a missing cell is an error. */
export function targetClasses(table: Table, index: number, rows: Int32Array): readonly string[] {
  refuseMissingTarget(table, index, rows);
  return Array.from(rows, (row) => levelAt(table, row, index));
}

/** Refuses missing cells of the target among the given rows: names the first and counts them. */
export function refuseMissingTarget(table: Table, index: number, rows: Int32Array): void {
  refuseUnusable(table, index);
  const column = table.cells[index];
  const missing = rows.filter((row) => column?.number(row) === undefined);
  const first = missing[0];
  if (first === undefined) return;
  const count = missing.length;
  throw new RelucentError(
    'invalid-table',
    cellWhere(table, first, index),
    `expected a value of the target in every row, got ${quoteValue(cellAt(table, first, index))}` +
      `${count === 1 ? '' : ` (and ${count - 1} more like it)`}; ` +
      `fill in or delete ${count === 1 ? 'this row' : `these ${count} rows`}`,
  );
}

function unknownClass(table: Table, index: number, row: number, classes: readonly string[]): RelucentError {
  const shown = classes.slice(0, 10).map((name) => quoteValue(name));
  const rest = classes.length - shown.length;
  return new RelucentError(
    'invalid-table',
    cellWhere(table, row, index),
    `expected a class seen in training: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}, ` +
      `got ${quoteValue(cellAt(table, row, index))}; correct the cell or delete the row`,
  );
}
