import { quoteValue, RelucentError } from '../error.js';
import { looksLikeCommaNumber, MAX_MAGNITUDE, parseNumber } from './cell.js';
import { cellAt, cellWhere, type Table } from './table.js';

/**
 * The number in a cell of a numeric column, undefined if the cell is missing.
 *
 * @throws RelucentError for text, an infinite value or a magnitude above 1e150
 */
export function numberAt(table: Table, row: number, column: number): number | undefined {
  const value = table.cells[column]?.number(row);
  if (value === undefined) return undefined;
  if (value !== null && Math.abs(value) <= MAX_MAGNITUDE) return value;
  throw numberError(table, row, column);
}

/** The error for a cell that {@link numberAt} refuses, with its fix. */
export function numberError(table: Table, row: number, column: number): RelucentError {
  const cell = cellAt(table, row, column);
  const value = parseNumber(cell);
  const where = cellWhere(table, row, column);
  const clear = 'leave it empty to have it filled in';
  if (value === undefined) {
    const fix = looksLikeCommaNumber(cell) ? 'write it with a decimal point, e.g. 3.14' : clear;
    return new RelucentError(
      'invalid-table',
      where,
      `expected a number, got ${quoteValue(cell)}; correct the cell or ${fix}`,
    );
  }
  const expected = Number.isFinite(value) ? `a magnitude of at most ${MAX_MAGNITUDE}` : 'a finite number';
  const fix = Number.isFinite(value) ? 'choose another unit for the column' : `correct the cell or ${clear}`;
  return new RelucentError('invalid-table', where, `expected ${expected}, got ${quoteValue(cell)}; ${fix}`);
}
