import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, normalRows, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { coverCount } from '../../test/oracles/brute-force.js';
import { cellCountBound, coverBound } from './cell-count.js';
import { countCells } from './cells.js';

describe('cellCountBound', () => {
  it.each([1, 2, 3, 4, 5, 6])("is Cover's count, and exact, in general position of rank %i", (r) => {
    for (const n of [1, r, r + 1, 14]) {
      const rows = normalRows(n, r, 100 * r + n);
      expect(cellCountBound(rows)).toBe(coverCount(n, r));
      expect(countCells(rows)).toBe(coverCount(n, r));
    }
  });

  it('is never below the count', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 25, maxD: 4 }), (rows) => {
        expect(countCells(rows)).toBeLessThanOrEqual(cellCountBound(rows));
      }),
      fixed(200),
    );
  });

  it('stays a number for large data: finite, or Infinity', () => {
    expect(coverBound(100_000, 30)).toBeGreaterThan(1e110);
    expect(coverBound(100_000, 30)).toBeLessThan(1e120);
    expect(coverBound(100_000, 500)).toBe(Infinity);
    expect(coverBound(3000, 3000)).toBe(Infinity);
    expect(coverBound(10, 10)).toBe(1024);
    expect(coverBound(0, 0)).toBe(1);
  });
});

describe('countCells', () => {
  it('is Infinity beyond the limit and exact up to it', () => {
    const rows = normalRows(30, 3, 4);
    const count = coverCount(30, 3);
    expect(countCells(rows, count)).toBe(count);
    expect(countCells(rows, count - 1)).toBe(Infinity);
    expect(countCells(rows, 0)).toBe(Infinity);
    // Stops long before the 1e17 cells are counted.
    expect(countCells(normalRows(300, 9, 1), 1e6)).toBe(Infinity);
  });

  it('counts one cell where there is no hyperplane, two where there is one', () => {
    expect(countCells({ X: new Float64Array(4), n: 2, d: 2 })).toBe(1);
    expect(countCells({ X: new Float64Array(0), n: 0, d: 2 })).toBe(1);
    expect(countCells({ X: Float64Array.of(0, 0, 1, 2, -3, -6), n: 3, d: 2 })).toBe(2);
  });

  it('counts the cells of an integer grid with a bias by the lines through its points', () => {
    // Rows are points of the projective plane and cells regions between their dual lines; k points on a line are k
    // lines through a vertex.
    for (const g of [2, 3, 4, 6]) {
      const X = Float64Array.from({ length: 3 * g * g }, (_, at) => {
        const i = Math.floor(at / 3);
        return [i % g, Math.floor(i / g), 1][at % 3]!;
      });
      expect(countCells({ X, n: g * g, d: 3 })).toBe(2 * projectiveRegions(g));
    }
  });
});

/** Regions into which the lines dual to the g×g grid cut the projective plane: 1 + Σ over vertices (lines through − 1). */
function projectiveRegions(g: number): number {
  const points = Array.from({ length: g * g }, (_, i): [number, number] => [i % g, Math.floor(i / g)]);
  const onLine = new Map<string, Set<number>>();
  points.forEach(([a, b], i) => {
    points.forEach(([c, e], j) => {
      if (i >= j) return;
      const [u, v] = [e - b, a - c];
      const divisor = greatestDivisor(Math.abs(u), Math.abs(v)) * (u < 0 || (u === 0 && v < 0) ? -1 : 1);
      const key = `${u / divisor},${v / divisor},${(u * a + v * b) / divisor}`;
      const line = onLine.get(key) ?? new Set();
      onLine.set(key, line.add(i).add(j));
    });
  });
  return [...onLine.values()].reduce((sum, line) => sum + line.size - 1, 1);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
