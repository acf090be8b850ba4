import { describe, expect, it, vi } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { LOSSES, normals, targetOf } from '../../test/fixtures/random-program.js';
import { LAW_ROUNDING, SOLVER_GAP } from '../../test/tolerances.js';
import type { ProblemInput } from './problem-input.js';
import type { SolveResult } from './result.js';
import { betaMax, solve } from './solve.js';

function problemOf(n: number, d: number, change: Partial<ProblemInput> = {}): ProblemInput {
  const loss = change.loss ?? 'squared';
  return {
    X: Array.from({ length: n }, (_, i) => Array.from(normals(d, i + 1))),
    y: Array.from(normals(n, 1000), (value) => targetOf(loss, value)),
    beta: 0.3,
    patterns: 'all',
    tolerance: SOLVER_GAP,
    ...change,
  };
}

/** All of a result that two runs share: everything but the time. */
function timeless(result: SolveResult): unknown {
  const history = result.history.map((standing) => ({ ...standing, seconds: 0 }));
  return { ...result, seconds: 0, history };
}

describe('patterns "all"', () => {
  it('gives the same bits twice, also after another solve', async () => {
    const problem = problemOf(20, 3);
    const first = timeless(await solve(problem));
    await solve(problemOf(15, 3, { depth: 3, widths: [1] }));
    expect(timeless(await solve(problem))).toEqual(first);
    const adaptive = { ...problem, patterns: { adaptive: 5, seed: 3 } };
    expect(timeless(await solve(adaptive))).toEqual(timeless(await solve(adaptive)));
  });

  it.each(LOSSES)('has a valid bound whatever maxRegions: %s loss', async (loss) => {
    const problem = problemOf(14, 3, { loss, beta: 0.2 });
    const optimum = await solve(problem);
    expect(optimum.status).toBe('optimal');
    for (const maxRegions of [1, 10, 100, 1000]) {
      const onWarning = vi.fn();
      const result = await solve({ ...problem, maxRegions }, { onWarning });
      expect(result.certificate.scope).toBe('all-arrangements');
      expect(result.dualBound).toBeGreaterThanOrEqual(0);
      expect(result.dualBound).toBeLessThanOrEqual(optimum.objective * (1 + LAW_ROUNDING));
      expect(result.objective).toBeGreaterThanOrEqual(optimum.dualBound * (1 - LAW_ROUNDING));
      expect(result.relativeGap <= SOLVER_GAP).toBe(result.status === 'optimal');
      if (result.status === 'optimal') continue;
      expect(result.certificate.search!.complete).toBe(false);
      expect(onWarning).toHaveBeenCalledWith(expect.stringContaining('maxRegions'));
    }
    const one = await solve({ ...problem, maxRegions: 1 });
    expect(one.status).toBe('iteration-limit');
  });

  it('has a valid bound however short its time', async () => {
    const problem = problemOf(30, 4);
    const optimum = await solve({ ...problem, tolerance: 1e-6 });
    for (const timeLimit of [1e-9, 1e-3, 0.02]) {
      const result = await solve({ ...problem, timeLimit });
      expect(result.dualBound).toBeGreaterThan(0);
      expect(result.dualBound).toBeLessThanOrEqual(optimum.objective);
      if (result.status !== 'optimal') expect(result.status).toBe('time-limit');
      expect(result.certificate.scope).toBe('all-arrangements');
    }
  });

  it('stops a search at once when it is told to', async () => {
    for (const change of [{}, { depth: 4, widths: [2, 2] }] satisfies Partial<ProblemInput>[]) {
      const controller = new AbortController();
      const problem = problemOf(change.depth ? 8 : 200, change.depth ? 2 : 6, { beta: 1e-3, ...change });
      const running = solve(problem, { signal: controller.signal });
      setTimeout(() => {
        controller.abort('enough');
      }, 400);
      const started = performance.now();
      await expect(running).rejects.toBe('enough');
      expect(performance.now() - started).toBeLessThan(3000);
    }
  });

  it('ends at β = 0, without a claim', async () => {
    const result = await solve(problemOf(8, 2, { beta: 0, maxIterations: 30 }));
    expect(result.dualBound).toBeLessThanOrEqual(result.objective);
    expect(result.dualBound).toBeGreaterThanOrEqual(0);
  });

  it('ends at a tiny β', async () => {
    const result = await solve(problemOf(8, 2, { beta: 1e-12 }));
    expect(result.dualBound).toBeLessThanOrEqual(result.objective);
    expect(Number.isFinite(result.networkObjective)).toBe(true);
  });

  it.each([
    { name: 'X is zero', change: { X: [[0, 0], [0, 0]], y: [1, 2] }, zero: 2.5 }, // prettier-ignore
    { name: 'y is zero', change: { y: [0, 0, 0] }, zero: 0 },
    { name: 'β is above β_max', change: { beta: 1e6 }, zero: null },
  ])('is the zero network with a gap of 0 where $name', async ({ change, zero }) => {
    const result = await solve({ ...problemOf(3, 2), ...change });
    expect(result).toMatchObject({ status: 'optimal', subNetworks: 0 });
    expect(result.gap).toBeLessThanOrEqual(LAW_ROUNDING * result.objective);
    if (zero !== null) expect(result.objective).toBe(zero);
    const largest = await betaMax({ ...problemOf(3, 2), ...change });
    if (zero !== null) expect(largest.betaMax).toBeLessThanOrEqual(LAW_ROUNDING);
    expect(largest.exact).toBe(true);
  });

  it('solves one row, a constant target and one column by hand', async () => {
    // One row x: the network is α(x·w)₊ with φ = ‖f‖/‖x‖, so f = y − β/‖x‖ and the objective ½(β/‖x‖)² + β f/‖x‖.
    const one = await solve(problemOf(1, 2, { X: [[3, 4]], y: [2], beta: 1 }));
    expectClose([one.objective], [0.2 * (2 - 0.2) + 0.02], SOLVER_GAP);
    // A bias column alone: the same with ‖x‖ = √n · 1 as all rows are one.
    const constant = await solve(problemOf(4, 1, { X: [[1], [1], [1], [1]], y: [-2, -2, -2, -2], beta: 1 }));
    expectClose([constant.objective], [4 * 0.5 * 0.25 ** 2 + 1.75], SOLVER_GAP);
    expect(constant.certificate.patternsTotal).toBe(2);
  });

  it('takes repeated rows as weights and keeps its optimum in another basis', async () => {
    const problem = problemOf(8, 3);
    const X = problem.X as number[][];
    const y = problem.y as number[];
    const single = await solve(problem);
    const twice = await solve({ ...problem, X: [...X, ...X], y: [...y, ...y], beta: 2 * problem.beta });
    expectClose([twice.objective], [2 * single.objective], 3 * SOLVER_GAP);
    const [c, s] = [Math.cos(1), Math.sin(1)];
    const rotated = X.map(([a, b, e]) => [c * a! - s * e!, b!, s * a! + c * e!]);
    expectClose([(await solve({ ...problem, X: rotated })).objective], [single.objective], 3 * SOLVER_GAP);
    const scaled = await solve({ ...problem, X: X.map((row) => row.map((value) => 8 * value)), beta: 8 * problem.beta }); // prettier-ignore
    expectClose([scaled.objective], [single.objective], 3 * SOLVER_GAP);
    // A column that depends on the others is no further dimension, only a cheaper one.
    const wide = await solve({ ...problem, X: X.map((row) => [...row, row[0]!]) });
    expect(wide.certificate.search!.dimensions).toBe(3);
    expect(wide.dualBound).toBeLessThanOrEqual(single.objective);
  });

  it('starts warm from its own result, at the same and at another β', async () => {
    for (const loss of ['squared', 'softmax'] as const) {
      const problem = problemOf(12, 3, { loss });
      const first = await solve(problem);
      const again = await solve(problem, { warmStart: first.warmStart });
      expect(again.status).toBe('optimal');
      expectClose([again.objective], [first.objective], 2 * SOLVER_GAP);
      expect(again.iterations).toBeLessThanOrEqual(2);
      const smaller = { ...problem, beta: 0.15 };
      const cold = await solve(smaller);
      const warm = await solve(smaller, { warmStart: first.warmStart });
      expect(warm.status).toBe('optimal');
      expectClose([warm.objective], [cold.objective], 2 * SOLVER_GAP);
    }
  });
});
