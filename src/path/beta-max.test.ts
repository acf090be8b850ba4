import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { patternsOfGates } from '../arrangement/pattern-source.js';
import { lossNamed } from '../loss/index.js';
import type { ConvexProgram } from '../program/convex-program.js';
import { betaMax } from './beta-max.js';

function programOf(change: Partial<ConvexProgram> & { readonly gates?: number[][] } = {}): ConvexProgram {
  const { gates = [[1, 1]], ...rest } = change;
  const rows = { X: Float64Array.of(1, 0, 0, 1), n: 2, d: 2 };
  return {
    rows,
    y: Float64Array.of(-3, 4),
    loss: lossNamed('squared'),
    outputs: 1,
    beta: 1,
    formulation: 'gated',
    depth: 2,
    patterns: patternsOfGates(rows, gates).patterns,
    ...rest,
  };
}

describe('betaMax', () => {
  it.each([
    // Aᵀ∇𝓛(0) = −y: its norm, or the longer of its projections (0, 4) and (3, 0) on the quadrant.
    { name: 'gated', program: programOf(), expected: 5 },
    { name: 'relu', program: programOf({ formulation: 'relu' }), expected: 4 },
    { name: 'gated, one row on', program: programOf({ gates: [[1, -1]] }), expected: 3 },
    // {z₁ ≥ 0, z₂ ≤ 0}: A sees z₁ only, ±3 along the first axis.
    { name: 'relu, one row on', program: programOf({ formulation: 'relu', gates: [[1, -1]] }), expected: 3 },
    { name: 'the larger of two', program: programOf({ gates: [[1, -1], [-1, 1]] }), expected: 4 }, // prettier-ignore
    { name: 'logistic', program: programOf({ loss: lossNamed('logistic'), y: Float64Array.of(1, -1) }), expected: Math.SQRT1_2 }, // prettier-ignore
    { name: 'y = 0', program: programOf({ y: new Float64Array(2) }), expected: 0 },
    { name: 'no patterns', program: programOf({ gates: [[-1, -1]] }), expected: 0 },
    { name: 'no patterns, relu', program: programOf({ gates: [[-1, -1]], formulation: 'relu' }), expected: 0 }, // prettier-ignore
  ])('is solved by hand: $name', ({ program, expected }) => {
    expectClose([betaMax(program)], [expected], 40 * FEW_ROUNDINGS);
  });

  it('scales with X and, for the squared loss, with y', () => {
    const program = randomProgram({ seed: 4, n: 10, d: 3, depth: 3, loss: 'squared', formulation: 'relu', betaRatio: 1, draws: 10 }); // prettier-ignore
    const { rows, y } = program;
    const c = 2 ** 30;
    const larger = { ...program, rows: { ...rows, X: rows.X.map((value) => c * value) } };
    expectClose([betaMax(larger)], [c * betaMax(program)], FEW_ROUNDINGS);
    expectClose(
      [betaMax({ ...program, y: y.map((value) => c * value) })],
      [c * betaMax(program)],
      FEW_ROUNDINGS,
    );
  });

  it('of the ReLU formulation is at most that of the gated one', () => {
    for (let seed = 0; seed < 20; seed++) {
      const program = randomProgram({ seed, n: 8, d: 3, depth: 2, loss: 'logistic', formulation: 'relu', betaRatio: 1, draws: 6 }); // prettier-ignore
      const gated = betaMax({ ...program, formulation: 'gated' });
      expect(betaMax(program)).toBeLessThanOrEqual(gated * (1 + 40 * FEW_ROUNDINGS));
    }
  });

  it('takes as many patterns as may be sampled', () => {
    const program = programOf();
    const many: ConvexProgram = { ...program, patterns: new Array(200_000).fill(program.patterns[0]!) };
    expect(betaMax(many)).toBe(betaMax(program));
  });
});
