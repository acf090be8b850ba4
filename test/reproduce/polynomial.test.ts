import { describe, expect, it } from 'vitest';
import { deepPatternsBound, fittedExponent, patternsOf } from '../../reproduce/polynomial/exponent.js';
import { median } from '../../reproduce/statistics.js';
import { polynomial } from '../../reproduce/polynomial/experiment.js';
import { checks } from '../../reproduce/polynomial/claims.js';
import type { Measured, Trial } from '../../reproduce/polynomial/measure.js';
import { plans } from '../../reproduce/polynomial/plans.js';
import { quickRun } from './quick-run.js';

describe('polynomial', () => {
  it('searches far fewer regions than patterns exist, at a rank where patterns grow fast', async () => {
    const { outcome } = await quickRun(polynomial);
    const { measured } = outcome.numbers as unknown as { readonly measured: readonly Measured[] };
    const rank4 = measured.filter(({ sweep }) => sweep === 'rank 4');
    expect(rank4.map(({ n }) => n)).toEqual([12, 24, 48]);
    const growth = (of: (trial: Measured['trials'][number]) => number): number =>
      fittedExponent(rank4.map(({ n, trials }) => ({ x: n, y: of(trials[0]!) })));
    expect(growth(({ patternsTotal }) => patternsTotal)).toBeGreaterThan(2.8);
    expect(growth(({ regions, verifications }) => regions / verifications)).toBeLessThan(2);
    const largest = rank4.at(-1)!.trials[0]!;
    expect(largest.regions / largest.verifications).toBeLessThan(largest.patternsTotal / 5);
    expect(largest.patternsHeld).toBeLessThan(largest.patternsTotal / 100);
    // The columns add nothing: the same problem, the same optimum, at every d.
    const columns = measured.filter(({ sweep }) => sweep.includes('n = 40'));
    expect(columns.map(({ d }) => d)).toEqual([3, 20, 100]);
    for (const { trials } of columns) expect(trials[0]!.patternsTotal).toBe(patternsOf(40, 3));
    // The claims notice counts that are wrong.
    const failures = (change: (trial: Trial) => Partial<Trial>): number =>
      checks(
        plans.quick.sweeps,
        measured.map((size) => ({
          ...size,
          trials: size.trials.map((trial) => ({ ...trial, ...change(trial) })),
        })),
      ).filter(({ holds }) => !holds).length;
    expect(failures(() => ({}))).toBe(0);
    expect(failures(({ patternsTotal }) => ({ patternsTotal: patternsTotal + 1 }))).toBe(2);
    expect(failures(({ regions }) => ({ regions: 2 * regions }))).toBe(1);
    expect(failures(({ patternsTotal }) => ({ patternsHeld: 2 * patternsTotal }))).toBe(1);
  }, 120_000);

  it('fits exponents and counts patterns', () => {
    expect(fittedExponent([1, 3, 10].map((x) => ({ x, y: 5 * x ** 2.5 })))).toBeCloseTo(2.5, 12);
    expect(fittedExponent([3, 10, 30].map((x) => ({ x, y: 9902 })))).toBe(0);
    // Two rows in the plane make four cones, three make six; in space three planes make eight.
    expect([patternsOf(2, 2), patternsOf(3, 2), patternsOf(3, 3), patternsOf(2, 4)]).toEqual([4, 6, 8, 4]);
    // One neuron below a second layer adds nothing to its own patterns.
    expect(deepPatternsBound(9, 3, 1)).toBe(patternsOf(9, 3));
    expect(median([3, 1, 2])).toBe(2);
  });
});
