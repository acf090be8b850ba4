import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { calibrationOf } from './calibration.js';
import type { ClassificationPoint } from './report-input.js';

function binary(p: number, isYes: boolean): ClassificationPoint {
  return { actual: isYes ? 'yes' : 'no', predicted: p > 0.5 ? 'yes' : 'no', probability: [1 - p, p] };
}

function of(rows: readonly ClassificationPoint[], classes: readonly string[] = ['no', 'yes']) {
  return calibrationOf({ kind: 'classification', rowsFrom: 'test', classes, rows });
}

describe('calibration', () => {
  it('counts by hand', () => {
    // One bin: 0.7 predicted of four rows, three come true; one more bin with a single right "no".
    const rows = [
      binary(0.7, true),
      binary(0.7, true),
      binary(0.7, true),
      binary(0.7, false),
      binary(0.1, false),
    ];
    const found = of(rows);
    expect(found?.bins.map(({ count }) => count)).toEqual([1, 4]);
    expect(found?.bins[1]).toMatchObject({ from: 0.7, observed: 0.75 });
    expect(found?.bins[1]?.predicted).toBeCloseTo(0.7, 12);
    // 4/5 · |0.75 − 0.7| + 1/5 · |0 − 0.1|
    expect(found?.error).toBeCloseTo(0.06, 12);
    expect(found?.brier).toBeCloseTo((3 * 0.09 + 0.49 + 0.01) / 5, 12);
    // Wilson's interval of 3 in 4, from tables.
    expect(found?.bins[1]?.low).toBeCloseTo(0.3006, 4);
    expect(found?.bins[1]?.high).toBeCloseTo(0.9544, 4);
  });

  it('takes the predicted class with three classes', () => {
    const rows = [
      { actual: 'a', predicted: 'a', probability: [0.6, 0.3, 0.1] },
      { actual: 'b', predicted: 'a', probability: [0.6, 0.3, 0.1] },
    ];
    const found = of(rows, ['a', 'b', 'c']);
    expect(found).toMatchObject({ event: 'predicted class', rows: 2 });
    expect(found?.bins).toHaveLength(1);
    expect(found?.bins[0]?.observed).toBe(0.5);
    expect(found?.brier).toBeCloseTo((0.16 + 0.09 + 0.01 + 0.36 + 0.49 + 0.01) / 2, 12);
  });

  it('has no calibration of no rows, or of rows without probabilities', () => {
    expect(of([])).toBeNull();
    expect(of([{ actual: 'no', predicted: 'no', probability: [NaN, NaN] }])).toBeNull();
  });

  it('keeps every row in one bin, and the interval around the share', () => {
    const row = fc.record({ p: fc.double({ min: 0, max: 1, noNaN: true }), isYes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const found = of(rows.map(({ p, isYes }) => binary(p, isYes)))!;
        expect(found.bins.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
        for (const { from, to, predicted, observed, low, high } of found.bins) {
          expect(predicted).toBeGreaterThanOrEqual(from - 1e-12);
          expect(predicted).toBeLessThanOrEqual(to + 1e-12);
          expect(low).toBeLessThanOrEqual(observed + 1e-12);
          expect(high).toBeGreaterThanOrEqual(observed - 1e-12);
        }
        expect(found.error).toBeGreaterThanOrEqual(0);
        expect(found.error).toBeLessThanOrEqual(1);
      }),
    );
  });
});
