import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternsOfGates } from '../../src/arrangement/pattern-source.js';
import { lossNamed } from '../../src/loss/index.js';
import {
  groupCount,
  groupDims,
  predictorLength,
  type ConvexProgram,
  type Formulation,
} from '../../src/program/convex-program.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import { expectClose } from '../fixtures/close.js';
import {
  DEPTHS,
  fixed,
  LOSSES_WITH_GRADIENT,
  programSpecArbitrary,
  randomProgram,
} from '../fixtures/random-program.js';
import { ABOVE_REFERENCE, FISTA_STEP, ORACLE_OBJECTIVE, SOLVER_GAP, WEAK_DUALITY } from '../tolerances.js';
import { fista, referenceObjective } from './fista.js';

const REFERENCE = { step: FISTA_STEP, maxIterations: 20_000 };

const combinations = (['gated', 'relu'] satisfies Formulation[]).flatMap((formulation) =>
  [...DEPTHS, 5].flatMap((depth) => LOSSES_WITH_GRADIENT.map((loss) => ({ formulation, depth, loss }))),
);

describe('fista', () => {
  it('soft-thresholds in one dimension: min ½ Σ (x_i z − y_i)² + β|z| over z ≥ 0', () => {
    const rows = { X: Float64Array.of(1, 2), n: 2, d: 1 };
    const { patterns } = patternsOfGates(rows, [[1]]);
    const program: ConvexProgram = {
      rows,
      y: Float64Array.of(1, 3),
      loss: lossNamed('squared'),
      outputs: 1,
      beta: 2,
      formulation: 'relu',
      depth: 2,
      patterns,
    };
    // z = (⟨x, y⟩ − β)/‖x‖² = 1; the group of the other sign is 0.
    const { objective, coefficients } = fista(program, REFERENCE);
    expectClose(coefficients.flat(), [1, 0], ORACLE_OBJECTIVE);
    expectClose([objective], [2.5], WEAK_DUALITY);
  });

  it('gives the zero network from β_max on', async () => {
    for (const kind of combinations) {
      const program = randomProgram({ ...kind, seed: 5, n: 8, d: 3, draws: 6, betaRatio: 1.001 });
      const zero = program.loss.value(new Float64Array(predictorLength(program)), program.y);
      expect(fista(program, REFERENCE).objective).toBe(zero);
      const solution = await solveProgram(program, { tolerance: SOLVER_GAP });
      expect(solution.coefficients.size).toBe(0);
      expectClose([solution.objective], [zero], WEAK_DUALITY);
    }
  });
});

describe('solveProgram and the plain reference solver', () => {
  it.each(combinations)('agree: $formulation, depth $depth, $loss loss', async (kind) => {
    await fc.assert(
      fc.asyncProperty(programSpecArbitrary, async (drawn) => {
        const program = randomProgram({ ...drawn, ...kind });
        const reference = fista(program, REFERENCE);
        const solution = await solveProgram(program, { tolerance: SOLVER_GAP });
        const scale = Math.abs(reference.objective);
        expect(reference.converged).toBe(true);
        expect(solution.relativeGap).toBeLessThanOrEqual(SOLVER_GAP);
        expect(solution.objective).toBeLessThanOrEqual(reference.objective + ABOVE_REFERENCE * scale);
        expect(solution.objective).toBeGreaterThanOrEqual(reference.objective - ORACLE_OBJECTIVE * scale);
        expect(solution.dualBound).toBeLessThanOrEqual(reference.objective + WEAK_DUALITY * scale);
        const zero = new Float64Array(groupDims(program));
        const z = Array.from({ length: groupCount(program) }, (_, g) =>
          Array.from(solution.coefficients.get(g) ?? zero),
        );
        expect(referenceObjective(program, z)).toBeLessThanOrEqual(
          reference.objective + ABOVE_REFERENCE * scale,
        );
      }),
      // The reference is slow on the many leaves of depth 5.
      fixed(kind.depth === 5 ? 4 : 15),
    );
  });
});
