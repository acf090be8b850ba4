import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkObjective } from '../../src/network/objective.js';
import { reconstructNetwork } from '../../src/network/reconstruct.js';
import type { Formulation } from '../../src/program/convex-program.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import { expectClose } from '../fixtures/close.js';
import { DEPTHS, fixed, LOSSES, programSpecArbitrary, randomProgram } from '../fixtures/random-program.js';
import { fista } from '../oracles/fista.js';
import { FISTA_STEP, LAW_GAP, NETWORK_OBJECTIVE, ORACLE_OBJECTIVE, WEAK_DUALITY } from '../tolerances.js';

const combinations = (['gated', 'relu'] satisfies Formulation[]).flatMap((formulation) =>
  DEPTHS.flatMap((depth) => LOSSES.map((loss) => ({ formulation, depth, loss }))),
);

describe.each(combinations)('$formulation, depth $depth, $loss loss', (kind) => {
  it('dual bound ≤ optimum ≤ objective at every iteration, and both only improve', async () => {
    await fc.assert(
      fc.asyncProperty(programSpecArbitrary, async (drawn) => {
        const program = randomProgram({ ...drawn, ...kind });
        const solution = await solveProgram(program, { tolerance: LAW_GAP });
        const { objective, dualBound, history } = solution;
        expect(solution.status).toBe('optimal');
        expect(solution.relativeGap).toBeLessThanOrEqual(LAW_GAP);
        expect(history.length).toBe(solution.iterations + 1);
        for (const [at, standing] of history.entries()) {
          expect(standing.iteration).toBe(at);
          expect(standing.objective).toBeGreaterThanOrEqual(dualBound);
          expect(standing.dualBound).toBeLessThanOrEqual(objective);
          const before = history[at - 1];
          if (!before) continue;
          expect(standing.objective).toBeLessThanOrEqual(before.objective);
          expect(standing.dualBound).toBeGreaterThanOrEqual(before.dualBound);
          expect(standing.seconds).toBeGreaterThanOrEqual(before.seconds);
        }
        expect(history.at(-1)).toMatchObject({ objective, dualBound, relativeGap: solution.relativeGap });
      }),
      fixed(25),
    );
  });

  it.skipIf(kind.loss === 'absolute')(
    'the bounds hold for the optimum of the plain reference solver',
    async () => {
      await fc.assert(
        fc.asyncProperty(programSpecArbitrary, async (drawn) => {
          const program = randomProgram({ ...drawn, ...kind });
          const reference = fista(program, { step: FISTA_STEP, maxIterations: 20_000 });
          const { history } = await solveProgram(program, { tolerance: LAW_GAP });
          for (const { objective, dualBound } of history) {
            expect(dualBound).toBeLessThanOrEqual(reference.objective * (1 + WEAK_DUALITY));
            expect(objective).toBeGreaterThanOrEqual(reference.objective * (1 - ORACLE_OBJECTIVE));
          }
        }),
        fixed(6),
      );
    },
  );

  it('the network has the objective of the convex program', async () => {
    await fc.assert(
      fc.asyncProperty(
        programSpecArbitrary,
        fc.constantFrom(1e-2, 1e-5, LAW_GAP),
        async (drawn, tolerance) => {
          const program = randomProgram({ ...drawn, ...kind });
          const { coefficients, objective } = await solveProgram(program, { tolerance });
          const network = reconstructNetwork(program, coefficients);
          expectClose([networkObjective(network, program)], [objective], NETWORK_OBJECTIVE);
        },
      ),
      fixed(25),
    );
  });
});
