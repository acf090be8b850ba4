import { describe, expect, it } from 'vitest';
import { FIVE_SIGMA } from '../test/tolerances.js';
import { normalGenerator } from './random.js';

function draws(count: number, seed: number): number[] {
  const normal = normalGenerator(seed);
  return Array.from({ length: count }, () => normal());
}

describe('normalGenerator', () => {
  it('gives the sequence that results recorded so far were made with', () => {
    expect(draws(4, 0)).toEqual([
      0.23980995521373447, 1.5789213499189856, 1.3176593189047676, -0.026268963582172386,
    ]);
    expect(draws(2, 42)).toEqual([-0.33238663471134233, 0.40062152062417156]);
  });

  it('repeats itself for one seed and differs between seeds', () => {
    expect(draws(50, 7)).toEqual(draws(50, 7));
    const first = new Set([0, 1, 2, 3, -1, 1e6].map((seed) => draws(1, seed)[0]));
    expect(first.size).toBe(6);
  });

  it('has the mean, variance and tails of the standard normal distribution', () => {
    const count = 20_000;
    const sample = draws(count, 5);
    const moment = (power: number): number => sample.reduce((sum, x) => sum + x ** power, 0) / count;
    // Standard deviations of the sample moments of N(0, 1): 1, √2, √15, √96 over √count.
    const unit = FIVE_SIGMA / Math.sqrt(count);
    expect(Math.abs(moment(1))).toBeLessThan(unit);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(Math.sqrt(2) * unit);
    expect(Math.abs(moment(3))).toBeLessThan(Math.sqrt(15) * unit);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(Math.sqrt(96) * unit);
  });
});
