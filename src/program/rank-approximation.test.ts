import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, LOSSES, normalRows, normals, targetOf } from '../../test/fixtures/random-program.js';
import { LAW_ROUNDING, LOSS_GAP, SUMMATION } from '../../test/tolerances.js';
import { lossNamed } from '../loss/index.js';
import type { ProblemInput } from '../problem/problem-input.js';
import { solve } from '../problem/solve.js';
import { approximateRank, RankBound } from './rank-approximation.js';

/** Rows of rank 3 whose third direction is weak, so that leaving it out costs something but not everything. */
function problemOf(change: Partial<ProblemInput>, n: number, d: number): ProblemInput {
  const X = Array.from({ length: n }, (_, i) => {
    const row = Array.from(normals(d, 50 + i));
    row[d - 1]! *= 0.05;
    return row;
  });
  const y = Array.from(normals(n, 9), (value) => targetOf(change.loss ?? 'squared', value));
  return { X, y, beta: 0.5, patterns: 'all', tolerance: LOSS_GAP, ...change };
}

const cases = LOSSES.flatMap((loss) => [
  { loss, depth: 2, widths: [] as number[], n: 10, d: 3 },
  { loss, depth: 3, widths: [2], n: 4, d: 2 },
  { loss, depth: 2, widths: [3], n: 8, d: 2 },
]);

describe.each(cases)('rank approximation: $loss loss, depth $depth, widths $widths', (kind) => {
  it('has bounds on both sides of the optimum on the original rows, and keeps its promise', async () => {
    const { n, d, ...change } = kind;
    const problem = problemOf(change, n, d);
    const optimum = await solve(problem);
    expect(optimum.status).toBe('optimal');
    for (let rank = 1; rank < d; rank++) {
      const result = await solve({ ...problem, rank });
      const { approximation, objective, dualBound, networkObjective } = result;
      expect(result.certificate.search!.dimensions).toBe(rank * (kind.depth === 3 ? 2 : 1));
      expect(dualBound).toBeLessThanOrEqual(optimum.objective * (1 + LAW_ROUNDING));
      expect(objective).toBeGreaterThanOrEqual(optimum.dualBound * (1 - LAW_ROUNDING));
      expect(networkObjective).toBe(objective);
      expect(approximation!.rank).toBe(rank);
      expect(approximation!.singularValue).toBeGreaterThan(0);
      // The promise is for the exact optimum on the approximate rows; this one is within its gap.
      expect(objective).toBeLessThanOrEqual(approximation!.bound * optimum.objective * (1 + 2 * LOSS_GAP));
    }
    const exact = await solve({ ...problem, rank: d });
    expect(exact.approximation).toMatchObject({ bound: 1, singularValue: 0, rank: d });
    expect(exact.objective).toBeCloseTo(optimum.objective, 12);
    expect(exact.dualBound).toBeCloseTo(optimum.dualBound, 12);
  });
});

describe('RankBound', () => {
  const any = fc.record({
    loss: fc.constantFrom(...LOSSES),
    n: fc.integer({ min: 1, max: 50 }),
    q: fc.constantFrom(0, 1e-6, 0.1, 3),
    beta: fc.constantFrom(1e-3, 0.5, 10),
    P: fc.double({ min: 1e-6, max: 1e4, noNaN: true }),
  });

  it('shrink is the inverse of grow; both rise with the objective, and grow never falls below it', () => {
    fc.assert(
      fc.property(any, ({ loss, n, q, beta, P }) => {
        const bound = new RankBound(lossNamed(loss), n, q, beta);
        expect(Math.abs(bound.shrink(bound.grow(P)) - P)).toBeLessThanOrEqual(SUMMATION * P);
        expect(Math.abs(bound.grow(bound.shrink(P)) - P)).toBeLessThanOrEqual(SUMMATION * P);
        expect(bound.grow(P)).toBeGreaterThanOrEqual(P);
        expect(bound.grow(1.01 * P)).toBeGreaterThan(bound.grow(P));
        expect(bound.shrink(1.01 * P)).toBeGreaterThan(bound.shrink(P));
        expect(bound.grow(bound.grow(P))).toBeLessThanOrEqual(
          bound.factor(bound.grow(P)) * P * (1 + SUMMATION),
        );
        expect(bound.shrink(0)).toBe(0);
        if (q === 0) expect(bound.factor(P)).toBe(1);
      }),
      fixed(300),
    );
  });

  it('takes δ as the slope of the Huber loss', () => {
    const steep = new RankBound(lossNamed('huber', { huberDelta: 3 }), 4, 1, 1);
    expect(steep.grow(1)).toBeCloseTo(7, 14);
  });
});

describe('approximateRank', () => {
  it('is X less what its smallest singular values span, at the distance it says', () => {
    const rows = normalRows(9, 4, 3);
    for (let rank = 1; rank <= 4; rank++) {
      const { rows: near, singularValue, rank: found } = approximateRank(rows, rank);
      expect(found).toBe(rank);
      expect(approximateRank(near, 4).rank).toBe(rank);
      // No unit vector sees more of the difference than σ_{κ+1}.
      for (let seed = 0; seed < 50; seed++) {
        const w = normals(4, seed);
        const seen = Array.from({ length: 9 }, (_, i) =>
          w.reduce((sum, value, t) => sum + value * (rows.X[i * 4 + t]! - near.X[i * 4 + t]!), 0),
        );
        expect(Math.hypot(...seen)).toBeLessThanOrEqual(singularValue * Math.hypot(...w));
      }
    }
    expect(approximateRank(rows, 4).rows).toBe(rows);
  });
});
