import { quoteValue, RelucentError, type ErrorCode } from '../error.js';
import type { Column } from './column.js';

/**
 * Named columns of trimmed text cells, all of one length.
 *
 * Columns are found by position, never by property access, so names such as `__proto__` are ordinary names.
 */
export interface Table {
  /** Name shown in messages, e.g. the file name. */
  readonly name: string;
  /** Distinct, non-empty column names. */
  readonly columns: readonly string[];
  /** Number of rows. */
  readonly rowCount: number;
  /** One for each name, of `rowCount` cells. */
  readonly cells: readonly Column[];
  /** 1-based line on which each row starts; without it a row is named by its number only. */
  readonly lines?: Int32Array;
}

/** Row indices (0-based) of a table, in the order in which they are to be used. */
export type RowSelection = Int32Array | readonly number[];

/** Text of one cell. */
export function cellAt(table: Table, row: number, column: number): string {
  return table.cells[column]?.text(row) ?? '';
}

/** Name of a row in messages: 1-based without the header, and the line of the file if known. */
function rowWhere(table: Table, row: number): string {
  const line = table.lines?.[row];
  return `${table.name} row ${row + 1}${line === undefined ? '' : ` (line ${line})`}`;
}

/** Name of a cell in messages, e.g. `cars.csv row 12 (line 13) column "age"`. */
export function cellWhere(table: Table, row: number, column: number): string {
  return `${rowWhere(table, row)} column ${quoteValue(table.columns[column] ?? '')}`;
}

/** Name of a column in messages, e.g. `cars.csv column "age"`. */
export function columnWhere(table: Table, column: number): string {
  return `${table.name} column ${quoteValue(table.columns[column] ?? '')}`;
}

/** A command-line option with a column name, quoted when the shell needs it: `--drop "car name"`. */
export function columnOption(option: string, name: string): string {
  return `${option} ${/^[\w.]{1,60}$/.test(name) ? name : quoteValue(name)}`;
}

/**
 * Index of the column called `name`.
 *
 * @param asked where the name came from, e.g. `target` or `drop`; it opens the error line
 * @throws RelucentError if there is none; the line lists ten columns and the nearest name
 */
export function findColumn(
  table: Table,
  name: string,
  asked: string,
  code: ErrorCode = 'invalid-argument',
): number {
  const index = table.columns.indexOf(name);
  if (index >= 0) return index;
  const shown = table.columns.slice(0, 10).map((column) => quoteValue(column));
  const rest = table.columns.length - shown.length;
  const nearest = nearestName(name, table.columns);
  throw new RelucentError(
    code,
    asked,
    `expected a column of ${table.name}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}, ` +
      `got ${quoteValue(name)}${nearest === undefined ? '' : `; did you mean ${quoteValue(nearest)}?`}`,
  );
}

/** Category of a cell, `(missing)` for a missing one. */
export function levelAt(table: Table, row: number, column: number): string {
  return table.cells[column]?.level(row) ?? '';
}

/**
 * Refuses a column that holds what is neither number nor text, such as lists.
 * @throws RelucentError 'invalid-table'
 */
export function refuseUnusable(table: Table, column: number): void {
  const refusal = table.cells[column]?.refusal;
  if (refusal === undefined) return;
  const name = table.columns[column] ?? '';
  throw new RelucentError(
    'invalid-table',
    cellWhere(table, refusal.row, column),
    `expected a number, a text or true and false, got ${refusal.found}; make columns of its parts, or drop it with ` +
      columnOption('--drop', name),
  );
}

/** All row indices 0 … n−1, or the given ones after a check of their range. */
export function selectRows(table: Table, rows?: RowSelection): Int32Array {
  const n = table.rowCount;
  if (rows === undefined) return new Int32Array(n).map((_, row) => row);
  for (const row of rows) {
    if (!Number.isInteger(row) || row < 0 || row >= n) {
      throw new RelucentError(
        'invalid-argument',
        'rows',
        `expected row indices from 0 to ${n - 1} of ${table.name}, got ${row}`,
      );
    }
  }
  return Int32Array.from(rows);
}

/** The candidate closest to `name` by edit distance, ignoring case; undefined if none is close. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance in UTF-16 units; O(|a|·|b|) time, O(|b|) memory. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
