import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMax } from '../../src/path/beta-max.js';
import { betaGrid, regularisationPath } from '../../src/path/regularisation-path.js';
import type { ConvexProgram, Formulation } from '../../src/program/convex-program.js';
import { solve } from '../../src/problem/solve.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import {
  DEPTHS,
  fixed,
  LOSSES,
  normals,
  programSpecArbitrary,
  randomProgram,
} from '../fixtures/random-program.js';
import { LAW_GAP, SOLVER_GAP } from '../tolerances.js';

const combinations = (['gated', 'relu'] satisfies Formulation[]).flatMap((formulation) =>
  DEPTHS.flatMap((depth) => LOSSES.map((loss) => ({ formulation, depth, loss }))),
);

/** Everything of a solution that two runs must share, bit for bit: all but the seconds. */
async function fingerprint(program: ConvexProgram): Promise<unknown> {
  const { history, seconds, ...rest } = await solveProgram(program, { tolerance: LAW_GAP });
  expect(seconds).toBeGreaterThanOrEqual(0);
  return { ...rest, history: history.map((standing) => ({ ...standing, seconds: 0 })) };
}

describe('warm starts', () => {
  it.each(combinations)('save Newton steps along a path: $formulation, depth $depth, $loss', async (kind) => {
    const program = randomProgram({ ...kind, seed: 11, n: 40, d: 4, draws: 60, betaRatio: 1 });
    const betas = betaGrid(betaMax(program), 0.01, 12);
    let warm = 0;
    let cold = 0;
    for await (const { solution, program: atBeta } of regularisationPath(program, betas, {
      tolerance: 1e-6,
    })) {
      expect(solution.status).toBe('optimal');
      warm += solution.newtonSteps;
      cold += (await solveProgram(atBeta, { tolerance: 1e-6 })).newtonSteps;
    }
    expect(warm).toBeLessThan(cold);
  });

  it('solve again at the same β in at most two iterations', async () => {
    await fc.assert(
      fc.asyncProperty(programSpecArbitrary.map(randomProgram), async (program) => {
        const first = await solveProgram(program, { tolerance: SOLVER_GAP });
        const again = await solveProgram(program, { tolerance: SOLVER_GAP, warmStart: first.warmStart });
        expect(again.status).toBe('optimal');
        expect(again.iterations).toBeLessThanOrEqual(2);
        expect(again.history[0]!.objective).toBeLessThanOrEqual(first.objective);
        expect(again.objective).toBeGreaterThanOrEqual(first.dualBound);
        expect(first.objective).toBeGreaterThanOrEqual(again.dualBound);
      }),
      fixed(100),
    );
  });
});

describe('determinism', () => {
  it.each(combinations)('two runs give the same bits: $formulation, depth $depth, $loss', async (kind) => {
    const program = randomProgram({ ...kind, seed: 3, n: 30, d: 4, draws: 40, betaRatio: 0.03 });
    expect(await fingerprint(program)).toEqual(await fingerprint(program));
  });

  it('holds through solve() with sampled patterns, and another seed gives another program', async () => {
    const X = Array.from({ length: 20 }, (_, i) => Array.from(normals(3, i)));
    const y = Array.from(normals(20, 99));
    const run = async (seed: number): Promise<unknown> => {
      const { network, objective, dualBound } = await solve({
        X,
        y,
        beta: 0.1,
        depth: 3,
        widths: [2],
        patterns: { sample: 30, seed },
      });
      return { network, objective, dualBound };
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});
