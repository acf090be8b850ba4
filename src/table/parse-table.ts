import { parse } from 'csv-parse/browser/esm/sync';
import { quoteValue, RelucentError } from '../error.js';
import { parseNumber } from './cell.js';
import { rowWhere, type Table } from './table.js';

/** Characters that may separate cells. */
export type Delimiter = ',' | '\t' | ';';

export interface ParseOptions {
  /** Name of the table in messages, e.g. the file name. */
  readonly name: string;
  /** Separator of cells; default: the one of comma, tab and semicolon that occurs most often in the header line. */
  readonly delimiter?: Delimiter | undefined;
}

/** Most rows of a table: far beyond what can be solved, and within the limits of sets and typed arrays. */
const MAX_ROWS = 10_000_000;

/** Header and rows as they stand in the text, with the line on which each starts. Row 0 is the header. */
interface Records {
  readonly cells: string[][];
  readonly lines: number[];
}

/**
 * The table written in `text`: comma-, tab- or semicolon-separated, header row first, quoted cells as in RFC 4180.
 *
 * A byte-order mark is ignored, line ends may be LF, CRLF or CR, blank lines are skipped, cells are trimmed.
 *
 * @throws RelucentError 'invalid-table' for an empty text, no rows, ragged rows, unnamed or repeated columns, bad quotes
 */
export function parseTable(text: string, options: ParseOptions): Table {
  const { name } = options;
  const body = normaliseText(text);
  if (body.trim() === '') {
    throw invalid(name, 'expected a header row and rows of data, got an empty file; export the data again');
  }
  if (body.includes('\0')) {
    throw invalid(
      name,
      'expected text, got a binary file (it holds NUL bytes); export the data as CSV in UTF-8',
    );
  }
  const delimiter = options.delimiter ?? inferDelimiter(body);
  // Most files hold no quote at all; splitting them is some fifty times faster than the general parser.
  const { cells, lines } = body.includes('"')
    ? parseQuoted(body, delimiter, name)
    : parseUnquoted(body, delimiter);
  const [columns = [], ...rows] = cells;
  checkColumns(columns, name);
  const table: Table = { name, columns, rows, lines: Int32Array.from(lines.slice(1)) };
  checkRows(table);
  return table;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}

/** The text without a byte-order mark and with LF line ends. */
function normaliseText(text: string): string {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  return text.includes('\r') ? text.slice(start).replace(/\r\n?/g, '\n') : text.slice(start);
}

/** The separator that occurs most often outside quotes in the first line with content; comma if none does. */
function inferDelimiter(body: string): Delimiter {
  const counts = new Map<string, number>([
    [',', 0],
    ['\t', 0],
    [';', 0],
  ]);
  let quoted = false;
  for (const character of body.trimStart()) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n') break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  const of = (delimiter: Delimiter): number => counts.get(delimiter) ?? 0;
  const best: Delimiter = of('\t') > of(',') ? '\t' : ',';
  return of(';') > of(best) ? ';' : best;
}

/** Records of a text without quotes: O(length). */
function parseUnquoted(body: string, delimiter: Delimiter): Records {
  const cells: string[][] = [];
  const lines: number[] = [];
  body.split('\n').forEach((line, index) => {
    const record = line.split(delimiter).map((cell) => cell.trim());
    if (record.length === 1 && record[0] === '') return;
    cells.push(record);
    lines.push(index + 1);
  });
  return { cells, lines };
}

/** Records of a text with quoted cells. */
function parseQuoted(body: string, delimiter: Delimiter, name: string): Records {
  const cells: string[][] = [];
  const lines: number[] = [];
  let lastLine = 0;
  const keep = (record: readonly string[], endLine: number): null => {
    const lineBreaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    cells.push(record.map((cell) => cell.trim()));
    lines.push(endLine - lineBreaks);
    lastLine = endLine;
    return null;
  };
  try {
    parse(body, {
      delimiter,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: readonly string[], { lines: endLine }) => keep(record, endLine),
    });
  } catch (error) {
    throw quoteError(error, name, cells.length, lastLine);
  }
  return { cells, lines };
}

/** The parser's complaint about quotes as one line that names the row. */
function quoteError(error: unknown, name: string, recordsRead: number, lastLine: number): RelucentError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const line = error instanceof Error && 'lines' in error ? Number(error.lines) : lastLine + 1;
  const row = recordsRead === 0 ? `${name} header` : `${name} row ${recordsRead}`;
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return invalid(
      `${row} (from line ${lastLine + 1})`,
      'expected a closing quote, got the end of the file; close the quoted cell with "',
    );
  }
  return invalid(
    `${row} (line ${line})`,
    'expected quotes only around a whole cell, got a quote inside one; write the cell as "…" and each inner quote twice',
  );
}

function checkColumns(columns: readonly string[], name: string): void {
  const where = `${name} header`;
  if (columns.every((column) => parseNumber(column) !== undefined)) {
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
}

function checkRows(table: Table): void {
  const expected = table.columns.length;
  if (table.rows.length === 0) {
    throw invalid(
      table.name,
      'expected rows of data below the header, got the header only; export the rows as well',
    );
  }
  if (table.rows.length > MAX_ROWS) {
    throw invalid(
      table.name,
      `expected at most ${MAX_ROWS} rows, got ${table.rows.length}; keep a sample of the rows`,
    );
  }
  const index = table.rows.findIndex((row) => row.length !== expected);
  if (index < 0) return;
  const row = table.rows[index] ?? [];
  const fix =
    row.length > expected
      ? `put quotes around cells that contain the separator (first extra cell ${quoteValue(row[expected] ?? '')})`
      : 'add the missing cells, left empty if they have no value';
  throw invalid(
    rowWhere(table, index),
    `expected ${expected} cells as in the header, got ${row.length}; ${fix}`,
  );
}
