import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  awkwardRows,
  hasThinCells,
  pricingCaseArbitrary,
  termSize,
  treeValue,
  unitVector,
  type PricingCase,
} from '../../test/fixtures/pricing-case.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { largestSupport } from '../../test/oracles/largest-support.js';
import { PROJECTION, SUMMATION, THIN_CELL } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { LocalSearch } from './local-search.js';
import { mergedWeights, pricingRows } from './pricing-rows.js';
import { signedTrees } from './signed-tree.js';
import { SupportSearch, type SearchOutcome } from './support-search.js';

const WIDTHS = [[], [1], [2], [3], [2, 2]];

function run({ pricing, tree, v }: PricingCase, threshold: number, regions: number): SearchOutcome {
  const search = new SupportSearch(pricing.rows, tree);
  const steps = search.search(mergedWeights(pricing, v), { threshold, regions });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Largest value found at random weights and by local search, in coordinates of the row space. */
function best({ pricing, tree, v, seed }: PricingCase, samples: number): number {
  const weights = mergedWeights(pricing, v);
  const normal = normalGenerator(seed + 1);
  const local = new LocalSearch(pricing.rows, tree);
  const size = pricing.rows.d * tree.leaves;
  let most = 0;
  for (let k = 0; k < samples; k++) {
    const z = unitVector(size, normal);
    most = Math.max(most, treeValue(pricing.rows, tree, weights, z));
    if (k % 10 === 0) {
      const top = local.climb(weights, z);
      expect(Math.hypot(...top.z)).toBeCloseTo(1, 12);
      most = Math.max(most, treeValue(pricing.rows, tree, weights, top.z));
    }
  }
  return most;
}

describe('SupportSearch', () => {
  it('bounds every network, whatever the threshold and the budget', () => {
    let cut = 0;
    fc.assert(
      fc.property(
        pricingCaseArbitrary(WIDTHS, { maxN: 9, maxDims: 6 }),
        fc.constantFrom(0.5, 0.9, 0.999, 1, 1.2),
        fc.constantFrom(1, 10, 100, 1000),
        (problem, share, regions) => {
          const value = best(problem, 100);
          const rounding = SUMMATION * termSize(problem.rows, problem.v);
          const outcome = run(problem, share * value, regions);
          expect(outcome.upper).toBeGreaterThanOrEqual(value - rounding);
          if (!outcome.complete) cut++;
          for (const { support } of outcome.violations) expect(support).toBeGreaterThan(share * value);
        },
      ),
      fixed(150),
    );
    expect(cut).toBeGreaterThan(10);
  });

  it('bounds the best of 10⁴ networks on one problem of every shape', () => {
    for (const widths of WIDTHS) {
      for (const tree of signedTrees(widths)) {
        const rows = awkwardRows('general', 6, tree.leaves > 2 ? 1 : 2, 5);
        const v = normals(6, 6);
        const problem = { rows, v, pricing: pricingRows(rows), widths, tree, seed: 7 };
        const value = best(problem, 1e4);
        const { upper, complete } = run(problem, value, 1e5);
        expect(complete).toBe(true);
        expect(upper).toBeGreaterThanOrEqual(value * (1 - SUMMATION));
      }
    }
  });

  it.each([
    { widths: [], maxN: 9, maxDims: 3, runs: 60 },
    { widths: [1], maxN: 6, maxDims: 2, runs: 20 },
    { widths: [2], maxN: 4, maxDims: 4, runs: 25 },
  ])('is the maximum over all patterns: widths $widths', ({ widths, runs, ...limit }) => {
    let exact = 0;
    fc.assert(
      fc.property(pricingCaseArbitrary([widths], limit), fc.constantFrom(0.2, 0.99, 1), (problem, share) => {
        const value = largestSupport(problem.rows, problem.v, problem.tree);
        const size = termSize(problem.rows, problem.v);
        const tolerance = hasThinCells(problem.rows) ? THIN_CELL : PROJECTION;
        fc.pre(value > tolerance * size);
        const outcome = run(problem, share * value, 200_000);
        expect(outcome.complete).toBe(true);
        expect(outcome.upper).toBeGreaterThanOrEqual(value - PROJECTION * size);
        expect(outcome.upper).toBeLessThanOrEqual(value + tolerance * size);
        if (share < 1) {
          const { z } = outcome.violations.at(-1)!;
          const merged = mergedWeights(problem.pricing, problem.v);
          const reached = treeValue(problem.pricing.rows, problem.tree, merged, z);
          expect(Math.abs(reached - value)).toBeLessThanOrEqual(tolerance * size);
          exact++;
        }
      }),
      fixed(runs),
    );
    expect(exact).toBeGreaterThan(5);
  });

  // Regression: the maximum on a ray where eight rows of a grid vanish was split without end, a million regions deep.
  it('gets through where many rows vanish at the maximum', () => {
    const [d, n] = [4, 81];
    const X = Float64Array.from({ length: n * d }, (_, at) => (Math.floor(at / d / 3 ** (at % d)) % 3) - 1);
    const rows = { X, n, d };
    const problem = { rows, v: normals(n, 5), pricing: pricingRows(rows), widths: [], tree: signedTrees([])[0]!, seed: 1 }; // prettier-ignore
    const outcome = run(problem, 7.7717, 20_000);
    expect(outcome.complete).toBe(true);
    expect(outcome.violations.at(-1)!.support).toBeLessThanOrEqual(outcome.upper);
    const merged = mergedWeights(problem.pricing, problem.v);
    const { z } = outcome.violations.at(-1)!;
    const reached = treeValue(problem.pricing.rows, problem.tree, merged, z);
    expect(outcome.upper - reached).toBeLessThanOrEqual(PROJECTION * reached);
    expect(outcome.upper).toBeGreaterThanOrEqual(reached);
  });

  it('spends no more than its budget, but for the region it is at, and pauses', () => {
    const rows = awkwardRows('general', 40, 5, 3);
    const merged = normals(40, 4);
    for (const regions of [1, 50, 2000]) {
      const steps = new SupportSearch(rows, signedTrees([])[0]!).search(merged, { threshold: 1e-3, regions });
      let pauses = 0;
      let step = steps.next();
      for (; !step.done; step = steps.next()) pauses++;
      expect(step.value.complete).toBe(false);
      expect(step.value.regions).toBeLessThanOrEqual(regions + 1);
      expect(pauses).toBeGreaterThanOrEqual(Math.floor(regions / 600));
    }
  });
});
