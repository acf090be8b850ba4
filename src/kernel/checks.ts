import { RelucentError, quoteValue } from '../error.js';
import type { MaskedColumns, Rectangle } from './kernel.js';

/** @throws RelucentError naming what does not fit together. */
export function checkColumns(columns: MaskedColumns, n: number, limits: { z: number; d: number }): void {
  const { masks, scales, outputs } = columns;
  const words = Math.ceil(n / 32);
  expectLength('columns.scales', scales.length, masks.length);
  expectLength('columns.outputs', outputs.length, masks.length);
  masks.forEach((mask, c) => {
    expectLength(`columns.masks[${c}]`, mask.length, words);
  });
  expectLength('z', limits.z, masks.length * limits.d);
}

/** @throws RelucentError where an array is shorter than what is read from or written to it. */
export function expectLength(where: string, length: number, least: number): void {
  if (length >= least) return;
  throw new RelucentError(
    'invalid-argument',
    where,
    `expected at least ${least} numbers, got ${length}; give an array of that length`,
  );
}

/** @throws RelucentError where an output is negative or the slices of `vector` that outputs name are not there. */
export function checkSlices(
  where: string,
  vector: Float64Array,
  outputs: readonly number[] | Int32Array,
  n: number,
): void {
  let most = -1;
  outputs.forEach((output, c) => {
    if (output < 0) {
      throw new RelucentError(
        'invalid-argument',
        `columns.outputs[${c}]`,
        `expected an output ≥ 0, got ${output}; count outputs from 0`,
      );
    }
    most = Math.max(most, output);
  });
  expectLength(where, vector.length, (most + 1) * n);
}

/** @throws RelucentError where the rectangle leaves the matrix or a factor is too short. */
export function checkProduct(
  order: number,
  at: Rectangle,
  { a, b, inner }: { readonly a: Float64Array; readonly b: Float64Array; readonly inner: number },
): void {
  if (at.row < 0 || at.column < 0 || at.row + at.rows > order || at.column + at.columns > order) {
    const found = `rows ${at.row} … ${at.row + at.rows}, columns ${at.column} … ${at.column + at.columns}`;
    throw new RelucentError(
      'invalid-argument',
      'at',
      `expected a rectangle inside order ${order}, got ${found}; make the matrix larger`,
    );
  }
  expectLength('a', a.length, at.rows * inner);
  expectLength('b', b.length, at.columns * inner);
}

/** @throws RelucentError where H is not of order n or a weight is not ≥ 0. */
export function checkWeighted(
  order: number,
  n: number,
  { masks, weights }: { readonly masks: readonly Uint32Array[]; readonly weights: Float64Array },
): void {
  expectLength('weights', weights.length, masks.length);
  if (order !== n) {
    throw new RelucentError(
      'invalid-argument',
      'order',
      `expected a matrix of order n = ${n}, got ${order}; make it with symmetric(${n})`,
    );
  }
  masks.forEach((mask, c) => {
    expectLength(`masks[${c}]`, mask.length, Math.ceil(n / 32));
    if (!(weights[c]! >= 0)) {
      const found = quoteValue(weights[c]);
      throw new RelucentError(
        'invalid-argument',
        `weights[${c}]`,
        `expected a number ≥ 0, got ${found}; subtract with addOuterProducts`,
      );
    }
  });
}

/** The error of a call on a workspace or matrix that is no longer in use. */
export function outdated(where: string, what: string): RelucentError {
  return new RelucentError(
    'invalid-argument',
    where,
    `expected one that is in use, got one that ${what}; make a new one`,
  );
}
