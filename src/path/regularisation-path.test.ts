import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS, SOLVER_GAP } from '../../test/tolerances.js';
import { solveProgram, type ProgramSolution } from '../solver/solve-program.js';
import { betaMax } from './beta-max.js';
import { betaGrid, regularisationPath } from './regularisation-path.js';

describe('betaGrid', () => {
  it('runs from the largest down to the ratio, evenly on a logarithmic scale', () => {
    const grid = betaGrid(50, 1e-3, 100);
    expect(grid.length).toBe(100);
    expect(grid[0]).toBe(50);
    expectClose([grid[99]!], [0.05], 4 * FEW_ROUNDINGS);
    const steps = Array.from({ length: 99 }, (_, i) => grid[i + 1]! / grid[i]!);
    expectClose(steps, new Float64Array(99).fill(1e-3 ** (1 / 99)), 10 * FEW_ROUNDINGS);
    expectClose(betaGrid(8, 1 / 4, 3), [8, 4, 2], 4 * FEW_ROUNDINGS);
  });

  it('of one value is the smallest, of none is empty', () => {
    expectClose(betaGrid(8, 0.25, 1), [2], FEW_ROUNDINGS);
    expect(betaGrid(8, 0.25, 0).length).toBe(0);
  });
});

describe('regularisationPath', () => {
  const program = randomProgram({ seed: 2, n: 15, d: 3, depth: 2, loss: 'squared', formulation: 'relu', betaRatio: 1, draws: 20 }); // prettier-ignore
  const betas = betaGrid(betaMax(program), 0.01, 8);

  it('solves every β with its own certificate, to the optimum of a cold solve', async () => {
    const seen: number[] = [];
    const active: number[] = [];
    for await (const { beta, program: atBeta, solution } of regularisationPath(program, betas, {
      tolerance: SOLVER_GAP,
    })) {
      expect(atBeta).toEqual({ ...program, beta });
      expect(solution.status).toBe('optimal');
      expect(solution.relativeGap).toBeLessThanOrEqual(SOLVER_GAP);
      const cold = await solveProgram(atBeta, { tolerance: SOLVER_GAP });
      expectClose([solution.objective], [cold.objective], 2 * SOLVER_GAP);
      expect(solution.dualBound).toBeLessThanOrEqual(cold.objective);
      expect(cold.dualBound).toBeLessThanOrEqual(solution.objective);
      seen.push(beta);
      active.push(solution.coefficients.size);
    }
    expect(seen).toEqual([...betas]);
    expect(active[0]).toBe(0);
    expect(active[7]!).toBeGreaterThan(active[1]!);
  });

  it('solves no further than it is asked', async () => {
    const path = regularisationPath(program, betas);
    const first = await path.next();
    expect(first.done).toBe(false);
    await path.return(undefined);
    expect((await path.next()).done).toBe(true);
  });

  it('goes on from its end to the same bits', async () => {
    const whole: ProgramSolution[] = [];
    for await (const { solution } of regularisationPath(program, betas)) whole.push(solution);
    for (const stop of [1, 2, 5]) {
      const end = { last: whole[stop - 1]!, earlier: whole[stop - 2] ?? null };
      let at = stop;
      for await (const { solution } of regularisationPath(program, betas.subarray(stop), { after: end })) {
        const { objective, dualBound, coefficients } = whole[at++]!;
        expect(solution).toMatchObject({ objective, dualBound });
        expect([...solution.coefficients]).toEqual([...coefficients]);
      }
      expect(at).toBe(8);
    }
  });

  it('takes betas in any order, and passes its options on', async () => {
    const iterations: number[] = [];
    const order = [betas[5]!, betas[1]!, betas[6]!];
    const options = { tolerance: SOLVER_GAP, onIteration: () => iterations.push(1) };
    let total = 0;
    for await (const { beta, solution } of regularisationPath(program, order, options)) {
      const cold = await solveProgram({ ...program, beta }, { tolerance: SOLVER_GAP });
      expectClose([solution.objective], [cold.objective], 2 * SOLVER_GAP);
      total += solution.history.length;
    }
    expect(iterations.length).toBe(total);
  });

  it('rejects with the reason of its pause', async () => {
    const reason = new Error('enough');
    const path = regularisationPath(program, betas.subarray(3), { pause: () => Promise.reject(reason) });
    await expect(path.next()).rejects.toBe(reason);
  });
});
