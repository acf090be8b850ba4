import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { integerRows, normalRows } from '../../test/fixtures/random-program.js';
import { FACTORISATION } from '../../test/tolerances.js';
import { coordinatesIn, rowSpaceOf } from './row-space.js';

describe('rowSpaceOf', () => {
  it.each([
    [7, 3],
    [3, 7],
    [1, 4],
    [5, 5],
    [40, 6],
  ])('spans the rows of a %i×%i matrix with orthonormal vectors', (n, d) => {
    const { X } = normalRows(n, d, n + d);
    const { rank, basis, singularValues } = rowSpaceOf(X, n, d);
    expect(rank).toBe(Math.min(n, d));
    expect([...singularValues]).toEqual([...singularValues].sort((a, b) => b - a));
    const inside = coordinatesIn(basis, rank, X, n, d);
    const back = Float64Array.from({ length: n * d }, (_, at) => {
      const i = Math.floor(at / d);
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += inside[i * rank + k]! * basis[k * d + (at % d)]!;
      return sum;
    });
    expectClose(back, X, FACTORISATION, 1);
    const gram = coordinatesIn(basis, rank, basis, rank, d);
    expectClose(gram, gram.map((_, at) => (at % (rank + 1) === 0 ? 1 : 0)), FACTORISATION, 1); // prettier-ignore
    const squares = singularValues.reduce((sum, value) => sum + value ** 2, 0);
    expectClose([squares], [X.reduce((sum, value) => sum + value ** 2, 0)], FACTORISATION);
  });

  it('finds the rank of dependent columns and of zero', () => {
    const { X, n, d } = integerRows(9, 3, 4);
    const doubled = Float64Array.from({ length: n * 5 }, (_, at) => {
      const i = Math.floor(at / 5);
      const t = at % 5;
      return t < d ? X[i * d + t]! : t === 3 ? X[i * d]! - 2 * X[i * d + 1]! : 3 * X[i * d + 2]!;
    });
    expect(rowSpaceOf(doubled, n, 5).rank).toBe(3);
    expect(rowSpaceOf(new Float64Array(6), 2, 3).rank).toBe(0);
  });
});
