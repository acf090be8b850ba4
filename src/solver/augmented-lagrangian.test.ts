import { describe, expect, it } from 'vitest';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { javascriptKernel } from '../kernel/javascript/javascript-kernel.js';
import {
  groupCount,
  predictorLength,
  predictorOf,
  primalObjective,
  type ConvexProgram,
} from '../program/convex-program.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';
import { AugmentedLagrangian } from './augmented-lagrangian.js';
import { dualTerm } from './dual-term.js';

const noPause = (): Promise<void> => Promise.resolve();
const exact = { accuracy: 1e-8, floor: 0, maxNewton: 100 } as const;

function started(program: ConvexProgram, sigma: number): AugmentedLagrangian {
  const cones = program.formulation === 'relu' ? new ConePool(rowGeometry(program.rows)) : null;
  const u = new Float64Array(predictorLength(program));
  const term = dualTerm(program.loss, program.y, { u, tau: 1 });
  const inner = new AugmentedLagrangian(program, {
    workspace: javascriptKernel.workspace(program.rows),
    cones,
    term,
    sigma,
  });
  for (let g = 0; g < groupCount(program); g++) inner.add(g);
  return inner;
}

const objectiveOf = (program: ConvexProgram, inner: AugmentedLagrangian): number => {
  const coefficients = inner.coefficients();
  return primalObjective(program, coefficients, predictorOf(program, coefficients));
};

describe.each(['relu', 'gated'] as const)('AugmentedLagrangian, %s', (formulation) => {
  it.each(['squared', 'logistic', 'softmax'] as const)(
    'is a proximal point method: the %s objective never rises',
    async (loss) => {
      const program = randomProgram({
        seed: 3,
        n: 20,
        d: 3,
        depth: 2,
        loss,
        formulation,
        betaRatio: 0.05,
        draws: 12,
      });
      const inner = started(program, 0.3);
      let before = objectiveOf(program, inner);
      for (let step = 0; step < 8; step++) {
        const { converged, move } = await inner.step(exact, noPause);
        const after = objectiveOf(program, inner);
        expect(converged).toBe(true);
        // The proximal inequality: F(z⁺) + ‖z⁺ − z‖²/2σ ≤ F(z), up to the accuracy of the subproblem.
        expect(after + move ** 2 / (2 * inner.sigma)).toBeLessThanOrEqual(before * (1 + 1e-9));
        expect(Number.isFinite(program.loss.conjugate(inner.dualIterate(), program.y))).toBe(true);
        before = after;
      }
    },
  );

  it('drops groups that are zero and not asked for, and keeps the others', async () => {
    const program = randomProgram({
      seed: 4,
      n: 20,
      d: 3,
      depth: 2,
      loss: 'squared',
      formulation,
      betaRatio: 0.3,
      draws: 12,
    });
    const inner = started(program, 10);
    await inner.step(exact, noPause);
    const active = [...inner.coefficients().keys()];
    const zero =
      Array.from({ length: groupCount(program) }, (_, g) => g).find((g) => !active.includes(g)) ?? -1;
    inner.dropZeros((group) => group === zero);
    expect(inner.workingSetSize).toBe(active.length + 1);
    expect(inner.has(zero)).toBe(true);
    expect(active.every((group) => inner.has(group))).toBe(true);
  });

  it('stops when told to between Newton steps', async () => {
    const program = randomProgram({
      seed: 5,
      n: 20,
      d: 3,
      depth: 2,
      loss: 'squared',
      formulation,
      betaRatio: 0.05,
      draws: 12,
    });
    const reason = new Error('enough');
    await expect(started(program, 1).step(exact, () => Promise.reject(reason))).rejects.toBe(reason);
  });
});
