import { RelucentError } from '../error.js';
import { ColumnBuilder } from './column-builder.js';
import { checkSize } from './table-builder.js';
import type { Table } from './table.js';

/** Cells of any table that are fine although most rows do not give them. */
const FREE_CELLS = 10_000_000;

/** Beyond that, most cells for each value that is given. */
const CELLS_PER_VALUE = 200;

/** Gathers rows that name their cells; columns come up as they are named. */
export class RecordBuilder {
  readonly #name: string;
  readonly #builders = new Map<string, ColumnBuilder>();
  readonly #lines: number[] = [];
  #rows = 0;
  #values = 0;
  /** The file that is being read, and the rows before it. */
  #file: string;
  #rowsBefore = 0;

  /** @param name of the table in messages */
  constructor(name: string) {
    this.#name = name;
    this.#file = name;
  }

  /** Goes on with the rows of another file. Lines tell nothing then. */
  startFile(name: string): void {
    this.#file = name;
    this.#rowsBefore = this.#rows;
  }

  /** Name of the next row in messages. */
  nextRow(line: number | undefined): string {
    const where = line === undefined ? '' : ` (line ${line})`;
    return `${this.#file} row ${this.#rows - this.#rowsBefore + 1}${where}`;
  }

  /**
   * Adds a row: its own enumerable properties are its cells.
   * @param line on which the row stands
   * @throws RelucentError 'invalid-table' for a property without a name, and above the limits
   */
  add(record: object, line?: number): void {
    for (const [key, value] of Object.entries(record)) {
      this.#values++;
      const builder = this.#builders.get(key) ?? this.#newColumn(key, line);
      builder.padTo(this.#rows);
      pushValue(builder, value);
    }
    if (line !== undefined) this.#lines.push(line);
    this.#rows++;
    checkSize(this.#name, this.#rows, this.#builders.size);
    this.#checkSharing();
  }

  /** The table. @throws RelucentError 'invalid-table' without rows or columns */
  finish(noRows: string): Table {
    if (this.#rows === 0 || this.#builders.size === 0) throw invalid(this.#name, noRows);
    const builders = [...this.#builders.values()];
    for (const builder of builders) builder.padTo(this.#rows);
    return {
      name: this.#name,
      columns: [...this.#builders.keys()],
      rowCount: this.#rows,
      cells: builders.map((builder) => builder.finish()),
      ...(this.#lines.length === this.#rows && this.#rowsBefore === 0
        ? { lines: Int32Array.from(this.#lines) }
        : {}),
    };
  }

  /** A column is held for every row: a few values under ever new names would fill the memory. */
  #checkSharing(): void {
    const columns = this.#builders.size;
    if (this.#rows * columns <= Math.max(FREE_CELLS, CELLS_PER_VALUE * this.#values)) return;
    throw invalid(
      this.#name,
      `expected rows that share their columns, got ${columns} columns in ${this.#rows} rows with ${this.#values} values ` +
        'in all; give every row the same names',
    );
  }

  #newColumn(key: string, line: number | undefined): ColumnBuilder {
    if (key.trim() === '') {
      throw invalid(
        this.nextRow(line),
        'expected a name for every value, got an empty one; name it or leave the value out',
      );
    }
    const builder = new ColumnBuilder(key);
    this.#builders.set(key, builder);
    return builder;
  }
}

/** Adds a value as a cell: numbers as they are, texts trimmed, null, undefined and NaN as missing. */
export function pushValue(builder: ColumnBuilder, value: unknown): void {
  switch (typeof value) {
    case 'number':
      builder.pushNumber(value);
      return;
    case 'string':
      builder.push(value.trim());
      return;
    case 'boolean':
    case 'bigint':
      builder.push(String(value));
      return;
    case 'undefined':
      builder.push('');
      return;
    case 'object':
      if (value === null) builder.push('');
      else builder.refuse(kindOf(value));
      return;
    case 'function':
    case 'symbol':
      builder.refuse(`a ${typeof value}`);
      return;
    default:
      throw new TypeError(`unknown type ${typeof value}`);
  }
}

function kindOf(value: object): string {
  if (value instanceof Date) return 'a Date (give the number of days or milliseconds since some day)';
  return Array.isArray(value) || ArrayBuffer.isView(value) ? 'a list' : 'an object';
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}
