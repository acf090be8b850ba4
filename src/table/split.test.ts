import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIds, splitRows } from './split.js';

const labelArray = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 120 })
  .map((x) => Int32Array.from(x));
const seedOf = fc.integer({ min: 0, max: 0xffffffff });
const isAscending = (x: Int32Array): boolean => x.every((value, i) => i === 0 || x[i - 1]! < value);

describe('splitRows', () => {
  it('partitions the rows, ascending, with every class in training and shares to within one row', () => {
    fc.assert(
      fc.property(
        labelArray,
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        seedOf,
        (labels, testFraction, seed) => {
          const n = labels.length;
          const { train, test } = splitRows(labels, n, { testFraction, seed });
          expect(isAscending(train) && isAscending(test)).toBe(true);
          expect([...train, ...test].sort((a, b) => a - b)).toEqual([...labels.keys()]);
          for (const label of new Set(labels)) {
            const size = labels.filter((other) => other === label).length;
            const held = test.filter((row) => labels[row] === label).length;
            expect(held).toBeLessThan(size);
            expect(held).toBeGreaterThanOrEqual(Math.min(Math.floor(size * testFraction), size - 1));
            expect(held).toBeLessThanOrEqual(Math.ceil(size * testFraction));
          }
        },
      ),
    );
  });

  it('holds out the rounded share', () => {
    expect(splitRows(null, 398, { testFraction: 0.2, seed: 0 }).test).toHaveLength(80);
    expect(splitRows(null, 10, { testFraction: 0, seed: 0 }).test).toHaveLength(0);
    expect(splitRows(null, 1, { testFraction: 0.9, seed: 0 }).train).toHaveLength(1);
  });

  it('depends on the seed only', () => {
    const of = (seed: number) => [...splitRows(null, 100, { testFraction: 0.3, seed }).test];
    expect(of(7)).toEqual(of(7));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => of(seed).join())).size).toBe(20);
  });

  it('holds out every row about equally often over neighbouring seeds', () => {
    const counts = new Int32Array(20);
    for (let seed = 0; seed < 1000; seed++) {
      for (const row of splitRows(null, 20, { testFraction: 0.25, seed }).test) counts[row]!++;
    }
    // Binomial(1000, 1/4) has a standard deviation of 13.7; six of them bound the largest of twenty deviations.
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThan(82);
  });

  it.each([
    [{ testFraction: 1, seed: 0 }, /^testFraction: .* got 1$/],
    [{ testFraction: NaN, seed: 0 }, /^testFraction/],
    [{ testFraction: 0.1, seed: -1 }, /^seed: .* got -1$/],
    [{ testFraction: 0.1, seed: 1.5 }, /^seed/],
  ])('refuses %j', (options, pattern) => {
    expect(() => splitRows(null, 10, options)).toThrow(pattern);
  });

  it('refuses no rows and labels of another length', () => {
    expect(() => splitRows(null, 0, { testFraction: 0, seed: 0 })).toThrow(/^n: /);
    expect(() => splitRows(Int32Array.of(1), 2, { testFraction: 0, seed: 0 })).toThrow(/^labels: /);
  });
});

describe('foldIds', () => {
  it('balances folds within one row, overall and in every class', () => {
    fc.assert(
      fc.property(labelArray, fc.integer({ min: 2, max: 10 }), seedOf, (labels, folds, seed) => {
        const n = labels.length;
        fc.pre(folds <= n);
        const ids = foldIds(labels, n, { folds, seed });
        const spread = (rows: readonly number[]): number => {
          const sizes = Array.from(
            { length: folds },
            (_, fold) => rows.filter((row) => ids[row] === fold).length,
          );
          return Math.max(...sizes) - Math.min(...sizes);
        };
        const rows = [...labels.keys()];
        expect(spread(rows)).toBeLessThanOrEqual(1);
        for (const label of new Set(labels)) {
          expect(spread(rows.filter((row) => labels[row] === label))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is seeded', () => {
    expect(foldIds(null, 50, { folds: 5, seed: 3 })).toEqual(foldIds(null, 50, { folds: 5, seed: 3 }));
    expect(foldIds(null, 50, { folds: 5, seed: 3 })).not.toEqual(foldIds(null, 50, { folds: 5, seed: 4 }));
  });

  it.each([1, 6, 2.5])('refuses %d folds of 5 rows', (folds) => {
    expect(() => foldIds(null, 5, { folds, seed: 0 })).toThrow(
      /^folds: expected a whole number from 2 to .* 5/,
    );
  });
});
