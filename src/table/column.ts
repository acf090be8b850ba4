import { isMissing, levelOf, parseNumber } from './cell.js';
import { countDistinctRows } from './distinct-rows.js';

/** Why no cell of a column can be used, e.g. nested values, and where that was seen first. */
export interface Refusal {
  /** 0-based row of the first such cell. */
  readonly row: number;
  /** What it holds, e.g. `a list`. */
  readonly found: string;
}

/** What is said of a cell: its number, `undefined` for a missing cell, `null` for other text. */
export type CellNumber = number | undefined | null;

/** Distinct numbers of a column. */
export interface DistinctNumbers {
  readonly count: number;
  readonly smallest: number;
  readonly largest: number;
  /** All of them in ascending order where there are at most {@link FEW}, else empty. */
  readonly few: readonly number[];
}

/** Most distinct numbers that are listed. */
const FEW = 100;

/**
 * The cells of one column, in one of three compact forms. Row indices are 0-based and in range.
 *
 * A column is read as text, trimmed; numbers and categories are what the text says ({@link parseNumber},
 * {@link levelOf}), whichever form holds it.
 */
export interface Column {
  readonly length: number;
  /** Set where the column cannot be used at all; its cells then read as missing. */
  readonly refusal: Refusal | undefined;
  text(row: number): string;
  number(row: number): CellNumber;
  /** Category of the cell, `(missing)` for a missing one. */
  level(row: number): string;
  /**
   * Visits all cells in runs of equal text: each text with how often it occurs and its first row, ordered by first row.
   * Forms that do not know equal cells visit them one by one; a number may then come with an empty text.
   */
  tally(visit: (text: string, value: CellNumber, count: number, firstRow: number) => void): void;
  distinctNumbers(): DistinctNumbers;
  /** Number of distinct categories, missing cells not counted. */
  countLevels(): number;
}

/** Cells as codes into their distinct texts: 2 bytes a cell. */
export class CodedColumn implements Column {
  readonly #codes: Uint16Array;
  readonly #texts: readonly string[];
  #numbers: readonly CellNumber[] | undefined;
  #levels: readonly string[] | undefined;

  constructor(
    codes: Uint16Array,
    texts: readonly string[],
    readonly refusal: Refusal | undefined,
  ) {
    this.#codes = codes;
    this.#texts = texts;
  }

  get length(): number {
    return this.#codes.length;
  }

  text(row: number): string {
    return this.#texts[this.#codes[row] ?? 0] ?? '';
  }

  number(row: number): CellNumber {
    this.#numbers ??= this.#texts.map(numberOf);
    return this.#numbers[this.#codes[row] ?? 0];
  }

  level(row: number): string {
    this.#levels ??= this.#texts.map(levelOf);
    return this.#levels[this.#codes[row] ?? 0] ?? '';
  }

  tally(visit: (text: string, value: CellNumber, count: number, firstRow: number) => void): void {
    const counts = new Uint32Array(this.#texts.length);
    const order: number[] = [];
    const firstRows = new Uint32Array(this.#texts.length);
    this.#codes.forEach((code, row) => {
      if (counts[code] === 0) {
        order.push(code);
        firstRows[code] = row;
      }
      counts[code] = (counts[code] ?? 0) + 1;
    });
    for (const code of order) {
      const text = this.#texts[code] ?? '';
      visit(text, numberOf(text), counts[code] ?? 0, firstRows[code] ?? 0);
    }
  }

  distinctNumbers(): DistinctNumbers {
    const values = this.#texts.map(numberOf).filter((value) => typeof value === 'number');
    return distinctSorted(Float64Array.from(values));
  }

  countLevels(): number {
    return new Set(this.#texts.filter((text) => !isMissing(text)).map(levelOf)).size;
  }
}

/** Cells as float64, 8 bytes a cell, with the few that are other text aside. A missing cell is NaN. */
export class NumberColumn implements Column {
  readonly #values: Float64Array;
  readonly #others: ReadonlyMap<number, string>;

  constructor(
    values: Float64Array,
    others: ReadonlyMap<number, string>,
    readonly refusal: Refusal | undefined,
  ) {
    this.#values = values;
    this.#others = others;
  }

  get length(): number {
    return this.#values.length;
  }

  text(row: number): string {
    const value = this.#values[row] ?? NaN;
    return Number.isNaN(value) ? (this.#others.get(row) ?? '') : String(value);
  }

  number(row: number): CellNumber {
    const value = this.#values[row] ?? NaN;
    if (!Number.isNaN(value)) return value;
    return this.#others.has(row) ? null : undefined;
  }

  level(row: number): string {
    return levelOf(this.text(row));
  }

  tally(visit: (text: string, value: CellNumber, count: number, firstRow: number) => void): void {
    this.#values.forEach((value, row) => {
      if (!Number.isNaN(value)) {
        visit('', value, 1, row);
        return;
      }
      const other = this.#others.get(row);
      visit(other ?? '', other === undefined ? undefined : null, 1, row);
    });
  }

  distinctNumbers(): DistinctNumbers {
    return distinctSorted(this.#values.filter((value) => !Number.isNaN(value)));
  }

  countLevels(): number {
    return this.distinctNumbers().count + new Set(this.#others.values()).size;
  }
}

/** Cells as UTF-8, one after the other: free text and identifiers. */
export class TextColumn implements Column {
  readonly #bytes: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** @param ends end of each cell in `bytes` */
  constructor(
    bytes: Uint8Array,
    ends: Uint32Array,
    readonly refusal: Refusal | undefined,
  ) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  text(row: number): string {
    return this.#decoder.decode(this.#bytesOf(row));
  }

  number(row: number): CellNumber {
    return numberOf(this.text(row));
  }

  level(row: number): string {
    return levelOf(this.text(row));
  }

  tally(visit: (text: string, value: CellNumber, count: number, firstRow: number) => void): void {
    for (let row = 0; row < this.length; row++) {
      const text = this.text(row);
      visit(text, numberOf(text), 1, row);
    }
  }

  distinctNumbers(): DistinctNumbers {
    const values: number[] = [];
    for (let row = 0; row < this.length; row++) {
      const value = this.number(row);
      if (typeof value === 'number') values.push(value);
    }
    return distinctSorted(Float64Array.from(values));
  }

  /** Texts are counted as they are written. */
  countLevels(): number {
    const present = new Uint32Array(this.length);
    let n = 0;
    for (let row = 0; row < this.length; row++) {
      if (!isMissing(this.text(row))) present[n++] = row;
    }
    return countDistinctRows(n, {
      hash: (i) => hashBytes(this.#bytesOf(present[i] ?? 0)),
      equal: (i, j) => equalBytes(this.#bytesOf(present[i] ?? 0), this.#bytesOf(present[j] ?? 0)),
    });
  }

  #bytesOf(row: number): Uint8Array {
    return this.#bytes.subarray(row === 0 ? 0 : this.#ends[row - 1], this.#ends[row]);
  }
}

function numberOf(text: string): CellNumber {
  return isMissing(text) ? undefined : (parseNumber(text) ?? null);
}

/** Counts the distinct of some numbers, which it sorts. O(n log n). */
function distinctSorted(values: Float64Array): DistinctNumbers {
  values.sort();
  const few: number[] = [];
  let count = 0;
  let last = NaN;
  for (const value of values) {
    if (value === last) continue;
    last = value;
    count++;
    if (few.length <= FEW) few.push(value);
  }
  return {
    count,
    smallest: values[0] ?? Infinity,
    largest: values.at(-1) ?? -Infinity,
    few: few.length <= FEW ? few : [],
  };
}

/** FNV-1a, 32 bits. */
function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
