import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, integerRows, normalRows, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { INCIDENCE } from '../../test/tolerances.js';
import { dot, norm2 } from '../linalg/vector.js';
import { hyperplanesOf, weightsOf } from './hyperplanes.js';
import { preactivation, type Rows } from './sub-network-pattern.js';

function rowsOf(rows: readonly (readonly number[])[]): Rows {
  return { X: Float64Array.from(rows.flat()), n: rows.length, d: rows[0]!.length };
}

describe('hyperplanesOf', () => {
  it('takes rows that are proportional up to rounding as one hyperplane, with their sides', () => {
    const x = [0.3, -1.1, 0.7];
    const times = (factor: number): number[] => x.map((value) => factor * value);
    const rows = rowsOf([
      [1, 0, 0],
      x,
      times(0.1),
      times(-1 / 3),
      [0, -0, 0],
      times(1e9),
      times(-1e-300),
      [1, 0, 1e-4],
      [7, 0, 0],
    ]);
    const { count, hyperplaneOf, orientation, rank } = hyperplanesOf(rows);
    expect(count).toBe(3);
    expect(rank).toBe(3);
    expect([...hyperplaneOf]).toEqual([0, 1, 1, 1, -1, 1, 1, 2, 0]);
    expect([...orientation]).toEqual([1, 1, 1, -1, 0, 1, -1, 1, 1]);
  });

  it('numbers them by their first row, whatever the order in which they are compared', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 30, maxD: 3 }), (rows) => {
        const { count, hyperplaneOf, orientation } = hyperplanesOf(rows);
        const seen: number[] = [];
        hyperplaneOf.forEach((h, i) => {
          const zero = rows.X.subarray(i * rows.d, (i + 1) * rows.d).every((value) => value === 0);
          expect(h === -1).toBe(zero);
          if (h >= 0 && !seen.includes(h)) {
            expect(h).toBe(seen.length);
            expect(orientation[i]).toBe(1);
            seen.push(h);
          }
        });
        expect(seen.length).toBe(count);
      }),
      fixed(200),
    );
  });

  it('has normals with x_i·(map·u) ∝ orientation·normal·u', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 12, maxD: 5 }), (rows) => {
        const planes = hyperplanesOf(rows);
        const { rank, normals, hyperplaneOf, orientation, count } = planes;
        expect(count).toBeGreaterThanOrEqual(rank);
        const u = Float64Array.from({ length: rank }, (_, k) => Math.cos(3 * k + 1));
        const w = weightsOf(planes, rows.d, u);
        const values = preactivation(rows, w);
        values.forEach((value, i) => {
          if (hyperplaneOf[i]! < 0) return;
          const normal = normals.subarray(hyperplaneOf[i]! * rank, (hyperplaneOf[i]! + 1) * rank);
          expectClose([norm2(normal)], [1], INCIDENCE);
          const v = orientation[i]! * dot(normal, u);
          if (Math.abs(v) > INCIDENCE) expect(Math.sign(v)).toBe(Math.sign(value));
        });
      }),
      fixed(200),
    );
  });

  it('sees the rank and the pivots through dependent columns and any units', () => {
    const { X, n } = integerRows(12, 2, 3);
    const wide = Float64Array.from({ length: 4 * n }, (_, at) => {
      const i = at >> 2;
      const [a, b] = [X[2 * i]!, X[2 * i + 1]!];
      return [1e9 * a, a + 1000 * b, 1e-9 * b, 0][at & 3]!;
    });
    const { rank, pivots, count } = hyperplanesOf({ X: wide, n, d: 4 });
    expect(rank).toBe(2);
    expect(new Set(pivots).size).toBe(2);
    expect(count).toBe(hyperplanesOf({ X, n, d: 2 }).count);
  });

  it('finds the same hyperplanes after any invertible change of the columns', () => {
    const years = rowsOf(Array.from({ length: 40 }, (_, i) => [1, 1.7e9 + (i % 30), 3 * (i % 7)]));
    const plain = rowsOf(Array.from({ length: 40 }, (_, i) => [1, i % 30, i % 7]));
    expect(hyperplanesOf(years).hyperplaneOf).toEqual(hyperplanesOf(plain).hyperplaneOf);
  });

  it('copes with no rows, with zeros, and with many rows', () => {
    expect(hyperplanesOf({ X: new Float64Array(0), n: 0, d: 3 }).count).toBe(0);
    expect(hyperplanesOf({ X: new Float64Array(6), n: 2, d: 3 })).toMatchObject({ count: 0, rank: 0 });
    expect(hyperplanesOf(normalRows(20_000, 3, 1)).count).toBe(20_000);
  });
});
