import { parse } from 'csv-parse/browser/esm/sync';
import { quoteValue, RelucentError } from '../error.js';
import { lineAligned } from './line-ends.js';
import { TableBuilder } from './table-builder.js';
import type { Table } from './table.js';

/** Characters that may separate cells. */
export type Delimiter = ',' | '\t' | ';';

/** Longest row, or cell that spans lines, in UTF-16 units. */
export const MAX_RECORD_LENGTH = 2 ** 24;

/**
 * Reads a table of separated cells (header row first, quoted cells as in RFC 4180) from its text, piece by piece.
 *
 * A byte-order mark is ignored, line ends may be LF, CRLF or CR, blank lines are skipped, cells are trimmed.
 */
export class CsvReader {
  readonly #name: string;
  #delimiter: Delimiter | undefined;
  #builder: TableBuilder | undefined;
  /** Text that does not end a row yet. */
  #pending = '';
  readonly #align = lineAligned();
  #isStart = true;
  /** Records and lines read, the header included. */
  #records = 0;
  #lines = 0;

  /** Where the rows of earlier files are, with the columns that this file must have too. */
  readonly #into: TableBuilder | undefined;

  /** @param delimiter default: the one of comma, tab and semicolon that occurs most often in the header line */
  constructor(name: string, delimiter?: Delimiter, into?: TableBuilder) {
    this.#name = name;
    this.#delimiter = delimiter;
    this.#into = into;
  }

  /** Column names and separator, once the header is read. */
  get header(): { readonly columns: readonly string[]; readonly delimiter: Delimiter } | undefined {
    return this.#builder && { columns: this.#builder.columns, delimiter: this.#delimiter ?? ',' };
  }

  /** Reads on. @throws RelucentError 'invalid-table' */
  write(text: string): void {
    this.#take(this.#align(text, false));
  }

