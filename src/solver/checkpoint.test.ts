import { describe, expect, it } from 'vitest';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { SOLVER_GAP } from '../../test/tolerances.js';
import type { Checkpoint } from './checkpoint.js';
import { solveProgram } from './solve-program.js';

const spec = { seed: 8, n: 40, d: 4, depth: 2, betaRatio: 0.02, draws: 80 } as const;

describe('a resumed solve', () => {
  it.each([
    ['gated', 'squared'],
    ['gated', 'softmax'],
    ['gated', 'absolute'],
    ['relu', 'logistic'],
    ['relu', 'huber'],
  ] as const)(
    'ends where the uninterrupted one does, from any checkpoint: %s, %s',
    async (formulation, loss) => {
      const program = randomProgram({ ...spec, formulation, loss });
      const checkpoints: Checkpoint[] = [];
      const whole = await solveProgram(program, {
        tolerance: SOLVER_GAP,
        onCheckpoint: (checkpoint) => checkpoints.push(structuredClone(checkpoint)),
      });
      expect(whole.status).toBe('optimal');
      expect(checkpoints.length).toBe(whole.iterations);
      for (const resume of checkpoints) {
        const resumed = await solveProgram(program, { tolerance: SOLVER_GAP, resume });
        expect(resumed.status).toBe('optimal');
        expect(resumed.iterations).toBeLessThanOrEqual(whole.iterations + 1);
        expect(Math.abs(resumed.objective - whole.objective)).toBeLessThanOrEqual(
          2 * SOLVER_GAP * whole.objective,
        );
        // Without cones nothing but the checkpoint carries over, and the path is the same.
        if (formulation === 'gated') expect(resumed.newtonSteps).toBe(whole.newtonSteps);
      }
    },
  );

  it('is refused on another problem, whatever the checkpoint says', async () => {
    const program = randomProgram({ ...spec, formulation: 'gated', loss: 'squared' });
    let last: Checkpoint | undefined;
    await solveProgram(program, { maxIterations: 3, onCheckpoint: (checkpoint) => (last = checkpoint) });
    const resume = last!;
    const others = [
      { ...program, beta: 1.1 * program.beta },
      { ...program, y: program.y.map((value) => -value) },
      { ...program, patterns: program.patterns.slice(0, 2) },
      randomProgram({ ...spec, n: 41, formulation: 'gated', loss: 'squared' }),
    ];
    for (const other of others) {
      await expect(solveProgram(other, { resume })).rejects.toMatchObject({ where: 'resume' });
    }
    // A bound that was made up is not believed.
    const boasting = { ...resume, dual: resume.dual.map((value) => 3 * value) };
    const { objective, dualBound } = await solveProgram(program, { resume: boasting, maxIterations: 3 });
    expect(dualBound).toBeLessThanOrEqual(objective);
  });
});
