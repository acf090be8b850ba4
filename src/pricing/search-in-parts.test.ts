import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  hasThinCells,
  pricingCaseArbitrary,
  termSize,
  treeValue,
  unitVector,
} from '../../test/fixtures/pricing-case.js';
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { PROJECTION, SUMMATION, THIN_CELL } from '../../test/tolerances.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { openExecutor } from '../executor/open-executor.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { normalGenerator } from '../random.js';
import { LocalSearch } from './local-search.js';
import { mergedWeights } from './pricing-rows.js';
import { searchInParts, type Division, type SearchHooks } from './search-in-parts.js';
import { finish } from '../steps.js';
import { signedTrees } from './signed-tree.js';
import { SupportSearch, type SearchLimits, type SearchOutcome } from './support-search.js';

const here: SearchHooks = { executor: inlineExecutor, pause: () => Promise.resolve() };
const pools = [2, 3].map(openExecutor);
/** Pools that do not look at what work is worth. */
const eager = pools.map((pool): Executor => ({
  width: pool.width,
  run: (task, inputs, options) => pool.run(task, inputs, { ...options, roughMs: undefined }),
}));
/** Small parts, so that a quick search has many rounds of them. */
const MANY_ROUNDS: Division = { undivided: 200, parts: 8, partRegions: 50, partStarts: 4, manyOpen: 100 };
const unit = signedTrees([])[0]!;

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

/** A search that takes some ten thousand regions. */
function large(n: number, d: number, seed: number): { rows: Rows; tree: typeof unit; v: Float64Array } {
  return { rows: normalRows(n, d, seed), tree: unit, v: normals(n, seed + 1) };
}

/** The largest value that local search finds. */
function found({ rows, tree, v }: ReturnType<typeof large>): number {
  const local = new LocalSearch(rows, tree);
  const normal = normalGenerator(1);
  const values = Array.from({ length: 50 }, () => local.climb(v, unitVector(rows.d, normal)).value);
  return Math.max(...values);
}

function undivided(task: ReturnType<typeof large>, limits: SearchLimits): Promise<SearchOutcome> {
  return finish(new SupportSearch(task.rows, task.tree).search(task.v, limits), here.pause);
}

describe('searchInParts', () => {
  it('bounds every network, and finds the maximum, however it is divided', async () => {
    let divided = 0;
    let cut = 0;
    await fc.assert(
      fc.asyncProperty(
        pricingCaseArbitrary([[], [2]], { maxN: 8, maxDims: 5 }),
        fc.record<Division>({
          undivided: fc.constantFrom(1, 5),
          parts: fc.integer({ min: 1, max: 5 }),
          partRegions: fc.constantFrom(1, 3, 20),
          partStarts: fc.integer({ min: 1, max: 4 }),
          manyOpen: fc.constantFrom(0, 20, 1000),
        }),
        fc.constantFrom(0.5, 0.999, 1),
        fc.constantFrom(10, 100, 10_000),
        async (
          { rows: given, v: dual, pricing: { rows }, pricing, tree, seed },
          division,
          share,
          regions,
        ) => {
          const task = { rows, tree, v: mergedWeights(pricing, dual) };
          const normal = normalGenerator(seed + 1);
          const local = new LocalSearch(rows, tree);
          const values = Array.from({ length: 40 }, () => {
            const z = unitVector(rows.d * tree.leaves, normal);
            return Math.max(treeValue(rows, tree, task.v, z), local.climb(task.v, z).value);
          });
          const best = Math.max(0, ...values);
          const limits = { threshold: share * best, regions };
          const outcome = await searchInParts(task, limits, { ...here, division });
          const rounding = SUMMATION * termSize(given, dual);
          expect(outcome.upper).toBeGreaterThanOrEqual(best - rounding);
          expect(outcome.regions).toBeLessThanOrEqual(regions);
          const supports = outcome.violations.map(({ support }) => support);
          expect(supports).toEqual([...supports].sort((a, b) => a - b));
          for (const support of supports) expect(support).toBeGreaterThan(limits.threshold);
          if (outcome.regions > division.undivided) divided++;
          if (!outcome.complete) {
            cut++;
            return;
          }
          const whole = await undivided(task, limits);
          if (!whole.complete) return;
          // Each is the exact maximum where that is above the threshold, else at most the threshold.
          const above = Math.max(outcome.upper, whole.upper) > limits.threshold;
          const tolerance = hasThinCells(given) ? THIN_CELL : PROJECTION;
          if (above)
            expect(Math.abs(outcome.upper - whole.upper)).toBeLessThanOrEqual(
              tolerance * termSize(given, dual),
            );
        },
      ),
      fixed(80),
    );
    expect(divided).toBeGreaterThan(30);
    expect(cut).toBeGreaterThan(10);
  });

  it('is the same bits in any number of threads, where it is divided by itself', async () => {
    const task = large(60, 5, 3);
    const limits = { threshold: 0.97 * found(task), regions: 1e6 };
    const outcome = await searchInParts(task, limits, here);
    expect(outcome).toMatchObject({ complete: true });
    expect(outcome.regions).toBeGreaterThan(9000);
    for (const executor of eager)
      expect(await searchInParts(task, limits, { ...here, executor })).toEqual(outcome);
  });

  it.each([
    { name: 'to the end', share: 0.97, regions: 1e6, complete: true },
    { name: 'where the regions do not suffice', share: 1, regions: 3000, complete: false },
  ])('is so over many rounds: $name', async ({ share, regions, complete }) => {
    const task = large(60, 5, 3);
    const limits = { threshold: share * found(task), regions };
    const divided = { ...here, division: MANY_ROUNDS };
    const outcome = await searchInParts(task, limits, divided);
    expect(outcome.complete).toBe(complete);
    expect(outcome.upper).toBeGreaterThan(limits.threshold);
    for (const executor of eager)
      expect(await searchInParts(task, limits, { ...divided, executor })).toEqual(outcome);
  });

  it('takes no more regions for being divided, but for a few', async () => {
    const task = large(60, 5, 3);
    const limits = { threshold: found(task), regions: 1e6 };
    const divided = await searchInParts(task, limits, { ...here, division: MANY_ROUNDS });
    const whole = await undivided(task, limits);
    expect(divided.upper).toBe(whole.upper);
    expect(divided.regions).toBeLessThan(1.1 * whole.regions);
  });

  it('never divides a small search', async () => {
    const executor = { ...inlineExecutor, run: () => Promise.reject(new Error('divided')) };
    const task = large(30, 3, 5);
    const limits = { threshold: found(task), regions: 1e6 };
    const outcome = await searchInParts(task, limits, { ...here, executor });
    expect(outcome).toEqual(await undivided(task, limits));
  });

  it.each(['here', 'in workers'])('stops where its pause says so: %s', async (where) => {
    const task = large(60, 5, 3);
    const executor = where === 'here' ? inlineExecutor : eager[0]!;
    let count = 0;
    const reason = new RangeError('enough');
    const pause = (): Promise<void> => (++count > 10 ? Promise.reject(reason) : Promise.resolve());
    const limits = { threshold: 0.97 * found(task), regions: 1e6 };
    const hooks = { executor, pause, division: MANY_ROUNDS };
    await expect(searchInParts(task, limits, hooks)).rejects.toBe(reason);
  });
});
