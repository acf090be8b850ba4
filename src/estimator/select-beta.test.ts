import { describe, expect, it } from 'vitest';
import { normals, normalRows } from '../../test/fixtures/random-program.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { solveProgram } from '../solver/solve-program.js';
import { foldIds } from '../table/split.js';
import { linearProgram, type ProgramRecipe } from './program-recipe.js';
import { selectBetaRatios, type CvOptions, type CvResult } from './select-beta.js';

const n = 60;
const rows = normalRows(n, 2, 21);
const noise = normals(n, 22);
const plane = Float64Array.from({ length: n }, (_, i) => 1 + 2 * rows.X[2 * i]! - 3 * rows.X[2 * i + 1]!);
const options: CvOptions = {
  foldOf: foldIds(null, n, { folds: 4, seed: 0 }),
  folds: 4,
  count: 6,
  largestRatio: 0.5,
  smallestRatio: 1e-3,
  tolerance: 1e-6,
  executor: inlineExecutor,
};
const linear: ProgramRecipe = { kind: 'linear', loss: 'squared' };

async function selected(y: Float64Array, more: Partial<CvOptions> = {}): Promise<CvResult> {
  const [result] = await selectBetaRatios(rows, [y], linear, { ...options, ...more });
  return result!;
}

describe('linearProgram', () => {
  it('is a linear model: it recovers a plane, with the shrinkage of its penalty', async () => {
    const program = { ...linearProgram(rows, plane, 'squared'), beta: 1e-6 };
    const solution = await solveProgram(program, { tolerance: 1e-6, maxIterations: 40 });
    const network = reconstructNetwork(program, solution.coefficients);
    forward(network, program.rows).forEach((value, i) => {
      expect(value).toBeCloseTo(plane[i]!, 5);
    });
    expect(network.subNetworks).toHaveLength(1);
  });
});

describe('selectBetaRatios', () => {
  it('takes the smallest beta where the model is right, a larger one where there is only noise', async () => {
    const signal = await selected(plane);
    expect(signal.betaRatio).toBeCloseTo(1e-3, 12);
    const nothing = await selected(noise);
    expect(nothing.betaRatio).toBeGreaterThan(0.05);
  });

  it('reports every point with its standard error, the largest gap, and progress to the end', async () => {
    const seen: string[] = [];
    const result = await selected(plane, {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(result.points.map((point) => point.betaRatio)).toHaveLength(6);
    expect(result.points[0]?.betaRatio).toBeCloseTo(0.5, 12);
    expect(result.points.every((point) => point.standardError > 0)).toBe(true);
    expect(result.largestGap).toBeLessThanOrEqual(1e-6);
    expect(seen).toHaveLength(24);
    expect(seen.at(-1)).toBe('24/24');
  });

  it('stops by signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(selected(plane, { signal })).rejects.toThrow('enough');
  });
});
