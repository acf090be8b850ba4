import { quoteValue, RelucentError } from '../error.js';
import { MAX_RECORD_LENGTH } from './csv-reader.js';
import { lineAligned } from './line-ends.js';
import { RecordBuilder } from './record-builder.js';
import type { Table } from './table.js';

/** Reads a table of JSON objects, one a line, from its text, piece by piece. Blank lines are skipped. */
export class JsonLinesReader {
  readonly #name: string;
  readonly #builder: RecordBuilder;
  readonly #align = lineAligned();
  #isStart = true;
  #pending = '';
  #lines = 0;

  /** @param into where the rows of earlier files are */
  constructor(name: string, into?: RecordBuilder) {
    this.#name = name;
    this.#builder = into ?? new RecordBuilder(name);
    into?.startFile(name);
  }

  /** Reads on. @throws RelucentError 'invalid-table' */
  write(text: string): void {
    this.#take(this.#align(text, false));
  }

  /** Reads what is left at the end of the text; gives what the next file is to go on with. */
  end(): RecordBuilder {
    this.#take(this.#align('', true));
    this.#read(this.#pending);
    this.#pending = '';
    return this.#builder;
  }

  /** The table, once the text has ended. @throws RelucentError 'invalid-table' */
  table(): Table {
    return this.#builder.finish(
      'expected an object with the cells of a row on every line, got an empty file; export the data again',
    );
  }

  #take(text: string): void {
    const lines = (this.#isStart && text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n');
    if (text !== '') this.#isStart = false;
    lines[0] = this.#pending + (lines[0] ?? '');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
    if (this.#pending.length > MAX_RECORD_LENGTH) throw this.#tooLong();
  }

  #read(line: string): void {
    this.#lines++;
    if (line.trim() === '') return;
    if (line.length > MAX_RECORD_LENGTH) throw this.#tooLong();
    const where = this.#builder.nextRow(this.#lines);
    const value = parseLine(line, where);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const found = Array.isArray(value) ? 'a list' : quoteValue(value);
      const fix =
        this.#lines === 1 && found === 'a list'
          ? 'write JSON-lines: an object a line, no list around them'
          : 'correct the line';
      throw invalid(where, `expected an object with the cells of the row, got ${found}; ${fix}`);
    }
    this.#builder.add(value, this.#lines);
  }

  #tooLong(): RelucentError {
    return invalid(
      `${this.#name} (line ${this.#lines + 1})`,
      `expected at most ${MAX_RECORD_LENGTH} characters in a line, got more; check the line ends`,
    );
  }
}

function parseLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid(
      where,
      `expected a JSON object, got ${quoteValue(line)}; write each row as one object on a line of its own`,
    );
  }
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-table', where, message);
}
