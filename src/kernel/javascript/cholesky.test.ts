import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/fixtures/close.js';
import { normals } from '../../../test/fixtures/random-program.js';
import { FACTORISATION, FACTOR_SOLVE } from '../../../test/tolerances.js';
import { choleskyInPlace, choleskySolveInPlace } from './cholesky.js';

const SIZES = [0, 1, 2, 3, 5, 63, 64, 65, 67, 127, 128, 129, 150];

/** GGᵀ/n + I with G normal: positive definite with condition number around 5. */
function positiveDefinite(n: number, seed: number): Float64Array {
  const g = normals(n * n, seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += g[i * n + k]! * g[j * n + k]!;
      a[i * n + j] = sum / n + (i === j ? 1 : 0);
    }
  }
  return a;
}

describe('choleskyInPlace', () => {
  it.each(SIZES)('factors A = LLᵀ of order %i with a positive diagonal', (n) => {
    const a = positiveDefinite(n, n + 1);
    const l = Float64Array.from(a);
    expect(choleskyInPlace(l, n)).toBe(-1);
    const product = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      expect(l[i * n + i]).toBeGreaterThan(0);
      for (let j = 0; j < n; j++) {
        for (let k = 0; k <= Math.min(i, j); k++) product[i * n + j]! += l[i * n + k]! * l[j * n + k]!;
      }
    }
    expectClose(product, a, FACTORISATION);
  });

  it('never reads the upper triangle', () => {
    const n = 70;
    const a = positiveDefinite(n, 3);
    const lowerOnly = a.map((value, place) => (place % n > Math.floor(place / n) ? NaN : value));
    const plain = Float64Array.from(a);
    expect(choleskyInPlace(plain, n)).toBe(-1);
    expect(choleskyInPlace(lowerOnly, n)).toBe(-1);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) expect(lowerOnly[i * n + j]).toBe(plain[i * n + j]);
    }
  });

  it.each([
    { n: 1, pivot: 0 },
    { n: 5, pivot: 3 },
    { n: 64, pivot: 63 },
    { n: 65, pivot: 64 },
    { n: 130, pivot: 100 },
  ])('names pivot $pivot of order $n when the matrix is indefinite there', ({ n, pivot }) => {
    const a = positiveDefinite(n, 11);
    a[pivot * n + pivot] = -1;
    expect(choleskyInPlace(a, n)).toBe(pivot);
  });

  it('refuses semidefinite and NaN matrices', () => {
    expect(choleskyInPlace(Float64Array.of(1, 0, 1, 1), 2)).toBe(1);
    expect(choleskyInPlace(Float64Array.of(0), 1)).toBe(0);
    expect(choleskyInPlace(Float64Array.of(4, 0, NaN, 4), 2)).toBe(1);
  });
});

describe('choleskySolveInPlace', () => {
  it.each(SIZES)('solves A x = b of order %i', (n) => {
    const a = positiveDefinite(n, n + 2);
    const x = normals(n, n + 3);
    const b = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) b[i]! += a[i * n + j]! * x[j]!;
    choleskyInPlace(a, n);
    choleskySolveInPlace(a, n, b);
    expectClose(b, x, FACTOR_SOLVE);
  });
});
