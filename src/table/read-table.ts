import { totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import { RelucentError } from '../error.js';
import { CsvReader, type Delimiter } from './csv-reader.js';
import { askDatabase } from './database/ask-database.js';
import type { DatabaseColumn, DatabaseSource } from './database/messages.js';
import { JsonLinesReader } from './json-lines.js';
import { formatOf, isFile, readText, type FileFormat } from './read-file.js';
import { pushValue } from './record-builder.js';
import { TableBuilder } from './table-builder.js';
import type { Table } from './table.js';

/** Most memory of the database, in bytes; half of what the machine has if that is less. */
const DATABASE_MEMORY = 4 * 2 ** 30;

export interface ReadOptions {
  /** Separator of cells in CSV; default: tab for .tsv and .tab, else read off the header line. */
  readonly delimiter?: Delimiter | undefined;
  /** One SELECT from the table `data`, which is the file; default: the whole file. */
  readonly query?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The table in a CSV, TSV, JSON-lines or Parquet file, or in all files that match a pattern such as `data/*.csv`, in the
 * order of their names; or what a query makes of it. Node only.
 *
 * Text is read piece by piece into compact columns; Parquet and queries go through DuckDB, in a process of its own that may
 * read the named files and nothing else.
 *
 * @throws RelucentError 'not-found', 'unsupported' (by extension), 'invalid-table' (binary, another encoding, too large,
 *   damaged, or anything the readers refuse), 'invalid-argument' (a folder, a file that may not be read, a query that is none)
 */
export async function readTableFile(path: string, options: ReadOptions = {}): Promise<Table> {
  const files = await filesOf(path, options.signal);
  const format = oneFormat(files, path);
  const name = basename(path);
  if (options.query !== undefined) {
    const source = await sourceOf(files, format, options);
    return select(`${name} (query)`, source, options.query, options.signal);
  }
  switch (format) {
    case 'parquet':
      return select(name, { format, files: absolute(files) }, null, options.signal);
    case 'json-lines':
      return readJsonLines(name, files, options.signal);
    case 'csv':
    case 'tsv':
      return readCsv(name, files, format, options);
    default:
      return format satisfies never;
  }
}

/** The files that a path or pattern names, at least one. */
export async function filesOf(path: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  if (await isFile(path)) return [path];
  const isPattern = /[*?[]/.test(path) && !path.includes('://');
  let found: readonly string[] = [];
  if (isPattern) {
    await askDatabase(
      { kind: 'files', pattern: path },
      {
        name: path,
        signal,
        onAnswer: (answer) => {
          if (answer.kind === 'files') found = answer.files;
        },
      },
    );
  }
  if (found.length > 0) return found;
  throw new RelucentError(
    'not-found',
    path,
    isPattern
      ? 'expected files with a table, got none that match the pattern; check it'
      : 'expected a file with a table, got no file of that name; check the path',
  );
}

function oneFormat(files: readonly string[], path: string): FileFormat {
  const found = new Set(files.map(formatOf));
  const [format = 'csv'] = found;
  if (found.size <= 1) return format;
  throw new RelucentError(
    'invalid-argument',
    path,
    `expected files of one format, got ${[...found].join(' and ')}; make the pattern narrower`,
  );
}

async function readCsv(
  name: string,
  files: readonly string[],
  format: 'csv' | 'tsv',
  { delimiter, signal }: ReadOptions,
): Promise<Table> {
  const separator = delimiter ?? (format === 'tsv' ? '\t' : undefined);
  let into: TableBuilder | undefined;
  let reader = new CsvReader(name, separator);
  for (const file of files) {
    if (files.length > 1) reader = new CsvReader(basename(file), separator, into);
    await readText(file, reader.write.bind(reader), signal);
    into = reader.end();
  }
  return { ...reader.table(), name };
}

async function readJsonLines(
  name: string,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Table> {
  let reader = new JsonLinesReader(name);
  let into: ReturnType<typeof reader.end> | undefined;
  for (const file of files) {
    if (files.length > 1) reader = new JsonLinesReader(basename(file), into);
    await readText(file, reader.write.bind(reader), signal);
    into = reader.end();
  }
  return { ...reader.table(), name };
}

/** What the database is to read; of CSV our own reader has looked at the header and the first rows. */
async function sourceOf(
  files: readonly string[],
  format: FileFormat,
  { delimiter, signal }: ReadOptions,
): Promise<DatabaseSource> {
  if (format === 'parquet' || format === 'json-lines') return { format, files: absolute(files) };
  const [first = ''] = files;
  const reader = new CsvReader(basename(first), delimiter ?? (format === 'tsv' ? '\t' : undefined));
  const enough = new AbortController();
  try {
    await readText(
      first,
      (text) => {
        reader.write(text);
        if (reader.header !== undefined) enough.abort();
      },
      signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
    );
  } catch (error) {
    if (!enough.signal.aborted || error !== enough.signal.reason) throw error;
  }
  if (reader.header === undefined) reader.end();
  const { columns = [], delimiter: separator = ',' } = reader.header ?? {};
  return { format: 'csv', files: absolute(files), columns, delimiter: separator };
}

function absolute(files: readonly string[]): readonly string[] {
  return files.map((file) => resolve(file));
}

/** The rows that a query selects from some files. */
async function select(
  name: string,
  source: DatabaseSource,
  query: string | null,
  signal: AbortSignal | undefined,
): Promise<Table> {
  let columns: readonly DatabaseColumn[] = [];
  let builder: TableBuilder | undefined;
  const memory = Math.min(DATABASE_MEMORY, totalmem() / 2);
  await askDatabase(
    { kind: 'select', source, query, memory },
    {
      name,
      signal,
      onAnswer: (answer) => {
        if (answer.kind === 'columns') {
          ({ columns } = answer);
          builder = new TableBuilder(
            name,
            columns.map((column) => column.name.trim()),
          );
        }
        if (answer.kind !== 'rows') return;
        const { count, cells } = answer;
        builder?.addColumns(count, (column, k) => {
          const own = cells[k];
          if (own instanceof Float64Array) for (const value of own) column.pushNumber(value);
          else if (own) for (const value of own) pushValue(column, value);
          else for (let row = 0; row < count; row++) column.refuse(columns[k]?.refused ?? 'what is no table');
        });
      },
    },
  );
  if (builder === undefined)
    throw new RelucentError('invalid-table', name, 'expected columns, got none; check the file');
  return builder.finish('expected rows of data, got none; check the file and the query');
}
