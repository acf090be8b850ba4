import { widenRows, type Rows, type StoredRows } from '../arrangement/sub-network-pattern.js';
import { RelucentError, quoteValue } from '../error.js';
import type { FlatMatrix, NumberMatrix, NumberVector } from './problem-input.js';

/** Values beyond this are refused: their products with one another would overflow. */
const LARGEST_VALUE = 1e100;

/** Like {@link readStoredMatrix}, in float64 whatever the form given. */
export function readMatrix(input: NumberMatrix, where: string): Rows {
  return widenRows(readStoredMatrix(input, where));
}

/**
 * Copies a matrix into row-major float64, one flat Float32Array into float32, and checks every value.
 * @throws RelucentError `invalid-problem` naming the entry: empty, ragged, not a finite number, larger than 1e100.
 */
export function readStoredMatrix(input: NumberMatrix, where: string): StoredRows {
  if (isFlat(input)) {
    const { values, rows, columns } = input;
    if (
      !(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0) ||
      values.length !== rows * columns
    ) {
      throw invalid(where, `expected rows · columns = ${rows} · ${columns} values, got ${values.length}`);
    }
    const X = values instanceof Float32Array ? values.slice() : Float64Array.from(values);
    X.forEach((value, at) => {
      checkValue(value, `${where}[${Math.floor(at / columns)}][${at % columns}]`);
    });
    return { X, n: rows, d: columns };
  }
  const rows: unknown = input;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw invalid(where, 'expected an array of at least one row; give rows of equal length');
  }
  const d = vectorLength(rows[0], `${where}[0]`);
  if (d === 0) throw invalid(`${where}[0]`, 'expected at least one column, got an empty row');
  const X = new Float64Array(rows.length * d);
  Array.from(rows).forEach((row: unknown, i) => {
    const length = vectorLength(row, `${where}[${i}]`);
    if (length !== d) {
      throw invalid(
        `${where}[${i}]`,
        `expected ${d} numbers like the first row, got ${length}; make all rows equally long`,
      );
    }
    for (let t = 0; t < d; t++) {
      const value: unknown = (row as NumberVector)[t];
      X[i * d + t] = checkValue(value, `${where}[${i}][${t}]`);
    }
  });
  return { X, n: rows.length, d };
}

/** Copies a vector of numbers into float64 and checks length and values, like {@link readMatrix}. */
export function readVector(input: unknown, length: number, where: string): Float64Array {
  const found = vectorLength(input, where);
  if (found !== length) {
    throw invalid(where, `expected ${length} values, one per row of X, got ${found}; make them match`);
  }
  return Float64Array.from({ length }, (_, i) => checkValue((input as NumberVector)[i], `${where}[${i}]`));
}

/** X with a column of ones appended. */
export function withBias(rows: Rows): Rows;
export function withBias(rows: StoredRows): StoredRows;
export function withBias({ X, n, d }: StoredRows): StoredRows {
  const out = X instanceof Float32Array ? new Float32Array(n * (d + 1)) : new Float64Array(n * (d + 1));
  for (let i = 0; i < n; i++) {
    out.set(X.subarray(i * d, (i + 1) * d), i * (d + 1));
    out[i * (d + 1) + d] = 1;
  }
  return { X: out, n, d: d + 1 };
}

function isFlat(input: unknown): input is FlatMatrix {
  return (
    typeof input === 'object' &&
    input !== null &&
    'values' in input &&
    'rows' in input &&
    'columns' in input &&
    ArrayBuffer.isView(input.values)
  );
}

function vectorLength(row: unknown, where: string): number {
  if (Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView))) {
    return (row as NumberVector).length;
  }
  throw invalid(where, `expected an array of numbers, got ${quoteValue(row)}`);
}

function checkValue(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw invalid(where, `expected a finite number, got ${quoteValue(value)}; remove or impute the row`);
  }
  if (Math.abs(value) > LARGEST_VALUE) {
    throw invalid(
      where,
      `expected a magnitude ≤ ${LARGEST_VALUE}, got ${value}; change the unit of this column`,
    );
  }
  return value;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-problem', where, message);
}
