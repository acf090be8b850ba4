import { looksLikeCommaNumber, looksLikeDate, MAX_MAGNITUDE } from './cell.js';
import type { Column, DistinctNumbers } from './column.js';
import type { Table } from './table.js';

/** Longest text accepted as a category, in UTF-16 units; longer cells are free text. */
export const MAX_LEVEL_LENGTH = 1000;

/** What the cells of one column look like. Row indices are 0-based, undefined where no such cell exists. */
export interface ColumnProfile {
  readonly name: string;
  readonly index: number;
  readonly missing: number;
  /** Cells with a value. */
  readonly present: number;
  /** Cells that read as numbers, infinite ones included. */
  readonly numeric: number;
  /** Cells that read as dates. */
  readonly dates: number;
  /** Cells that read as numbers with a decimal comma or thousands separators. */
  readonly commaNumbers: number;
  readonly distinctNumbers: DistinctNumbers;
  /** Number of distinct categories, missing cells not counted. */
  readonly levels: number;
  readonly firstMissing: number | undefined;
  readonly firstPresent: number | undefined;
  readonly firstText: number | undefined;
  /** First cell that is infinite or above the largest magnitude. */
  readonly firstUnbounded: number | undefined;
  /** First cell that is too long for a category. */
  readonly firstLong: number | undefined;
}

/** Profiles by column: each is asked for several times. */
const profiles = new WeakMap<Column, Omit<ColumnProfile, 'name' | 'index'>>();

/** Profile of the column at `index`; one pass over its n cells, and the sorting of numbers that do not repeat. */
export function profileColumn(table: Table, index: number): ColumnProfile {
  const column = table.cells[index];
  if (column === undefined) throw new RangeError(`no column ${index}`);
  const known = profiles.get(column) ?? profileCells(column);
  profiles.set(column, known);
  return { name: table.columns[index] ?? '', index, ...known };
}

function profileCells(column: Column): Omit<ColumnProfile, 'name' | 'index'> {
  const count = { missing: 0, numeric: 0, dates: 0, commaNumbers: 0 };
  const first: Record<'missing' | 'present' | 'text' | 'unbounded' | 'long', number | undefined> = {
    missing: undefined,
    present: undefined,
    text: undefined,
    unbounded: undefined,
    long: undefined,
  };
  column.tally((text, value, times, row) => {
    if (value === undefined) {
      count.missing += times;
      first.missing ??= row;
      return;
    }
    first.present ??= row;
    if (text.length > MAX_LEVEL_LENGTH) first.long ??= row;
    if (value === null) {
      first.text ??= row;
      if (looksLikeDate(text)) count.dates += times;
      if (looksLikeCommaNumber(text)) count.commaNumbers += times;
    } else {
      count.numeric += times;
      if (!(Math.abs(value) <= MAX_MAGNITUDE)) first.unbounded ??= row;
    }
  });
  return {
    ...count,
    present: column.length - count.missing,
    distinctNumbers: column.distinctNumbers(),
    levels: column.countLevels(),
    firstMissing: first.missing,
    firstPresent: first.present,
    firstText: first.text,
    firstUnbounded: first.unbounded,
    firstLong: first.long,
  };
}

/** Whether every cell with a value reads as a number. */
export function isAllNumeric(profile: ColumnProfile): boolean {
  return profile.present > 0 && profile.numeric === profile.present;
}

/** Whether at least 80 % of the cells with a value read as numbers: text in such a column is taken for a slip. */
export function isMostlyNumeric(profile: ColumnProfile): boolean {
  return profile.present > 0 && profile.numeric >= 0.8 * profile.present;
}

/** Number of distinct values: numbers if all are numbers, else categories. */
export function countDistinct(profile: ColumnProfile): number {
  return isAllNumeric(profile) ? profile.distinctNumbers.count : profile.levels;
}
