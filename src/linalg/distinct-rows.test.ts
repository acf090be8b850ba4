import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { firstEqualRow } from './distinct-rows.js';

describe('firstEqualRow', () => {
  it('finds the first row with the same numbers', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 60, maxD: 3 }), ({ X, n, d }) => {
        const rows = Array.from({ length: n }, (_, i) => X.subarray(i * d, (i + 1) * d).join());
        const expected = rows.map((row) => rows.indexOf(row));
        expect([...firstEqualRow(X, n, d)]).toEqual(expected);
      }),
      fixed(200),
    );
  });

  it('takes 0 and −0 as equal, numbers that differ in one bit or one place as different', () => {
    const X = Float64Array.of(0, 1, -0, 1, 1, 0, 0, 1 + 2 ** -52, -0, 1, -0, -1);
    expect([...firstEqualRow(X, 6, 2)]).toEqual([0, 0, 2, 3, 0, 5]);
  });

  it('tells many rows of one column apart', () => {
    const X = Float64Array.from({ length: 5000 }, (_, i) => (i % 2500) * 2 ** (i % 7));
    const first = firstEqualRow(X, 5000, 1);
    const seen = new Map<number, number>();
    X.forEach((value, i) => {
      if (!seen.has(value)) seen.set(value, i);
      expect(first[i]).toBe(seen.get(value));
    });
  });

  it('has nothing to say of no rows', () => {
    expect(firstEqualRow(new Float64Array(0), 0, 3)).toHaveLength(0);
  });
});
