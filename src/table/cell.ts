/** Largest magnitude accepted in a numeric cell: its square and sums of squares stay finite. */
export const MAX_MAGNITUDE = 1e150;

/** Level that stands for a missing cell of a categorical column. */
export const MISSING_LEVEL = '(missing)';

const missingTexts: ReadonlySet<string> = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?']);

// The first three patterns are linear in the length of the cell (no two adjacent repetitions match the same text); the
// others are only tried on short cells.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinite = /^[+-]?inf(?:inity)?$/i;
const plainDecimal = /^([+-]?)(0|[1-9]\d*)(?:\.(\d*))?$/;
const commaNumber = /^[+-]?(?:\d{1,3}(?:[., ]\d{3})+|\d+),?\d*$/;
const dates = [
  /^\d{4}([-/.])\d{1,2}\1\d{1,2}(?:[T ].*)?$/s,
  /^\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?: .*)?$/s,
  /^\d{1,2}[- ][a-z]{3,9}[- ,]{1,2}\d{2,4}(?: .*)?$/is,
  /^[a-z]{3,9} \d{1,2},? \d{4}(?: .*)?$/is,
];

/** Whether a trimmed cell holds no value: empty, NA, N/A, NaN, null, None or ?, in any case. */
export function isMissing(cell: string): boolean {
  return cell.length <= 4 && missingTexts.has(cell.toLowerCase());
}

/**
 * The value of a cell that reads as a decimal number: finite, or ±∞ for `inf`, `Infinity` and numbers that overflow
 * such as `1e999`; undefined for any other text (hexadecimal and thousands separators included).
 */
export function parseNumber(cell: string): number | undefined {
  if (decimal.test(cell)) return Number(cell);
  if (infinite.test(cell)) return cell.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

/** Whether a cell reads as a calendar date, e.g. 2024-03-01, 1/3/24, 1 Mar 2024, with or without a time. */
export function looksLikeDate(cell: string): boolean {
  return cell.length <= 40 && dates.some((pattern) => pattern.test(cell));
}

/** Whether a cell reads as a number written with a decimal comma or thousands separators, e.g. 3,14 or 1,200. */
export function looksLikeCommaNumber(cell: string): boolean {
  return cell.length <= 40 && cell.includes(',') && commaNumber.test(cell);
}

/**
 * Category of a cell. Plain decimals count by value, so `8`, `+8` and `8.0` are one level; codes with leading zeros and
 * all other text count as written. A missing cell is `(missing)`.
 */
export function levelOf(cell: string): string {
  if (isMissing(cell)) return MISSING_LEVEL;
  const match = plainDecimal.exec(cell);
  if (match === null) return cell;
  const [, sign = '', whole = '', fraction = ''] = match;
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === '0') end--;
  const magnitude = end === 0 ? whole : `${whole}.${fraction.slice(0, end)}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

/**
 * The cells that {@link levelOf} takes for a level as long as they are written like the level itself: the level, and for
 * `(missing)` every spelling of a missing cell.
 */
export function textsOfLevel(level: string): readonly string[] {
  return level === MISSING_LEVEL ? [level, ...[...missingTexts].flatMap(spellings)] : [level];
}

/** A short lower-case text with each letter in either case. */
function spellings(text: string): string[] {
  return text
    .split('')
    .reduce<string[]>(
      (starts, letter) =>
        [...new Set([letter, letter.toUpperCase()])].flatMap((form) => starts.map((start) => start + form)),
      [''],
    );
}

/** Order of levels: numbers by value, then text by code unit, then `(missing)`. A total order, the same in all locales. */
export function compareLevels(a: string, b: string): number {
  if (a === b) return 0;
  if (a === MISSING_LEVEL) return 1;
  if (b === MISSING_LEVEL) return -1;
  const x = parseNumber(a);
  const y = parseNumber(b);
  if (x !== undefined && y !== undefined && x !== y) return x < y ? -1 : 1;
  if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}