  /**
   * Reads what is left at the end of the text; gives what the next file is to go on with.
   * @throws RelucentError 'invalid-table' for an empty text, an open quote
   */
  end(): TableBuilder {
    this.#take(this.#align('', true));
    this.#read(this.#pending);
    this.#pending = '';
    if (this.#builder === undefined) {
      throw this.#invalid(
        this.#name,
        'expected a header row and rows of data, got an empty file; export the data again',
      );
    }
    return this.#builder;
  }

  /** The table, once the text has ended. @throws RelucentError 'invalid-table' for no rows */
  table(): Table {
    return this.end().finish(
      'expected rows of data below the header, got the header only; export the rows as well',
    );
  }

  #take(text: string): void {
    if (text.includes('\0')) {
      throw this.#invalid(
        this.#name,
        'expected text, got a binary file (it holds NUL bytes); export the data as CSV in UTF-8',
      );
    }
    this.#pending += this.#isStart && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (text !== '') this.#isStart = false;
    const end = endOfRecords(this.#pending);
    if (end === 0) {
      if (this.#pending.length > MAX_RECORD_LENGTH) throw this.#tooLong();
      return;
    }
    const records = this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end);
    this.#read(records);
  }

  /** Reads whole records. */
  #read(text: string): void {
    if (text === '') return;
    this.#delimiter ??= text.trim() === '' ? undefined : inferDelimiter(text);
    const delimiter = this.#delimiter ?? ',';
    // Most files hold no quote at all; splitting them is several times faster than the general parser.
    if (text.includes('"')) this.#readQuoted(text, delimiter);
    else this.#readPlain(text, delimiter);
  }

  #readPlain(text: string, delimiter: Delimiter): void {
    const lines = text.split('\n');
    // The last one is the empty text after the last line end, if there is one.
    if (text.endsWith('\n')) lines.pop();
    for (const line of lines) {
      this.#lines++;
      const cells = line.split(delimiter);
      for (let k = 0; k < cells.length; k++) cells[k] = cells[k]?.trim() ?? '';
      if (cells.length > 1 || cells[0] !== '') this.#add(cells, this.#lines);
    }
  }

  #readQuoted(text: string, delimiter: Delimiter): void {
    const before = this.#lines;
    let lastLine = 0;
    // The refusal of a row is not the parser's complaint about quotes.
    let refusal: RelucentError | undefined;
    const keep = (record: readonly string[], endLine: number): null => {
      const lineBreaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      lastLine = endLine;
      try {
        this.#add(
          record.map((cell) => cell.trim()),
          before + endLine - lineBreaks,
        );
      } catch (error) {
        if (error instanceof RelucentError) refusal = error;
        throw error;
      }
      return null;
    };
    try {
      parse(text, {
        delimiter,
        trim: true,
        relax_column_count: true,
        skip_empty_lines: true,
        on_record: (record: readonly string[], { lines }) => keep(record, lines),
      });
    } catch (error) {
      throw refusal ?? this.#quoteError(error, before + lastLine);
    }
    this.#lines = before + countLineEnds(text);
  }

  /** The first record is the header. */
  #add(cells: readonly string[], line: number): void {
    if (this.#builder === undefined) this.#builder = this.#start(cells);
    else this.#builder.addRow(cells, line);
    this.#records++;
  }

  #start(columns: readonly string[]): TableBuilder {
    if (this.#into === undefined) return new TableBuilder(this.#name, columns);
    const expected = this.#into.columns;
    if (columns.length !== expected.length || columns.some((column, k) => column !== expected[k])) {
      throw this.#invalid(
        `${this.#name} header`,
        `expected the columns of the first file: ${quoteValue(expected.join(','))}, got ${quoteValue(columns.join(','))}; ` +
          'give all files the same columns in the same order',
      );
    }
    this.#into.startFile(this.#name);
    return this.#into;
  }

  /** The parser's complaint about quotes as one line that names the row. */
  #quoteError(error: unknown, lastLine: number): RelucentError {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const within = error instanceof Error && 'lines' in error ? Number(error.lines) : undefined;
    const line = within === undefined ? lastLine + 1 : this.#lines + within;
    const row = this.#records === 0 ? `${this.#name} header` : `${this.#name} row ${this.#records}`;
    if (code === 'CSV_QUOTE_NOT_CLOSED') {
      return this.#invalid(
        `${row} (from line ${lastLine + 1})`,
        'expected a closing quote, got the end of the file; close the quoted cell with "',
      );
    }
    return this.#invalid(
      `${row} (line ${line})`,
      'expected quotes only around a whole cell, got a quote inside one; write the cell as "…" and each inner quote twice',
    );
  }

  #tooLong(): RelucentError {
    const row = this.#records === 0 ? `${this.#name} header` : `${this.#name} row ${this.#records}`;
    const quote = this.#pending.includes('"') ? ' (a quoted cell may not be closed)' : '';
    return this.#invalid(
      `${row} (from line ${this.#lines + 1})`,
      `expected at most ${MAX_RECORD_LENGTH} characters in a row, got more${quote}; check the line ends and quotes`,
    );
  }

  #invalid(where: string, message: string): RelucentError {
    return new RelucentError('invalid-table', where, message);
  }
}

/**
 * End of the last line after which no quoted cell is open: one behind its line end, 0 if there is none. In a text with
 * quotes where RFC 4180 has none, which is refused anyway, it may be an earlier line.
 */
function endOfRecords(text: string): number {
  let end = 0;
  let isQuoted = false;
  for (let start = 0; ;) {
    const quote = text.indexOf('"', start);
    const stop = quote < 0 ? text.length : quote;
    if (!isQuoted) {
      const lineEnd = text.slice(start, stop).lastIndexOf('\n');
      if (lineEnd >= 0) end = start + lineEnd + 1;
    }
    if (quote < 0) return end;
    isQuoted = !isQuoted;
    start = quote + 1;
  }
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
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
