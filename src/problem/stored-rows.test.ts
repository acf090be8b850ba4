import { describe, expect, it } from 'vitest';
import { normals } from '../../test/fixtures/random-program.js';
import { solve } from './solve.js';
import type { ProblemInput } from './problem-input.js';

/** Eighths, which float32 holds exactly. */
const values = normals(60 * 3, 4).map((value) => Math.round(8 * value) / 8);

describe('a matrix given as a Float32Array', () => {
  it.each([
    ['gated', { sample: 40, seed: 1 }],
    ['relu', { sample: 40, seed: 1 }],
    ['relu', 'all'],
  ] as const)('gives the same bits as the same numbers in float64: %s', async (formulation, patterns) => {
    const problem = (X: Float64Array | Float32Array): ProblemInput => ({
      X: { values: X, rows: 60, columns: 3 },
      y: normals(60, 5),
      beta: 2,
      bias: formulation === 'gated',
      formulation,
      patterns,
    });
    const wide = await solve(problem(values));
    const narrow = await solve(problem(Float32Array.from(values)));
    const { seconds, history } = wide;
    expect(wide.status).toBe('optimal');
    expect({ ...narrow, seconds, history }).toEqual(wide);
  });

  it('names an entry that is not finite', async () => {
    const X = Float32Array.from(values);
    X[4] = NaN;
    const task = solve({
      X: { values: X, rows: 60, columns: 3 },
      y: normals(60, 5),
      beta: 1,
      patterns: 'all',
    });
    await expect(task).rejects.toMatchObject({ where: 'X[1][1]' });
  });
});
