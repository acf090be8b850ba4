import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dualBound } from '../../src/certificate/dual-bound.js';
import { price } from '../fixtures/price.js';
import { outputSlice, predictorLength, type ConvexProgram } from '../../src/program/convex-program.js';
import { fixed, normals, programSpecArbitrary, randomProgram } from '../fixtures/random-program.js';
import { PROJECTION, WEAK_DUALITY } from '../tolerances.js';
import { projectByQuadprog } from './cone.js';
import { denseGroup, transposedTimes } from './dense-group.js';
import { referenceObjective } from './fista.js';

/** A program, a dual vector in the domain of its conjugate, and the predictions it is the gradient at. */
const instances = fc.tuple(programSpecArbitrary, fc.constantFrom(0, 0.3, 3)).map(([spec, size]) => {
  const program = randomProgram(spec);
  const f = normals(predictorLength(program), spec.seed + 3).map((value) => size * value);
  const v = new Float64Array(f.length);
  program.loss.gradientInto(v, f, program.y);
  return { program, v, seed: spec.seed };
});

/** Support values ‖Π_K(−σ_g A_gᵀ v)‖ of all groups, from dense matrices and quadprog. */
function supports(program: ConvexProgram, v: Float64Array): number[] {
  const { rows, patterns, formulation } = program;
  return patterns.flatMap(({ gates }) => {
    const { A, B } = denseGroup(rows, gates);
    return outputsOf(program).flatMap((k) => {
      const adjoint = transposedTimes(A, outputSlice(program, v, k));
      if (formulation === 'gated') return [Math.hypot(...adjoint)];
      return [1, -1].map((sign) =>
        Math.hypot(
          ...projectByQuadprog(
            B,
            adjoint.map((value) => -sign * value),
          ),
        ),
      );
    });
  });
}

function outputsOf({ outputs }: ConvexProgram): number[] {
  return Array.from({ length: outputs }, (_, k) => k);
}

describe('Pricer', () => {
  it('bounds every support value from above, and finds exactly the groups above β', () => {
    fc.assert(
      fc.property(instances, ({ program, v }) => {
        const prices = price(program, v);
        const expected = supports(program, v);
        const size = 1 + Math.max(0, ...expected);
        expect(prices.priced).toBe(expected.length);
        expect(prices.largest).toBeGreaterThanOrEqual(Math.max(0, ...expected) - PROJECTION * size);
        const found = new Map(prices.violators.map(({ group, support }) => [group, support]));
        expected.forEach((support, group) => {
          if (support > program.beta + PROJECTION * size) {
            expect(found.get(group)! - support).toBeLessThanOrEqual(PROJECTION * size);
            expect(found.get(group)! - support).toBeGreaterThanOrEqual(-PROJECTION * size);
          } else if (support < program.beta - PROJECTION * size) {
            expect(found.has(group)).toBe(false);
          }
        });
        const order = prices.violators.map(({ support }) => support);
        expect(order).toEqual(order.toSorted((a, b) => b - a));
      }),
      fixed(150),
    );
  });
});

describe('dualBound', () => {
  it('is below the objective of every feasible point, for every dual vector', () => {
    fc.assert(
      fc.property(instances, ({ program, v, seed }) => {
        const bound = dualBound(program, v, price(program, v));
        const { rows, patterns, formulation } = program;
        const z = patterns.flatMap(({ gates }, c) => {
          const { B } = denseGroup(rows, gates);
          const dims = gates.first.length * rows.d;
          return outputsOf(program).flatMap((k) => {
            const first = normals(dims, seed + 10 * c + 1000 * k).map((value) => value / 4);
            if (formulation === 'gated') return [Array.from(first)];
            return [projectByQuadprog(B, first), new Array<number>(dims).fill(0)];
          });
        });
        const objective = referenceObjective(program, z);
        expect(bound).toBeLessThanOrEqual(objective * (1 + WEAK_DUALITY));
        const zero = program.loss.value(new Float64Array(v.length), program.y);
        expect(bound).toBeLessThanOrEqual(zero);
      }),
      fixed(150),
    );
  });
});
