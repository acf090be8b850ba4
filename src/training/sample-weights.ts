import { quoteValue, RelucentError } from '../error.js';
import { numberAt } from '../table/number-cell.js';
import { cellAt, cellWhere, findColumn, type Table } from '../table/table.js';

/** Weights beyond which sums and bounds could leave float64. */
const LARGEST_WEIGHT = 1e12;

/**
 * The weight of every row of a table: a finite number ≥ 0, at most 1e12.
 * @throws RelucentError `invalid-table` for a cell that is none, `invalid-argument` for a column that does not exist
 */
export function readWeights(table: Table, column: string): Float64Array {
  const index = findColumn(table, column, '--weights', 'invalid-argument');
  return Float64Array.from({ length: table.rowCount }, (_, row) => {
    const weight = numberAt(table, row, index);
    if (weight !== undefined && weight >= 0 && weight <= LARGEST_WEIGHT) return weight;
    throw new RelucentError(
      'invalid-table',
      cellWhere(table, row, index),
      `expected a weight from 0 to ${LARGEST_WEIGHT}, got ${quoteValue(cellAt(table, row, index))}; correct the cell (0 leaves the row out of the training)`,
    );
  });
}
