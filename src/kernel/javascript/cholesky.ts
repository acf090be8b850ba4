import { addProductTransposed } from './gemm.js';
import { dotAt, axpyAt } from '../../linalg/vector.js';

const BLOCK = 64;

/**
 * Cholesky factor A = L·Lᵀ in place: `a` is n×n row-major, its lower triangle is read and replaced by L; entries
 * above it are scratch. Left-looking in blocks of 64 columns. Cost n³/3 flops.
 *
 * @returns -1 on success, else the index of the first pivot that is not positive (A is not positive definite to
 * working precision; `a` is then partly overwritten).
 */
export function choleskyInPlace(a: Float64Array, n: number): number {
  for (let j0 = 0; j0 < n; j0 += BLOCK) {
    const width = Math.min(BLOCK, n - j0);
    // Rows j0… of these columns: subtract the part of L·Lᵀ that earlier columns already explain.
    const left = { data: a, offset: j0 * n, stride: n };
    addProductTransposed(
      { data: a, offset: j0 * n + j0, stride: n },
      left,
      left,
      { rows: width, cols: width, inner: j0 },
      -1,
      true,
    );
    const failed = factorDiagonalBlock(a, n, j0, width);
    if (failed >= 0) return failed;
    const below = n - j0 - width;
    if (below === 0) break;
    addProductTransposed(
      { data: a, offset: (j0 + width) * n + j0, stride: n },
      { data: a, offset: (j0 + width) * n, stride: n },
      left,
      { rows: below, cols: width, inner: j0 },
      -1,
    );
    for (let i = j0 + width; i < n; i++) {
      for (let j = j0; j < j0 + width; j++) {
        const sum = a[i * n + j]! - dotAt(a, i * n + j0, a, j * n + j0, j - j0);
        a[i * n + j] = sum / a[j * n + j]!;
      }
    }
  }
  return -1;
}

function factorDiagonalBlock(a: Float64Array, n: number, j0: number, width: number): number {
  for (let i = j0; i < j0 + width; i++) {
    for (let j = j0; j <= i; j++) {
      const sum = a[i * n + j]! - dotAt(a, i * n + j0, a, j * n + j0, j - j0);
      if (j < i) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else return i;
    }
  }
  return -1;
}

/** Solves L·Lᵀ·x = b in place of `b`, with L from {@link choleskyInPlace}. Cost 2n² flops. */
export function choleskySolveInPlace(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) b[i] = (b[i]! - dotAt(l, i * n, b, 0, i)) / l[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / l[i * n + i]!;
    b[i] = x;
    axpyAt(b, 0, -x, l, i * n, i);
  }
}
