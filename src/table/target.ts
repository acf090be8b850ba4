import { quoteValue, RelucentError } from '../error.js';
import { numberError } from './number-cell.js';
import { refuseMissingTarget } from './encode-target.js';
import {
  isAllNumeric,
  isMostlyNumeric,
  MAX_LEVEL_LENGTH,
  profileColumn,
  type ColumnProfile,
} from './profile.js';
import { refuseDates, refuseSlips } from './refusals.js';
import { cellAt, cellWhere, columnWhere, refuseUnusable, selectRows, type Table } from './table.js';

/** What is learnt: a number or a class. */
export type Task = 'regression' | 'classification';

/** Most classes a target may have. */
const MAX_CLASSES = 100;

export interface TargetSchema {
  readonly name: string;
  readonly task: Task;
  /** Distinct values: numbers in regression, classes in classification. */
  readonly distinct: number;
}

/**
 * The task that a target column sets, and a check that it can be learnt at all.
 *
 * Without `task`, text is classification. Numbers are classification if they are whole, at most 10 different ones occur
 * and each occurs in 5 rows on average (distinct ≤ n/5); 0/1, −1/1 and 1/2 are so with any number of rows. All other
 * numbers are regression.
 *
 * @returns the target and notes on what was guessed
 * @throws RelucentError 'invalid-table' if cells are missing, infinite or of the wrong kind, or nothing varies
 */
export function inferTarget(
  table: Table,
  index: number,
  task?: Task,
): TargetSchema & { readonly notes: readonly string[] } {
  refuseUnusable(table, index);
  refuseMissingTarget(table, index, selectRows(table));
  const profile = profileColumn(table, index);
  const inferred = task ?? inferTask(table, profile);
  const { name } = profile;
  if (inferred === 'regression') {
    checkNumbers(table, profile);
    return { name, task: inferred, distinct: profile.distinctNumbers.count, notes: [] };
  }
  const classes = profile.levels;
  checkClasses(table, profile, classes);
  const guess =
    `Target ${quoteValue(name)} holds ${classes} different whole numbers; they are taken for classes. ` +
    'Pass --task regression to predict a number.';
  const guessed = task === undefined && isAllNumeric(profile) && classes > 2;
  return { name, task: inferred, distinct: classes, notes: guessed ? [guess] : [] };
}

function inferTask(table: Table, profile: ColumnProfile): Task {
  if (isAllNumeric(profile)) return looksLikeClasses(profile) ? 'classification' : 'regression';
  if (isMostlyNumeric(profile)) refuseSlips(table, profile, 'pass --task classification');
  refuseDates(table, profile);
  return 'classification';
}

function looksLikeClasses({ distinctNumbers, present }: ColumnProfile): boolean {
  const values = distinctNumbers.few;
  if (!values.every((value) => Number.isInteger(value))) return false;
  if (['0,1', '-1,1', '1,2'].includes(values.join())) return true;
  return values.length > 1 && values.length <= Math.min(10, present / 5);
}

function checkNumbers(table: Table, profile: ColumnProfile): void {
  const { firstText, firstUnbounded, index, distinctNumbers } = profile;
  if (firstText !== undefined) {
    throw new RelucentError(
      'invalid-table',
      cellWhere(table, firstText, index),
      `expected a number, got ${quoteValue(cellAt(table, firstText, index))}; ` +
        'correct the cell, or pass --task classification if the values are classes',
    );
  }
  if (firstUnbounded !== undefined) throw numberError(table, firstUnbounded, index);
  if (distinctNumbers.count === 1) throw nothingToLearn(table, index, cellAt(table, 0, index));
}

function checkClasses(table: Table, profile: ColumnProfile, classes: number): void {
  const { firstLong, index } = profile;
  if (classes === 1) throw nothingToLearn(table, index, cellAt(table, 0, index));
  const allDiffer = classes === table.rowCount && classes > 2;
  if (firstLong === undefined && !allDiffer && classes <= MAX_CLASSES) return;
  const found =
    firstLong !== undefined
      ? `free text of more than ${MAX_LEVEL_LENGTH} characters in row ${firstLong + 1}`
      : allDiffer
        ? 'a different value in every row'
        : `${classes} different values`;
  const fix = isAllNumeric(profile) ? 'pass --task regression' : 'choose another target';
  throw new RelucentError(
    'invalid-table',
    columnWhere(table, index),
    `expected 2 to ${MAX_CLASSES} classes, each in several rows, got ${found}; ${fix}`,
  );
}

/** The error for a target that does not vary over the rows looked at, `rowNoun` each. */
export function nothingToLearn(table: Table, index: number, value: string, rowNoun = 'row'): RelucentError {
  return new RelucentError(
    'invalid-table',
    columnWhere(table, index),
    `expected a target that varies, got nothing to learn: every ${rowNoun} has the value ${quoteValue(value)}; ` +
      'choose another target or add rows',
  );
}
