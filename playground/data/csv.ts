import { quoteValue, RelucentError } from '../../src/error.js';
import { integerGenerator } from '../../src/random.js';
import { numberText } from '../../src/report/number-text.js';
import { numberAt } from '../../src/table/number-cell.js';
import { parseTable } from '../../src/table/parse-table.js';
import { cellAt, findColumn, levelAt, type Table } from '../../src/table/table.js';
import type { DataPoint, Task } from '../state.js';
import { mostOwnPoints, ownPoint } from './own-points.js';

/** Longest text that is read, in characters: reading it takes a moment on the page's thread. */
const LONGEST_TEXT = 5_000_000;
/** Columns reach over this part of the plane on either side of its middle. */
const REACH = 1.1;

/** A pasted or dropped table, and which of its columns may be what. */
export interface CsvTable {
  readonly table: Table;
  /** Columns of numbers, at least two of them different. */
  readonly numbers: readonly string[];
  /** Columns with at least two different cells: what may be a class. */
  readonly classes: readonly string[];
}

/** The columns to learn from. */
export interface CsvChoice {
  readonly task: Task;
  /** The first input. */
  readonly x: string;
  /** Classes: the second input. Number: the target. */
  readonly y: string;
  /** Classes only: the column of the class. */
  readonly label: string | null;
  /** Which class is +1, the others together are −1; null: the last one in order. */
  readonly positive: string | null;
}

