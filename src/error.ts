/**
 * Codes of every error that is the caller's fault. A numerical outcome (limit reached, interrupted) is never an
 * error: it is the `status` of a result.
 */
export type ErrorCode =
  'invalid-argument' | 'invalid-problem' | 'invalid-table' | 'invalid-model' | 'unsupported' | 'not-found';

/**
 * The caller's fault, in one line: the field, what was expected, what was found and how to mend it.
 *
 * `message` always reads `where: expected …, got …; fix`, so that a command line can print it as it is.
 */
export class RelucentError extends Error {
  override readonly name = 'RelucentError';
  readonly code: ErrorCode;
  /** The field, option, file or cell at fault, e.g. `beta`, `data.csv row 12 column "age"`. */
  readonly where: string;

  constructor(code: ErrorCode, where: string, message: string) {
    super(`${where}: ${message}`);
    this.code = code;
    this.where = where;
  }
}

/** A value as it can be shown in an error line: at most `limit` characters, control characters escaped. */
export function quoteValue(value: unknown, limit = 60): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : plain(value);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}… (${text.length} characters)`;
}

/** Entries up to which a list is shown rather than counted. */
const SHOWN = 20;

function plain(value: unknown): string {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const length = isList && 'length' in value ? value.length : 0;
  if (length > SHOWN) return `an array of length ${length}`;
  try {
    const text = String(value).replace(/\s+/g, ' ');
    return text.includes('[object ') ? (isList ? 'an array' : 'an object') : text;
  } catch {
    return isList ? 'an array' : typeof value === 'object' ? 'an object' : typeof value;
  }
}
