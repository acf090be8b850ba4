import { CsvReader, type Delimiter } from './csv-reader.js';
import { JsonLinesReader } from './json-lines.js';
import type { Table } from './table.js';

export interface ParseOptions {
  /** Name of the table in messages, e.g. the file name; default `table`. */
  readonly name?: string | undefined;
  /** Separator of cells; default: the one of comma, tab and semicolon that occurs most often in the header line. */
  readonly delimiter?: Delimiter | undefined;
}

/** Length of the pieces a text is read in. */
const PIECE = 2 ** 22;

/**
 * The table written in `text`: comma-, tab- or semicolon-separated, header row first, quoted cells as in RFC 4180.
 *
 * A byte-order mark is ignored, line ends may be LF, CRLF or CR, blank lines are skipped, cells are trimmed.
 *
 * @throws RelucentError 'invalid-table' for an empty text, no rows, ragged rows, unnamed or repeated columns, bad quotes
 */
export function parseTable(text: string, { name = 'table', delimiter }: ParseOptions = {}): Table {
  return readPieces(text, new CsvReader(name, delimiter));
}

/**
 * The table written in `text` as JSON-lines: an object on each line, with a number, a text, true, false or null for each
 * column. Keys that a line lacks are missing cells; of a key that occurs twice the last counts.
 *
 * @throws RelucentError 'invalid-table' for lines that are no JSON objects, and no rows
 */
export function parseJsonLines(text: string, { name = 'table' }: Pick<ParseOptions, 'name'> = {}): Table {
  return readPieces(text, new JsonLinesReader(name));
}

function readPieces(text: string, reader: CsvReader | JsonLinesReader): Table {
  for (let start = 0; start < text.length; start += PIECE) reader.write(text.slice(start, start + PIECE));
  reader.end();
  return reader.table();
}
