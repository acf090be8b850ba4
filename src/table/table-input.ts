import { quoteValue, RelucentError } from '../error.js';
import type { ColumnBuilder } from './column-builder.js';
import { pushValue, RecordBuilder } from './record-builder.js';
import { TableBuilder } from './table-builder.js';
import type { Table } from './table.js';

/** One value per row: numbers, texts, booleans, bigints; null, undefined, NaN and empty texts are missing. */
export type ColumnInput = ArrayLike<number> | readonly unknown[];

/**
 * A table as a program has it: a {@link Table}, an array of objects, one per row, or an object with an array or typed array
 * for each column.
 */
export type TableInput = Table | readonly object[] | Readonly<Record<string, ColumnInput>>;

/**
 * The table of some records: each object is a row, its own enumerable properties are the cells. Columns stand in the order
 * in which they come up; a property that a record lacks is a missing cell. O(cells), the records are not kept.
 *
 * @param name of the table in messages
 * @throws RelucentError 'invalid-table' for no records and for what is no object
 */
export function tableOfRecords(records: Iterable<object>, { name = 'records' }: TableName = {}): Table {
  const builder = new RecordBuilder(name);
  for (const record of records as Iterable<unknown>) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw invalid(
        builder.nextRow(undefined),
        `expected an object with the cells of the row, got ${Array.isArray(record) ? 'a list' : quoteValue(record)}; ` +
          'give one object per row, e.g. { age: 3, colour: "red" }',
      );
    }
    builder.add(record);
  }
  return builder.finish('expected an object for each row, got none; give at least two');
}

/**
 * The table of some columns, all of one length.
 *
 * @param name of the table in messages
 * @throws RelucentError 'invalid-table' for columns of different lengths, or none
 */
export function tableOfColumns(
  columns: Readonly<Record<string, ColumnInput>>,
  { name = 'columns' }: TableName = {},
): Table {
  const entries = Object.entries(columns);
  const [first] = entries;
  if (first === undefined)
    throw invalid(name, 'expected a column for each input and the target, got none; add them');
  const { length } = checkedColumn(name, first);
  const builder = new TableBuilder(
    name,
    entries.map(([column]) => column),
  );
  for (const entry of entries) {
    const found = checkedColumn(name, entry).length;
    if (found === length) continue;
    throw invalid(
      `${name} column ${quoteValue(entry[0])}`,
      `expected ${length} values as in ${quoteValue(first[0])}, got ${found}; make all columns one length`,
    );
  }
  builder.addColumns(length, (column, k) => {
    fillColumn(column, entries[k]?.[1] ?? []);
  });
  return builder.finish('expected values in the columns, got none; give at least two');
}

/** The table that some input is. @throws RelucentError 'invalid-table' */
export function readTableInput(input: TableInput): Table {
  if (typeof input !== 'object' || (input as unknown) === null) {
    throw invalid(
      'data',
      `expected an array of objects, or arrays by column, got ${quoteValue(input)}; give one of them`,
    );
  }
  if (isList(input)) return tableOfRecords(input);
  if (isTable(input)) return input;
  return tableOfColumns(input);
}

interface TableName {
  readonly name?: string | undefined;
}

function isTable(input: TableInput): input is Table {
  if (isList(input)) return false;
  const { cells, rowCount } = input as Partial<Table>;
  return typeof rowCount === 'number' && Array.isArray(cells);
}

function isList(input: TableInput): input is readonly object[] {
  return Array.isArray(input);
}

function checkedColumn(name: string, [column, values]: readonly [string, ColumnInput]): ColumnInput {
  if (Array.isArray(values) || (ArrayBuffer.isView(values) && 'length' in values)) return values;
  throw invalid(
    `${name} column ${quoteValue(column)}`,
    `expected an array or a typed array, got ${quoteValue(values)}; give one value per row`,
  );
}

function fillColumn(builder: ColumnBuilder, values: ColumnInput): void {
  for (let row = 0; row < values.length; row++) pushValue(builder, values[row]);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}
