import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price } from '../fixtures/price.js';
import { norm2 } from '../../src/linalg/vector.js';
import { betaMax } from '../../src/path/beta-max.js';
import { predictorLength, predictorOf, type ConvexProgram } from '../../src/program/convex-program.js';
import { solveProgram, type ProgramSolution } from '../../src/solver/solve-program.js';
import { expectClose } from '../fixtures/close.js';
import { fixed, programSpecArbitrary, randomProgram } from '../fixtures/random-program.js';
import { LAW_GAP, LAW_ROUNDING, PROJECTION } from '../tolerances.js';

const programs = programSpecArbitrary.map(randomProgram);

function optimum(program: ConvexProgram): Promise<ProgramSolution> {
  return solveProgram(program, { tolerance: LAW_GAP });
}

function pathNorms({ coefficients }: ProgramSolution): number {
  return [...coefficients.values()].reduce((sum, z) => sum + norm2(z), 0);
}

function lossOf(program: ConvexProgram, { coefficients }: ProgramSolution): number {
  return program.loss.value(predictorOf(program, coefficients), program.y);
}

function zeroGradient(program: ConvexProgram): Float64Array {
  const { loss, y } = program;
  const v = new Float64Array(predictorLength(program));
  loss.gradientInto(v, new Float64Array(v.length), y);
  return v;
}

describe('a larger β', () => {
  it('never has larger path norms nor a smaller loss, and never a smaller optimum', async () => {
    await fc.assert(
      fc.asyncProperty(programs, fc.constantFrom(1.01, 1.5, 10), async (program, factor) => {
        const larger = { ...program, beta: factor * program.beta };
        const a = await optimum(program);
        const b = await optimum(larger);
        const rounding = LAW_ROUNDING * a.objective;
        // Adding up the optimality of either at its β, each to its gap: (β₂ − β₁)(φ₂ − φ₁) ≤ ε₁ + ε₂.
        const slack = (a.gap + b.gap + rounding) / (larger.beta - program.beta);
        expect(pathNorms(b)).toBeLessThanOrEqual(pathNorms(a) + slack);
        expect(lossOf(program, a)).toBeLessThanOrEqual(
          lossOf(program, b) + program.beta * slack + a.gap + rounding,
        );
        expect(a.dualBound).toBeLessThanOrEqual(b.objective + rounding);
      }),
      fixed(80),
    );
  });
});

describe('more freedom', () => {
  it('the gated optimum is at most the ReLU optimum on the same patterns', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const gated = await optimum({ ...program, formulation: 'gated' });
        const relu = await optimum({ ...program, formulation: 'relu' });
        const rounding = LAW_ROUNDING * relu.objective;
        expect(gated.objective).toBeLessThanOrEqual(relu.objective + gated.gap + rounding);
        expect(gated.dualBound).toBeLessThanOrEqual(relu.objective + rounding);
      }),
      fixed(80),
    );
  });

  it('adding patterns never raises the optimum', async () => {
    await fc.assert(
      fc.asyncProperty(programs, fc.double({ min: 0, max: 1, noNaN: true }), async (program, share) => {
        const some = program.patterns.slice(0, Math.floor(share * program.patterns.length));
        const fewer = await optimum({ ...program, patterns: some });
        const all = await optimum(program);
        expect(all.objective).toBeLessThanOrEqual(fewer.objective + all.gap + LAW_ROUNDING * fewer.objective);
        expect(all.dualBound).toBeLessThanOrEqual(fewer.objective * (1 + LAW_ROUNDING));
      }),
      fixed(60),
    );
  });
});

describe('β_max', () => {
  it('is the largest support value at the gradient of the zero network', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const v = zeroGradient(program);
        const { violators } = price({ ...program, beta: 0 }, v);
        const size = norm2(v) * norm2(program.rows.X);
        expectClose([betaMax(program)], [violators[0]?.support ?? 0], PROJECTION, size);
        expect(betaMax({ ...program, beta: 7 })).toBe(betaMax(program));
      }),
      fixed(150),
    );
  });

  it('is where the zero network stops being optimal', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const largest = betaMax(program);
        const zero = program.loss.value(new Float64Array(predictorLength(program)), program.y);
        for (const factor of [1, 1.001, 1e6]) {
          const { coefficients, objective, status } = await optimum({ ...program, beta: factor * largest });
          expect(status).toBe('optimal');
          expect(coefficients.size).toBe(0);
          expect(objective).toBe(zero);
        }
        // A support value below rounding is no support: every direction loses, as for rows that pull apart.
        fc.pre(largest > PROJECTION * norm2(zeroGradient(program)) * norm2(program.rows.X));
        const below = await optimum({ ...program, beta: 0.99 * largest });
        expect(below.coefficients.size).toBeGreaterThan(0);
        expect(below.objective).toBeLessThan(zero);
      }),
      fixed(80),
    );
  });
});
