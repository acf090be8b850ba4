import { quoteValue, RelucentError } from '../error.js';
import { looksLikeCommaNumber, looksLikeDate } from './cell.js';
import { numberError } from './number-cell.js';
import { MAX_LEVEL_LENGTH, type ColumnProfile } from './profile.js';
import { cellAt, cellWhere, columnOption, columnWhere, type Table } from './table.js';

/**
 * Refuses a column of numbers that holds some text.
 *
 * @param fix what to do other than correct the cell, e.g. `pass --task classification`
 */
export function refuseSlips(table: Table, profile: ColumnProfile, fix: string): never {
  const { firstText, index, numeric, present } = profile;
  const row = firstText ?? 0;
  const cell = cellAt(table, row, index);
  if (looksLikeCommaNumber(cell)) throw numberError(table, row, index);
  throw new RelucentError(
    'invalid-table',
    cellWhere(table, row, index),
    `expected a number like ${numeric} of the column's ${present} values, got ${quoteValue(cell)}; ` +
      `correct the cell or ${fix}`,
  );
}

/** Refuses a column in which most cells are dates, or numbers written with commas. */
export function refuseDates(table: Table, profile: ColumnProfile): void {
  const { index, present, dates, commaNumbers, name } = profile;
  const firstLike = (test: (cell: string) => boolean): string => {
    let row = 0;
    while (row < table.rowCount && !test(cellAt(table, row, index))) row++;
    return quoteValue(cellAt(table, row, index));
  };
  if (dates > present / 2) {
    throw new RelucentError(
      'invalid-table',
      columnWhere(table, index),
      `expected numbers or categories, got dates such as ${firstLike(looksLikeDate)}; ` +
        `derive numbers, e.g. days since a date, or drop it with ${columnOption('--drop', name)}`,
    );
  }
  if (commaNumbers > present / 2) {
    throw new RelucentError(
      'invalid-table',
      columnWhere(table, index),
      `expected numbers with a decimal point, got ${firstLike(looksLikeCommaNumber)}; ` +
        'export with a decimal point and without thousands separators',
    );
  }
}

/** Refuses a column with a text too long to be a category. */
export function refuseFreeText(table: Table, profile: ColumnProfile): void {
  const { firstLong, index, name } = profile;
  if (firstLong === undefined) return;
  throw new RelucentError(
    'invalid-table',
    cellWhere(table, firstLong, index),
    `expected a category of at most ${MAX_LEVEL_LENGTH} characters, got free text ` +
      `${quoteValue(cellAt(table, firstLong, index))}; drop the column with ${columnOption('--drop', name)}`,
  );
}
