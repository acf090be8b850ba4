import { describe, expect, it, vi } from 'vitest';
import { normals } from '../../test/fixtures/random-program.js';
import type { Iteration } from '../solver/solve-program.js';
import type { ProblemInput } from './problem-input.js';
import { betaMax, solve } from './solve.js';

const n = 60;
const problem: ProblemInput = {
  X: Array.from({ length: n }, (_, i) => Array.from(normals(5, i))),
  y: Array.from(normals(n, 1000)),
  beta: 0.05,
  patterns: { sample: 200, seed: 0 },
  tolerance: 1e-9,
};

describe('AbortSignal', () => {
  it('aborted beforehand: rejects with its reason', async () => {
    const reason = new Error('not today');
    await expect(solve(problem, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('aborted during the solve: rejects with its reason at once', async () => {
    for (const at of [0, 1, 3]) {
      const controller = new AbortController();
      const reason = { stop: at };
      const seen: number[] = [];
      const onProgress = ({ iteration }: Iteration): void => {
        seen.push(iteration);
        if (iteration === at) controller.abort(reason);
      };
      await expect(solve(problem, { signal: controller.signal, onProgress })).rejects.toBe(reason);
      expect(seen.at(-1)).toBe(at);
    }
  });

  it('aborted by a timer: the event loop runs while the solve does', async () => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort('timer');
    }, 5);
    const large = { ...problem, patterns: { sample: 2000, seed: 0 }, beta: 1e-4, tolerance: 1e-12 };
    await expect(solve(large, { signal: controller.signal })).rejects.toBe('timer');
  });

  it('never aborted: changes nothing', async () => {
    const { signal } = new AbortController();
    const { objective, iterations } = await solve(problem, { signal });
    expect(await solve(problem)).toMatchObject({ objective, iterations });
  });
});

describe('onProgress', () => {
  it('is called once for every iteration, with the history of the result', async () => {
    const seen: Iteration[] = [];
    const result = await solve(problem, { onProgress: (iteration) => seen.push(iteration) });
    expect(seen).toEqual(result.history);
    expect(seen.length).toBe(result.iterations + 1);
    expect(seen.map(({ iteration }) => iteration)).toEqual(seen.map((_, at) => at));
    expect(seen.at(-1)!.objective).toBe(result.objective);
    expect(result.seconds).toBeGreaterThanOrEqual(seen.at(-1)!.seconds);
  });

  it('may throw: the solve rejects with that error', async () => {
    const error = new Error('mine');
    const onProgress = (): void => {
      throw error;
    };
    await expect(solve(problem, { onProgress })).rejects.toBe(error);
  });
});

describe('limits', () => {
  it.each([
    { limit: { timeLimit: 1e-9 }, status: 'time-limit' },
    { limit: { timeLimit: 0.004 }, status: 'time-limit' },
    { limit: { maxIterations: 1 }, status: 'iteration-limit' },
    { limit: { maxIterations: 3 }, status: 'iteration-limit' },
  ])('$limit: says so, warns, and the bounds still hold', async ({ limit, status }) => {
    const optimum = await solve(problem);
    expect(optimum.status).toBe('optimal');
    const onWarning = vi.fn();
    const result = await solve({ ...problem, ...limit }, { onWarning });
    expect(result.status).toBe(status);
    expect(result.dualBound).toBeLessThanOrEqual(optimum.objective);
    expect(result.objective).toBeGreaterThanOrEqual(optimum.dualBound);
    expect(result.dualBound).toBeGreaterThan(0);
    expect(result.relativeGap).toBeGreaterThan(1e-9);
    expect(result.gap).toBe(result.objective - result.dualBound);
    expect(onWarning).toHaveBeenCalledTimes(1);
    expect(onWarning.mock.calls[0]![0]).toMatch(new RegExp(`${status}.*raise timeLimit or maxIterations`));
  });

  it('the warm start of a limited run continues it', async () => {
    const part = await solve({ ...problem, maxIterations: 3 });
    const rest = await solve(problem, { warmStart: part.warmStart });
    expect(rest.status).toBe('optimal');
    expect(rest.history[0]!.objective).toBeLessThanOrEqual(part.objective * (1 + 1e-12));
    expect(rest.objective).toBeLessThan(part.objective);
  });
});

describe('hard subproblems', () => {
  // Regression: σ went on growing, and centres moved, after subproblems that had not converged: the gap stayed at 0.7.
  it('are left where Newton’s method does not get through', async () => {
    const F = normals(450, 150);
    const X = Array.from({ length: 150 }, (_, i) => [F[3 * i]!, F[3 * i + 1]!]);
    const y = Array.from({ length: 150 }, (_, i) => F[3 * i + 2]!);
    const hard: ProblemInput = {
      X,
      y,
      bias: true,
      patterns: { sample: 800, seed: 0 },
      beta: 1,
      tolerance: 1e-9,
    };
    const { betaMax: largest } = await betaMax(hard);
    const result = await solve({ ...hard, beta: 0.002 * largest });
    expect(result.status).toBe('optimal');
    expect(result.relativeGap).toBeLessThanOrEqual(1e-9);
  });
});
