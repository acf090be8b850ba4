import { describe, expect, it } from 'vitest';
import { normalRows } from '../fixtures/random-program.js';
import { allCells, coverCount } from './brute-force.js';

describe('allCells', () => {
  it.each([
    { n: 1, d: 1 },
    { n: 6, d: 1 },
    { n: 1, d: 3 },
    { n: 3, d: 3 },
    { n: 8, d: 2 },
    { n: 8, d: 3 },
  ])("counts Cover's number of cells in general position: n = $n, d = $d", async ({ n, d }) => {
    expect((await allCells(normalRows(n, d, n + 10 * d))).size).toBe(coverCount(n, d));
  });

  it('sees repeated, opposite and zero rows as no further hyperplanes', async () => {
    const { X } = normalRows(3, 2, 5);
    const rows = [...X, ...X.subarray(0, 2), ...X.subarray(2, 4).map((value) => -2 * value), 0, 0];
    const cells = await allCells({ X: Float64Array.from(rows), n: 6, d: 2 });
    expect(cells.size).toBe(coverCount(3, 2));
    for (const cell of cells) {
      expect(cell[3]).toBe(cell[0]);
      expect(cell[4]).not.toBe(cell[1]);
      expect(cell[5]).toBe('1');
    }
  });

  it('counts by rank, not by the number of columns', async () => {
    const { X } = normalRows(6, 2, 9);
    const wide = Float64Array.from({ length: 18 }, (_, at) => {
      const i = Math.floor(at / 3);
      return at % 3 < 2 ? X[2 * i + (at % 3)]! : X[2 * i]! + X[2 * i + 1]!;
    });
    expect((await allCells({ X: wide, n: 6, d: 3 })).size).toBe(coverCount(6, 2));
  });
});

describe('coverCount', () => {
  it('is 2ⁿ as long as the rows are independent', () => {
    expect([1, 2, 3, 8].map((n) => coverCount(n, 8))).toEqual([2, 4, 8, 256]);
    expect(coverCount(4, 2)).toBe(8);
    expect(coverCount(5, 3)).toBe(22);
  });
});
