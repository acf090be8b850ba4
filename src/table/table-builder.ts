import { quoteValue, RelucentError } from '../error.js';
import { parseNumber } from './cell.js';
import { ColumnBuilder } from './column-builder.js';
import type { Table } from './table.js';

/** Most rows of a table. */
const MAX_ROWS = 100_000_000;

/** Most columns of a table. */
const MAX_COLUMNS = 100_000;

/** Most cells of a table: 2 to 8 GB of memory. */
const MAX_CELLS = 1_000_000_000;

/** Gathers the rows of a table whose columns are known. */
export class TableBuilder {
  readonly #name: string;
  readonly #columns: readonly string[];
  readonly #builders: readonly ColumnBuilder[];
  #lines: Int32Array | undefined;
  #rows = 0;
  /** The file that is being read, and the rows before it. */
  #file: string;
  #rowsBefore = 0;

  /**
   * @param name of the table in messages
   * @throws RelucentError 'invalid-table' for columns without a name, of the same name, or too many
   */
  constructor(name: string, columns: readonly string[]) {
    checkColumns(columns, name);
    this.#name = name;
    this.#file = name;
    this.#columns = columns;
    this.#builders = columns.map((column) => new ColumnBuilder(column));
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  /**
   * Adds a row of trimmed cells.
   * @param line on which the row starts
   * @throws RelucentError 'invalid-table' for another number of cells than columns, and above the limits
   */
  addRow(cells: readonly string[], line?: number): void {
    const expected = this.#columns.length;
    if (cells.length !== expected) throw this.#ragged(cells, line);
    this.checkSize(1);
    for (let column = 0; column < expected; column++) this.#builders[column]?.push(cells[column] ?? '');
    if (line !== undefined) this.#addLine(line);
    this.#rows++;
  }

  /** Adds rows column by column: `fill` pushes `count` cells to each. */
  addColumns(count: number, fill: (builder: ColumnBuilder, column: number) => void): void {
    this.checkSize(count);
    this.#builders.forEach(fill);
    this.#rows += count;
  }

  /** Goes on with the rows of another file. Lines tell nothing then. */
  startFile(name: string): void {
    this.#file = name;
    this.#rowsBefore = this.#rows;
  }

  /** The table. @throws RelucentError 'invalid-table' for one without rows */
  finish(noRows: string): Table {
    if (this.#rows === 0) throw invalid(this.#name, noRows);
    return {
      name: this.#name,
      columns: this.#columns,
      rowCount: this.#rows,
      cells: this.#builders.map((builder) => builder.finish()),
      ...(this.#lines === undefined || this.#rowsBefore > 0
        ? {}
        : { lines: this.#lines.slice(0, this.#rows) }),
    };
  }

  /** @throws RelucentError 'invalid-table' if so many rows more are too many */
  checkSize(more: number): void {
    checkSize(this.#name, this.#rows + more, this.#columns.length);
  }

  #addLine(line: number): void {
    this.#lines ??= new Int32Array(8);
    if (this.#rows >= this.#lines.length) {
      const longer = new Int32Array(2 * this.#rows);
      longer.set(this.#lines);
      this.#lines = longer;
    }
    this.#lines[this.#rows] = line;
  }

  #ragged(cells: readonly string[], line: number | undefined): RelucentError {
    const expected = this.#columns.length;
    const fix =
      cells.length > expected
        ? `put quotes around cells that contain the separator (first extra cell ${quoteValue(cells[expected] ?? '')})`
        : 'add the missing cells, left empty if they have no value';
    const where = line === undefined ? '' : ` (line ${line})`;
    return invalid(
      `${this.#file} row ${this.#rows - this.#rowsBefore + 1}${where}`,
      `expected ${expected} cells as in the header, got ${cells.length}; ${fix}`,
    );
  }
}

/** @throws RelucentError 'invalid-table' for more rows, columns or cells than there may be */
export function checkSize(name: string, rows: number, columns: number): void {
  const sample =
    'keep a sample of the rows, e.g. --query "SELECT * FROM data USING SAMPLE reservoir(100000 ROWS) REPEATABLE (1)"';
  if (columns > MAX_COLUMNS) {
    throw invalid(name, `expected at most ${MAX_COLUMNS} columns, got ${columns}; keep those that matter`);
  }
  if (rows > MAX_ROWS) throw invalid(name, `expected at most ${MAX_ROWS} rows, got more; ${sample}`);
  if (rows * columns > MAX_CELLS) {
    throw invalid(name, `expected at most ${MAX_CELLS} cells, got more; ${sample}, or fewer columns`);
  }
}

function checkColumns(columns: readonly string[], name: string): void {
  const where = `${name} header`;
  if (columns.length > 0 && columns.every((column) => parseNumber(column) !== undefined)) {
    const shown = quoteValue(columns[0] ?? '');
    throw invalid(
      where,
      `expected column names, got numbers (first ${shown}); add a first line with a name per column`,
    );
  }
  const seen = new Map<string, number>();
  columns.forEach((column, index) => {
    if (column === '') {
      throw invalid(
        where,
        `expected a name for column ${index + 1}, got an empty cell; name it or delete the column`,
      );
    }
    const first = seen.get(column);
    if (first !== undefined) {
      throw invalid(
        where,
        `expected distinct column names, got ${quoteValue(column)} for columns ${first + 1} and ${index + 1}; rename one`,
      );
    }
    seen.set(column, index);
  });
  checkSize(name, 0, columns.length);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}
