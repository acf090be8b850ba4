import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { normals, normalRows } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { forward } from '../network/network.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { solveProgram } from '../solver/solve-program.js';
import { foldIds } from '../table/split.js';
import { chooseModel } from './choose-model.js';
import { entriesAt, foldRows, rowsAt, type FoldData, type LearningRows } from './fold-data.js';
import { linearProgram, type ProgramRecipe } from './program-recipe.js';
import { crossValidateRecipes, type CvCurve, type CvOptions } from './select-beta.js';

const n = 60;
const rows = normalRows(n, 2, 21);
const noise = normals(n, 22);
const plane = Float64Array.from({ length: n }, (_, i) => 1 + 2 * rows.X[2 * i]! - 3 * rows.X[2 * i + 1]!);
const options: CvOptions = {
  count: 6,
  largestRatio: 0.5,
  smallestRatio: 1e-3,
  tolerance: 1e-6,
  executor: inlineExecutor,
};
const linear: ProgramRecipe = { kind: 'linear', loss: 'squared', outputs: 1 };

function foldsOf(y: Float64Array, weights: Float64Array | null = null): FoldData[] {
  const part = (at: Int32Array): LearningRows => ({
    rows: rowsAt(rows, at),
    targets: [entriesAt(y, at)],
    weights: weights && entriesAt(weights, at),
  });
  return foldRows(foldIds(null, n, { folds: 4, seed: 0 }), 4).map(({ inside, outside }) => ({
    inside: part(inside),
    outside: part(outside),
    unit: 1,
  }));
}

async function selected(y: Float64Array, more: Partial<CvOptions> = {}): Promise<CvCurve> {
  const [result] = await crossValidateRecipes(foldsOf(y), [linear], { ...options, ...more });
  return result!;
}

describe('linearProgram', () => {
  it('is a linear model: it recovers a plane, with the shrinkage of its penalty', async () => {
    const program = { ...linearProgram({ rows, y: plane, weights: null }, linear), beta: 1e-6 };
    const solution = await solveProgram(program, { tolerance: 1e-6, maxIterations: 40 });
    const network = reconstructNetwork(program, solution.coefficients);
    forward(network, program.rows).forEach((value, i) => {
      expect(value).toBeCloseTo(plane[i]!, 5);
    });
    expect(network.subNetworks).toHaveLength(1);
  });
});

describe('crossValidateRecipes', () => {
  it('takes the smallest beta where the model is right, a larger one where there is only noise', async () => {
    const signal = await selected(plane);
    expect(signal.best.betaRatio).toBeCloseTo(1e-3, 12);
    const nothing = await selected(noise);
    expect(nothing.best.betaRatio).toBeGreaterThan(0.05);
  });

  it('reports every point with its standard error, the largest gap, and progress to the end', async () => {
    const seen: string[] = [];
    const result = await selected(plane, {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(result.points.map((point) => point.betaRatio)).toHaveLength(6);
    expect(result.points[0]?.betaRatio).toBeCloseTo(0.5, 12);
    expect(result.points.every((point) => point.standardError > 0)).toBe(true);
    for (const { gaps, largestGap, missed } of result.points) {
      expect(gaps).toHaveLength(4);
      expect(largestGap).toBe(Math.max(...gaps));
      expect(largestGap).toBeLessThanOrEqual(1e-6);
      expect(missed).toEqual([]);
    }
    expect(seen).toHaveLength(24);
    expect(seen.at(-1)).toBe('24/24');
  });

  it('stops by signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(selected(plane, { signal })).rejects.toThrow('enough');
  });

  it('names the folds that missed the tolerance', async () => {
    const [result] = await crossValidateRecipes(foldsOf(plane), [linear], { ...options, tolerance: 0 });
    for (const { gaps, missed } of result!.points) {
      expect(missed).toEqual(gaps.flatMap((gap, fold) => (gap > 0 ? [fold + 1] : [])));
    }
    expect(result!.points.some(({ missed }) => missed.length > 0)).toBe(true);
  });

  it('has the mean and the standard error of the held-out losses of the folds, computed by hand', async () => {
    const noisy = plane.map((value, i) => value + noise[i]!);
    const [all] = await crossValidateRecipes(foldsOf(noisy), [linear], options);
    const single = await Promise.all(
      foldsOf(noisy).map(async (fold) => (await crossValidateRecipes([fold], [linear], options))[0]!),
    );
    all!.points.forEach(({ mean, standardError }, k) => {
      const losses = single.map(({ points }) => points[k]!.mean);
      const average = losses.reduce((sum, loss) => sum + loss, 0) / 4;
      const variance = losses.reduce((sum, loss) => sum + (loss - average) ** 2, 0) / 3;
      expectClose([mean, standardError], [average, Math.sqrt(variance / 4)], 10 * FEW_ROUNDINGS);
    });
  });

  it('weighs held-out rows: whole weights are repeated rows in every fold', async () => {
    const weights = Float64Array.from({ length: n }, (_, i) => 1 + (i % 3));
    const noisy = plane.map((value, i) => value + noise[i]!);
    const [weighted] = await crossValidateRecipes(foldsOf(noisy, weights), [linear], options);
    const repeat = ({ rows: own, targets, weights: w }: LearningRows): LearningRows => {
      const at = Int32Array.from(w!.keys()).reduce<number[]>(
        (list, i) => [...list, ...new Array<number>(w![i]!).fill(i)],
        [],
      );
      const copies = Int32Array.from(at);
      return { rows: rowsAt(own, copies), targets: [entriesAt(targets[0]!, copies)], weights: null };
    };
    const folds = foldsOf(noisy, weights).map(({ inside, outside }) => ({
      inside: repeat(inside),
      outside: repeat(outside),
      unit: 1,
    }));
    const [repeated] = await crossValidateRecipes(folds, [linear], options);
    const means = (curve: CvCurve): number[] => curve.points.map(({ mean }) => mean);
    // Two solves to a gap of 1e-6: their solutions differ by its root.
    expectClose(means(weighted!), means(repeated!), 1e-3);
  });
});

describe('chooseModel', () => {
  const noisy = plane.map((value, i) => value + 3 * noise[i]!);
  // Another penalty's worth of complexity: the same program twice, as two candidates.
  const recipes = [linear, linear];

  it('takes the smallest loss, and the simpler of equal recipes', async () => {
    const choice = await chooseModel(foldsOf(noisy), recipes, { ...options, rule: 'best' });
    expect(choice.recipe).toBe(0);
    const least = Math.min(...choice.curve.map(({ mean }) => mean));
    expect(choice.curve.find(({ betaRatio }) => betaRatio === choice.betaRatio)?.mean).toBe(least);
  });

  it('one standard error: the largest β whose loss is within it, never a smaller one than the best', async () => {
    const best = await chooseModel(foldsOf(noisy), recipes, { ...options, rule: 'best' });
    const simple = await chooseModel(foldsOf(noisy), recipes, { ...options, rule: 'one-standard-error' });
    const top = best.curve.find(({ betaRatio }) => betaRatio === best.betaRatio)!;
    const within = best.curve.filter(({ mean }) => mean <= top.mean + top.standardError);
    expect(simple.betaRatio).toBe(Math.max(...within.map(({ betaRatio }) => betaRatio)));
    expect(simple.betaRatio).toBeGreaterThan(best.betaRatio);
    expect(simple.best).toEqual({ recipe: 0, betaRatio: best.betaRatio });
  });
});
