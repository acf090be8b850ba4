import type { Rows } from '../arrangement/sub-network-pattern.js';
import { quoteValue, RelucentError } from '../error.js';
import { numberAt } from '../table/number-cell.js';
import { targetClasses } from '../table/encode-target.js';
import { cellAt, cellWhere, findColumn, refuseUnusable, selectRows, type Table } from '../table/table.js';

/**
 * Columns of a table as numbers, n×d in the order of `names`.
 * @throws RelucentError for an unknown column and for a cell that holds no number: nothing is filled in
 */
export function numbersOf(table: Table, names: readonly string[]): Rows {
  const columns = names.map((name) => findColumn(table, name, 'inputs'));
  for (const column of columns) refuseUnusable(table, column);
  const n = table.rowCount;
  const d = columns.length;
  const X = new Float64Array(n * d);
  for (let row = 0; row < n; row++) {
    columns.forEach((column, t) => {
      const value = numberAt(table, row, column);
      if (value === undefined) {
        throw new RelucentError(
          'invalid-table',
          cellWhere(table, row, column),
          `expected a number (nothing is filled in for a network from elsewhere), got ${quoteValue(cellAt(table, row, column))}; ` +
            'fill it in or delete the row',
        );
      }
      X[row * d + t] = value;
    });
  }
  return { X, n, d };
}

/** Index of each row's class among the known ones. @throws RelucentError for a cell with another class */
export function codesOf(table: Table, index: number, classes: readonly string[]): Int32Array {
  const rows = selectRows(table);
  const codes = new Map(classes.map((name, k) => [name, k]));
  return Int32Array.from(targetClasses(table, index, rows), (name, row) => {
    const code = codes.get(name);
    if (code !== undefined) return code;
    const shown = classes
      .slice(0, 10)
      .map((known) => quoteValue(known))
      .join(', ');
    throw new RelucentError(
      'invalid-table',
      cellWhere(table, row, index),
      `expected a class of the network: ${shown}, got ${quoteValue(name)}; correct the cell or "classes"`,
    );
  });
}

/** The error for a target that is given nowhere. */
export function noTarget(table: Table): RelucentError {
  const shown = table.columns
    .slice(0, 10)
    .map((name) => quoteValue(name))
    .join(', ');
  return new RelucentError(
    'invalid-argument',
    'target',
    `expected the column with the target, got none; pass --target with one of ${shown}`,
  );
}

/** The error for another number of input columns than the network reads. */
export function wrongCount(table: Table, found: number, expected: number): RelucentError {
  return new RelucentError(
    'invalid-table',
    `${table.name} header`,
    `expected ${expected} input columns, those the network reads, got ${found}; name them in "inputs", or keep those only`,
  );
}
