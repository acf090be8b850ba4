import { basename, extname } from 'node:path';
import { quoteValue, RelucentError } from '../src/error.js';
import type { ClassWeight } from '../src/estimator/class-targets.js';
import { REPORT_FORMATS, type ReportFormat } from '../src/report/report-format-names.js';
import type { Delimiter } from '../src/table/csv-reader.js';
import { choiceOption, numberOption, ranges } from './option-values.js';

// Readers of the options of `train` and `path` that are more than a number or one of a few words.

export function delimiter(text: string): Delimiter {
  if (text === ',' || text === ';' || text === '\t') return text;
  if (text === 'tab' || text === '\\t') return '\t';
  throw invalid('--delimiter', `expected ",", ";" or "tab", got ${quoteValue(text)}`);
}

export function depths(text: string): readonly (2 | 3)[] {
  return text.split(',').map((part) => {
    if (part.trim() === '2') return 2;
    if (part.trim() === '3') return 3;
    throw invalid('--depths', `expected a list of 2 and 3, e.g. 2,3, got ${quoteValue(text)}`);
  });
}

/** `balanced`, or LABEL=W,LABEL=W. A label may hold "=": the weight is what follows the last one. */
export function classWeight(text: string): ClassWeight {
  if (text === 'balanced') return text;
  const entries = text.split(',').map((part): [string, number] => {
    const at = part.lastIndexOf('=');
    const label = part.slice(0, Math.max(0, at)).trim();
    if (label === '') {
      throw invalid('--class-weight', `expected "balanced" or LABEL=W,LABEL=W, got ${quoteValue(text)}`);
    }
    return [label, numberOption('--class-weight', ranges.weight)(part.slice(at + 1))];
  });
  return Object.fromEntries(entries);
}

export function depthOrAuto(text: string): 2 | 3 | 'auto' {
  return text === 'auto' ? text : depth(text);
}

export function depth(text: string): 2 | 3 {
  if (text === '2') return 2;
  if (text === '3') return 3;
  throw invalid(
    '--depth',
    `expected 2, 3 or auto, got ${quoteValue(text)}; deeper networks are not in this version`,
  );
}

export function widths(text: string): readonly number[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(numberOption('--widths', ranges.width));
}

export function reportFormats(text: string): readonly ReportFormat[] {
  const formats = text.split(',').map((part) => choiceOption('--report-format', REPORT_FORMATS)(part.trim()));
  return REPORT_FORMATS.filter((format) => formats.includes(format));
}

/** Name of a file without its extension; of a pattern, that of the folder before it. */
export function tableName(file: string): string {
  const name = basename(file, extname(file));
  if (!/[*?[]/.test(file)) return name;
  const folder = file
    .split('/')
    .filter((part) => !/[*?[]|^\.*$/.test(part))
    .at(-1);
  return folder ?? 'table';
}

/** The command as it could be typed again. */
export function commandLine(argv: readonly string[]): string {
  const quote = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
  return ['relucent', ...argv.map(quote)].join(' ');
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
