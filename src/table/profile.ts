import {
  isMissing,
  levelOf,
  looksLikeCommaNumber,
  looksLikeDate,
  MAX_MAGNITUDE,
  parseNumber,
} from './cell.js';
import { cellAt, type Table } from './table.js';

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
  readonly distinctNumbers: ReadonlySet<number>;
  readonly firstMissing: number | undefined;
  readonly firstPresent: number | undefined;
  readonly firstText: number | undefined;
  /** First cell that is infinite or above the largest magnitude. */
  readonly firstUnbounded: number | undefined;
  /** First cell that is too long for a category. */
  readonly firstLong: number | undefined;
}

/** Profile of the column at `index`; one pass over its n cells. */
export function profileColumn(table: Table, index: number): ColumnProfile {
  const distinctNumbers = new Set<number>();
  const count = { missing: 0, numeric: 0, dates: 0, commaNumbers: 0 };
  const first: Record<'missing' | 'present' | 'text' | 'unbounded' | 'long', number | undefined> = {
    missing: undefined,
    present: undefined,
    text: undefined,
    unbounded: undefined,
    long: undefined,
  };
  for (let row = 0; row < table.rows.length; row++) {
    const cell = cellAt(table, row, index);
    if (isMissing(cell)) {
      count.missing++;
      first.missing ??= row;
      continue;
    }
    first.present ??= row;
    if (cell.length > MAX_LEVEL_LENGTH) first.long ??= row;
    const value = parseNumber(cell);
    if (value === undefined) {
      first.text ??= row;
      if (looksLikeDate(cell)) count.dates++;
      if (looksLikeCommaNumber(cell)) count.commaNumbers++;
    } else {
      count.numeric++;
      distinctNumbers.add(value);
      if (!(Math.abs(value) <= MAX_MAGNITUDE)) first.unbounded ??= row;
    }
  }
  return {
    name: table.columns[index] ?? '',
    index,
    ...count,
    present: table.rows.length - count.missing,
    distinctNumbers,
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

/** Distinct categories of the cells with a value. */
export function distinctLevels(table: Table, index: number): ReadonlySet<string> {
  const levels = new Set<string>();
  for (const row of table.rows) {
    const cell = row[index] ?? '';
    if (!isMissing(cell)) levels.add(levelOf(cell));
  }
  return levels;
}

/** Number of distinct values: numbers if all are numbers, else categories. */
export function countDistinct(table: Table, profile: ColumnProfile): number {
  return isAllNumeric(profile) ? profile.distinctNumbers.size : distinctLevels(table, profile.index).size;
}
