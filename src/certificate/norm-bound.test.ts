import { SingularValueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { normalRows } from '../../test/fixtures/random-program.js';
import { javascriptKernel } from '../kernel/javascript/javascript-kernel.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { spectralNormBound } from './norm-bound.js';

function norms(rows: Rows): { bound: number; norm: number } {
  const matrix = Matrix.from1DArray(rows.n, rows.d, rows.X);
  return {
    bound: spectralNormBound(rows, javascriptKernel.workspace(rows)),
    norm: new SingularValueDecomposition(matrix, { autoTranspose: true }).norm2,
  };
}

describe('spectralNormBound', () => {
  it.each([
    [1, 1],
    [40, 1],
    [40, 5],
    [100, 30],
    [3, 8],
  ])('is at least ‖X‖₂, and close where rows outnumber columns: %i×%i', (n, d) => {
    const { bound, norm } = norms(normalRows(n, d, n + d));
    expect(bound).toBeGreaterThanOrEqual(norm);
    if (d <= n) expect(bound).toBeLessThanOrEqual(norm * d ** (1 / 64) * (1 + 1e-9));
  });

  it.each([1e-150, 1e-9, 1e9, 1e150])('scales with X: %f', (scale) => {
    const { X, n, d } = normalRows(20, 4, 3);
    const { bound, norm } = norms({ X: X.map((value) => scale * value), n, d });
    expect(bound).toBeGreaterThanOrEqual(norm);
    expect(bound).toBeLessThanOrEqual(1.2 * norm);
  });

  it('is 0 for zero rows', () => {
    expect(
      spectralNormBound(
        { X: new Float64Array(6), n: 3, d: 2 },
        javascriptKernel.workspace({ X: new Float64Array(6), n: 3, d: 2 }),
      ),
    ).toBe(0);
  });
});
