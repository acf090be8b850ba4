import { RelucentError } from '../error.js';
import { isMissing, parseNumber } from './cell.js';
import { CodedColumn, NumberColumn, TextColumn, type Column, type Refusal } from './column.js';

/** Most distinct texts that are coded, as codes have 16 bits. */
const MAX_CODES = 2 ** 16;

/** Most cells of a column of numbers that may be other text. */
const MAX_OTHERS = 2 ** 17;

/** Most bytes of text in a column that is neither numbers nor few categories. */
const MAX_TEXT_BYTES = 2 ** 31;

const encoder = new TextEncoder();

/**
 * Gathers the cells of one column, one after the other, in the most compact form that holds them: codes while the texts
 * repeat, then float64 if most are numbers, else bytes of text.
 */
export class ColumnBuilder {
  readonly #name: string;
  #length = 0;
  #refusal: Refusal | undefined;
  #form: 'coded' | 'numbers' | 'texts' = 'coded';

  #codes = new Uint16Array(8);
  #codeOf = new Map<string, number>();

  #values = new Float64Array(0);
  #others = new Map<number, string>();

  #bytes = new Uint8Array(0);
  #used = 0;
  #ends = new Uint32Array(0);

  /** @param name of the column, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  /** Cells so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a cell by its trimmed text. */
  push(text: string): void {
    if (this.#form === 'coded' && !this.#pushCode(text)) this.#leaveCodes();
    if (this.#form === 'numbers' && !this.#pushNumeric(text)) this.#leaveNumbers();
    if (this.#form === 'texts') this.#pushText(text);
    this.#length++;
  }

  /** Adds a cell by its value; NaN is a missing cell. */
  pushNumber(value: number): void {
    if (this.#form !== 'numbers') {
      this.push(Number.isNaN(value) ? '' : String(value));
      return;
    }
    this.#values = withRoom(this.#values, this.#length);
    this.#values[this.#length++] = value;
  }

  /** Adds missing cells until there are `length`. */
  padTo(length: number): void {
    if (this.#length >= length) return;
    this.push('');
    const last = length - 1;
    if (this.#form === 'coded' && this.#length < length) {
      this.#codes = withRoom(this.#codes, last);
      this.#codes.fill(this.#codes[this.#length - 1] ?? 0, this.#length, length);
      this.#length = length;
    }
    while (this.#length < length) this.push('');
  }

  /** Adds a cell that makes the whole column unusable. */
  refuse(found: string): void {
    this.#refusal ??= { row: this.#length, found };
    this.push('');
  }

  /** The column; the builder is not to be used any more. */
  finish(): Column {
    const n = this.#length;
    switch (this.#form) {
      case 'coded':
        return new CodedColumn(this.#codes.slice(0, n), [...this.#codeOf.keys()], this.#refusal);
      case 'numbers':
        return new NumberColumn(exactly(this.#values, n), this.#others, this.#refusal);
      case 'texts':
        return new TextColumn(exactly(this.#bytes, this.#used), exactly(this.#ends, n), this.#refusal);
      default:
        return this.#form satisfies never;
    }
  }

  /** False if there is no code left for the text. */
  #pushCode(text: string): boolean {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      if (code >= MAX_CODES) return false;
      this.#codeOf.set(ownCopy(text), code);
    }
    this.#codes = withRoom(this.#codes, this.#length);
    this.#codes[this.#length] = code;
    return true;
  }

  /** False if there are too many cells that are no numbers. */
  #pushNumeric(text: string): boolean {
    let value = NaN;
    if (!isMissing(text)) {
      const number = parseNumber(text);
      if (number === undefined) {
        if (this.#others.size >= MAX_OTHERS) return false;
        this.#others.set(this.#length, ownCopy(text));
      } else value = number;
    }
    this.#values = withRoom(this.#values, this.#length);
    this.#values[this.#length] = value;
    return true;
  }

  #pushText(text: string): void {
    this.#bytes = withRoom(this.#bytes, this.#used + 3 * text.length);
    this.#used += encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written;
    if (this.#used > MAX_TEXT_BYTES) {
      throw new RelucentError(
        'invalid-table',
        `column ${JSON.stringify(this.#name)}`,
        `expected at most ${MAX_TEXT_BYTES / 2 ** 30} GiB of text that does not repeat, got more; ` +
          'leave the column out, e.g. with --query',
      );
    }
    this.#ends = withRoom(this.#ends, this.#length);
    this.#ends[this.#length] = this.#used;
  }

  /** Goes over to numbers or texts, whichever the cells so far are, keeping these. */
  #leaveCodes(): void {
    const texts = [...this.#codeOf.keys()];
    const codes = this.#codes;
    const n = this.#length;
    this.#codeOf = new Map();
    this.#codes = new Uint16Array(0);
    const numeric = texts.filter((text) => parseNumber(text) !== undefined).length;
    this.#form = 2 * numeric >= texts.length ? 'numbers' : 'texts';
    if (this.#form === 'numbers') this.#values = new Float64Array(2 * n);
    else this.#ends = new Uint32Array(2 * n);
    this.#length = 0;
    for (let row = 0; row < n; row++) this.push(texts[codes[row] ?? 0] ?? '');
  }

  #leaveNumbers(): void {
    const column = new NumberColumn(this.#values.slice(0, this.#length), this.#others, undefined);
    this.#values = new Float64Array(0);
    this.#others = new Map();
    this.#form = 'texts';
    const n = this.#length;
    this.#length = 0;
    this.#ends = new Uint32Array(2 * n);
    for (let row = 0; row < n; row++) this.push(column.text(row));
  }
}

/** The array, or a copy of twice the length if it has no entry at `index`. */
function withRoom<Numbers extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  array: Numbers,
  index: number,
): Numbers {
  if (index < array.length) return array;
  const longer = new (array.constructor as new (length: number) => Numbers)(Math.max(8, 2 * index));
  longer.set(array);
  return longer;
}

/** The first `length` entries, without holding on to much more. */
function exactly<Numbers extends Uint8Array | Uint32Array | Float64Array>(
  array: Numbers,
  length: number,
): Numbers {
  return (length < 0.8 * array.length ? array.slice(0, length) : array.subarray(0, length)) as Numbers;
}

/** A text that does not hold on to the longer one it was cut from: engines keep that alive for a slice of 13 and more. */
function ownCopy(text: string): string {
  return text.length < 13 ? text : (JSON.parse(JSON.stringify(text)) as string);
}
