import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { rowGeometry } from './row-geometry.js';

describe('rowGeometry', () => {
  it('keeps the first of equal rows, and no zero row', () => {
    const X = Float64Array.of(3, 4, 0, 0, 3, 4, -3, -4, -0, 0, 0, -2, 6, 8);
    const { d, distinct, normals } = rowGeometry({ X, n: 7, d: 2 });
    expect(d).toBe(2);
    expect([...distinct]).toEqual([0, 3, 5, 6]);
    expectClose(normals, [0.6, 0.8, -0.6, -0.8, 0, -1, 0.6, 0.8], FEW_ROUNDINGS);
  });

  it('has unit normals that point along their rows, at any scale', () => {
    fc.assert(
      fc.property(
        rowsArbitrary({ maxN: 12, maxD: 4 }),
        fc.constantFrom(1e-300, 1e-9, 1, 1e9, 1e300),
        (rows, unit) => {
          const scaled = { ...rows, X: rows.X.map((value) => unit * value) };
          const { distinct, normals, d } = rowGeometry(scaled);
          distinct.forEach((i, position) => {
            const row = Array.from(rows.X.subarray(i * d, (i + 1) * d));
            const length = Math.hypot(...row);
            expectClose(
              normals.subarray(position * d, (position + 1) * d),
              row.map((value) => value / length),
              10 * FEW_ROUNDINGS,
            );
          });
        },
      ),
      fixed(80),
    );
  });

  it('is empty for no rows and for zero rows', () => {
    expect(rowGeometry({ X: new Float64Array(0), n: 0, d: 3 }).distinct.length).toBe(0);
    expect(rowGeometry({ X: new Float64Array(6), n: 2, d: 3 }).normals.length).toBe(0);
  });

  it('knows where each row went, and is made once for the same rows', () => {
    const rows = { X: Float64Array.of(3, 4, 0, 0, 3, 4, -3, -4), n: 4, d: 2 };
    expect(rowGeometry(rows).positionOf).toEqual(Int32Array.of(0, -1, -1, 1));
    expect(rowGeometry(rows)).toBe(rowGeometry(rows));
    expect(rowGeometry({ ...rows })).not.toBe(rowGeometry(rows));
  });
});