export interface CsvPoints {
  readonly points: readonly DataPoint[];
  /** What was done to the table, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads comma-, tab- or semicolon-separated text with a header line.
 * @throws RelucentError for a text that is no table, is too long, or has no two columns of numbers
 */
export function readCsv(text: string, name = 'table'): CsvTable {
  if (text.length > LONGEST_TEXT) {
    throw invalid(
      name,
      `expected at most ${LONGEST_TEXT / 1e6} million characters, got ${text.length}; take a sample of its rows, or use relucent train`,
    );
  }
  const table = parseTable(text, { name });
  const numbers = table.columns.filter((_, column) => isNumeric(table, column));
  const classes = table.columns.filter((_, column) => (table.cells[column]?.countLevels() ?? 0) > 1);
  if (numbers.length < 2) {
    const found = numbers.length === 0 ? 'none' : `only ${quoteValue(numbers[0])}`;
    throw invalid(
      name,
      `expected two columns of numbers, at least two of them different, got ${found}; check the header line and the decimal points`,
    );
  }
  return { table, numbers, classes };
}

/** Columns to begin with: two of numbers, and the class with the fewest different values that is neither. */
export function suggestedChoice({ table, numbers, classes }: CsvTable): CsvChoice {
  const levels = (name: string): number => table.cells[table.columns.indexOf(name)]?.countLevels() ?? 0;
  const isText = (name: string): boolean => !numbers.includes(name);
  const [label] = classes
    .filter((name) => isText(name) ? levels(name) <= 20 : numbers.length > 2 && levels(name) === 2)
    .sort((a, b) => levels(a) - levels(b));
  const [x = '', y = ''] = numbers.filter((name) => name !== label);
  return label === undefined
    ? { task: 'number', x, y, label: null, positive: null }
    : { task: 'classes', x, y, label, positive: null };
}

/**
 * The points of a table: numbers are scaled so that their range fills the plane, rows with a missing cell are left out, and of
 * more than `mostOwnPoints` rows a fixed random sample is taken.
 *
 * @throws RelucentError naming the column or cell that does not do
 */
export function pointsOfCsv({ table }: CsvTable, choice: CsvChoice): CsvPoints {
  const column = (name: string, asked: string): number => findColumn(table, name, asked);
  const [x, y] = [column(choice.x, 'x'), column(choice.y, 'y')];
  const label = choice.task === 'classes' ? column(choice.label ?? '', 'label') : null;
  const notes: string[] = [];
  const whole = Array.from({ length: table.rowCount }, (_, row) => row).filter((row) =>
    [x, y, ...(label === null ? [] : [label])].every((at) => !isMissing(table, row, at)),
  );
  const missing = table.rowCount - whole.length;
  if (missing > 0) notes.push(`${missing} of ${table.rowCount} rows have a missing cell and are left out.`);
  if (whole.length === 0) {
    throw invalid(table.name, 'expected a row with all of the chosen cells, got none; choose other columns');
  }
  const rows = sample(whole, mostOwnPoints);
  if (rows.length < whole.length) {
    notes.push(`A random sample of ${rows.length} of the ${whole.length} rows is shown.`);
  }
  const across = scaled(table, x, rows);
  const up = scaled(table, y, rows);
  notes.push(`${across.note} and ${up.note} are scaled to the plane.`);
  const sides = label === null ? null : classSides(table, label, rows, choice.positive);
  if (sides) notes.push(sides.note);
  return {
    points: rows.map((_, i) =>
      ownPoint({ x: across.values[i] ?? 0, y: up.values[i] ?? 0, label: sides?.labels[i] ?? 0 }),
    ),
    notes,
  };
}

/** Points as CSV, with the coordinates that the page shows. */
export function csvOfPoints(task: Task, points: readonly DataPoint[]): string {
  const lines =
    task === 'classes'
      ? ['x,y,label', ...points.map(({ x, y, label }) => `${x},${y},${label}`)]
      : ['x,y', ...points.map(({ x, y }) => `${x},${y}`)];
  return `${lines.join('\n')}\n`;
}

function isNumeric(table: Table, column: number): boolean {
  const cells = table.cells[column];
  if (cells === undefined || cells.refusal !== undefined) return false;
  const distinct = new Set<number>();
  for (let row = 0; row < table.rowCount; row++) {
    const value = cells.number(row);
    if (value === null) return false;
    if (value !== undefined && distinct.size < 2) distinct.add(value);
  }
  return distinct.size === 2;
}

function isMissing(table: Table, row: number, column: number): boolean {
  return levelAt(table, row, column) === '(missing)' || cellAt(table, row, column) === '';
}

/** A column with its range moved to −REACH … REACH; a constant one to 0. */
function scaled(
  table: Table,
  column: number,
  rows: readonly number[],
): { readonly values: readonly number[]; readonly note: string } {
  const values = rows.map((row) => numberAt(table, row, column) ?? NaN);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [centre, half] = [least / 2 + most / 2, most / 2 - least / 2];
  return {
    values: values.map((value) => (half > 0 ? (REACH * (value - centre)) / half : 0)),
    note: `${quoteValue(table.columns[column])} (${numberText(least)} to ${numberText(most)})`,
  };
}

function classSides(
  table: Table,
  column: number,
  rows: readonly number[],
  wanted: string | null,
): { readonly labels: readonly (-1 | 1)[]; readonly note: string } {
  const levels = rows.map((row) => levelAt(table, row, column));
  const all = [...new Set(levels)].sort();
  const name = quoteValue(table.columns[column]);
  if (all.length < 2) {
    throw invalid(
      `${table.name} column ${name}`,
      `expected at least two classes, got only ${quoteValue(all[0])}; choose another column`,
    );
  }
  const positive = wanted ?? all.at(-1) ?? '';
  if (!all.includes(positive)) {
    const shown = all.slice(0, 10).map((level) => quoteValue(level));
    throw invalid('positive', `expected a class of ${name}: ${shown.join(', ')}, got ${quoteValue(positive)}`);
  }
  const others = all.filter((level) => level !== positive);
  const rest = others.length === 1 ? quoteValue(others[0]) : `the ${others.length} other classes`;
  return {
    labels: levels.map((level) => (level === positive ? 1 : -1)),
    note: `${quoteValue(positive)} of ${name} is +1, ${rest} −1.`,
  };
}

/** So many of the rows, drawn without replacement by a fixed seed, in their order. */
function sample(rows: readonly number[], most: number): readonly number[] {
  if (rows.length <= most) return rows;
  const integer = integerGenerator(0);
  const pool = [...rows];
  for (let i = 0; i < most; i++) {
    const j = i + integer(pool.length - 1 - i);
    [pool[i], pool[j]] = [pool[j] ?? 0, pool[i] ?? 0];
  }
  return pool.slice(0, most).sort((a, b) => a - b);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}
