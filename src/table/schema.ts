import { quoteValue, RelucentError } from '../error.js';
import { numberError } from './number-cell.js';
import { columnOption, columnWhere, findColumn, refuseUnusable, type Table } from './table.js';
import {
  countDistinct,
  isAllNumeric,
  isMostlyNumeric,
  profileColumn,
  type ColumnProfile,
} from './profile.js';
import { inferTarget, type TargetSchema, type Task } from './target.js';
import { refuseDates, refuseFreeText, refuseSlips } from './refusals.js';

/** Most levels a categorical column may have. */
const MAX_LEVELS = 50;

/** How a column enters the matrix; `constant`, `empty` and `dropped` ones do not. */
export type ColumnKind = 'numeric' | 'categorical' | 'constant' | 'empty' | 'dropped';

export interface ColumnSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Cells without a value. */
  readonly missing: number;
  /** Distinct values: numbers in a numeric column, else categories; missing cells not counted. */
  readonly distinct: number;
}

export interface TableSchema {
  /** Rows of the table it was inferred from. */
  readonly rows: number;
  /** Every column but the target, in the order of the file. */
  readonly columns: readonly ColumnSchema[];
  readonly target: TargetSchema;
  /** Plain sentences on what was dropped or guessed. */
  readonly notes: readonly string[];
}

export interface SchemaOptions {
  /** Name of the column to predict. */
  readonly target: string;
  /** Default: inferred from the target's values, see {@link inferTarget}. */
  readonly task?: Task | undefined;
  /** Columns to leave out. */
  readonly drop?: readonly string[] | undefined;
  /** Columns whose values are categories even where they read as numbers. */
  readonly categorical?: readonly string[] | undefined;
}

/**
 * The role of every column of a table, read off all of its rows.
 *
 * A column is numeric if all its cells with a value are decimal numbers, else categorical (at most 50 levels). Columns
 * that are neither with certainty are refused with the fix: numbers with a slip of text, dates, free text, identifiers.
 *
 * @throws RelucentError 'invalid-argument' for unknown names, 'invalid-table' for cells and columns that do not fit
 */
export function inferSchema(table: Table, options: SchemaOptions): TableSchema {
  if (table.rowCount < 2) {
    throw new RelucentError('invalid-table', table.name, 'expected at least 2 rows of data, got 1; add rows');
  }
  const targetIndex = findColumn(table, options.target, 'target');
  const dropped = namedColumns(table, options.drop, 'drop', targetIndex);
  const categorical = namedColumns(table, options.categorical, 'categorical', targetIndex);
  const { notes: targetNotes, ...target } = inferTarget(table, targetIndex, options.task);
  const notes = [...targetNotes];
  const columns: ColumnSchema[] = [];
  table.columns.forEach((name, index) => {
    if (index === targetIndex) return;
    const profile = profileColumn(table, index);
    const kind = dropped.has(index) ? 'dropped' : columnKind(table, profile, categorical.has(index));
    const note = columnNote(table, profile, kind);
    if (note !== undefined) notes.push(note);
    const distinct = countDistinct(profile);
    columns.push({ name, kind, missing: profile.missing, distinct });
  });
  if (!columns.some(({ kind }) => kind === 'numeric' || kind === 'categorical')) {
    throw new RelucentError(
      'invalid-table',
      table.name,
      `expected at least one column to predict ${quoteValue(target.name)} from, got none that varies; add a column`,
    );
  }
  return { rows: table.rowCount, columns, target, notes };
}

function namedColumns(
  table: Table,
  names: readonly string[] | undefined,
  option: 'drop' | 'categorical',
  targetIndex: number,
): ReadonlySet<number> {
  const indices = (names ?? []).map((name) => findColumn(table, name, option));
  if (indices.includes(targetIndex)) {
    const fix = option === 'drop' ? 'name another column' : 'pass --task classification instead';
    const target = quoteValue(table.columns[targetIndex] ?? '');
    throw new RelucentError(
      'invalid-argument',
      option,
      `expected feature columns, got the target ${target}; ${fix}`,
    );
  }
  return new Set(indices);
}

function columnKind(table: Table, profile: ColumnProfile, forcedCategorical: boolean): ColumnKind {
  refuseUnusable(table, profile.index);
  if (profile.present === 0) return 'empty';
  if (!forcedCategorical && isAllNumeric(profile)) {
    if (profile.firstUnbounded !== undefined) throw numberError(table, profile.firstUnbounded, profile.index);
    return profile.distinctNumbers.count === 1 ? 'constant' : 'numeric';
  }
  if (!forcedCategorical) {
    const asCategories = columnOption('--categorical', profile.name);
    if (isMostlyNumeric(profile)) {
      refuseSlips(table, profile, `clear it to have it filled in, or pass ${asCategories}`);
    }
    refuseDates(table, profile);
  }
  // A missing cell is a level of its own, so one text value beside empty cells still tells rows apart.
  const { levels } = profile;
  if (levels === 1 && profile.missing === 0) return 'constant';
  refuseFreeText(table, profile);
  refuseManyLevels(table, profile, levels);
  return 'categorical';
}

function refuseManyLevels(table: Table, profile: ColumnProfile, levels: number): void {
  const allDiffer = levels === table.rowCount && levels > 2;
  if (levels <= MAX_LEVELS && !allDiffer) return;
  const found = allDiffer ? 'a different one in every row' : `${levels} different ones`;
  const expected = isAllNumeric(profile) ? '' : 'numbers or ';
  const fix = isAllNumeric(profile) ? 'leave out --categorical for it or ' : '';
  throw new RelucentError(
    'invalid-table',
    columnWhere(table, profile.index),
    `expected ${expected}at most ${MAX_LEVELS} categories shared by several rows, got ${found}; ` +
      `${fix}drop it with ${columnOption('--drop', profile.name)}`,
  );
}

function columnNote(table: Table, profile: ColumnProfile, kind: ColumnKind): string | undefined {
  const column = `Column ${quoteValue(profile.name)}`;
  if (kind === 'empty') return `${column} has no values; it is left out.`;
  if (kind === 'constant') {
    const rest = profile.missing > 0 ? ' that is not missing' : '';
    return `${column} has the same value in every row${rest}; it is left out.`;
  }
  if (kind === 'numeric' && countsRows(table, profile)) {
    const drop = columnOption('--drop', profile.name);
    return `${column} counts the rows one by one; if it is only a row number, leave it out with ${drop}.`;
  }
  return undefined;
}

/** Whether the column reads k, k+1, k+2, … down the file (at least 10 rows). */
function countsRows(table: Table, profile: ColumnProfile): boolean {
  if (profile.missing > 0 || table.rowCount < 10) return false;
  const column = table.cells[profile.index];
  const start = column?.number(0) ?? NaN;
  for (let row = 0; row < table.rowCount; row++) {
    if (column?.number(row) !== start + row) return false;
  }
  return true;
}
