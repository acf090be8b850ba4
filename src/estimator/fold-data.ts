import type { Rows } from '../arrangement/sub-network-pattern.js';

/** Rows to learn from or to be scored on: standardised, without their bias column. */
export interface LearningRows {
  readonly rows: Rows;
  /** One vector of length n for each output, as its loss takes it. */
  readonly targets: readonly Float64Array[];
  /** Weight > 0 of each row, or null where all are 1. */
  readonly weights: Float64Array | null;
}

/** One fold of a cross-validation. Whatever was fitted (scales, medians, levels, class weights) was fitted on `inside` only. */
export interface FoldData {
  readonly inside: LearningRows;
  readonly outside: LearningRows;
  /** Multiplies held-out losses, so that folds with targets on scales of their own are in one unit. */
  readonly unit: number;
}

/** Rows within and without each of the folds, as numbers of rows. */
export function foldRows(
  foldOf: Int32Array,
  folds: number,
): { readonly inside: Int32Array; readonly outside: Int32Array }[] {
  const all = Int32Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    inside: all.filter((i) => foldOf[i] !== fold),
    outside: all.filter((i) => foldOf[i] === fold),
  }));
}

/** Rows of a row-major matrix, copied. */
export function rowsAt({ X, d }: Rows, at: Int32Array): Rows {
  const out = new Float64Array(at.length * d);
  at.forEach((i, k) => {
    out.set(X.subarray(i * d, (i + 1) * d), k * d);
  });
  return { X: out, n: at.length, d };
}

/** Entries of a vector, copied. */
export function entriesAt(values: Float64Array, at: Int32Array): Float64Array {
  return Float64Array.from(at, (i) => values[i] ?? NaN);
}
