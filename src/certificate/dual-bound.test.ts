import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { ABOVE_REFERENCE, LAW_ROUNDING } from '../../test/tolerances.js';
import { patternsOfGates } from '../arrangement/pattern-source.js';
import { lossNamed, type LossName } from '../loss/index.js';
import type { ConvexProgram, Formulation } from '../program/convex-program.js';
import { dualBound } from './dual-bound.js';
import { price } from '../../test/fixtures/price.js';

interface Hand {
  readonly X: number[][];
  readonly y: number[];
  readonly beta: number;
  readonly gates: number[][];
  readonly loss?: LossName;
  readonly formulation?: Formulation;
}

function programOf({ X, y, beta, gates, loss = 'squared', formulation = 'gated' }: Hand): ConvexProgram {
  const rows = { X: Float64Array.from(X.flat()), n: X.length, d: X[0]!.length };
  return {
    rows,
    y: Float64Array.from(y),
    loss: lossNamed(loss),
    outputs: 1,
    beta,
    formulation,
    depth: 2,
    patterns: patternsOfGates(rows, gates).patterns,
  };
}

function bound(program: ConvexProgram, v: number[]): number {
  const dual = Float64Array.from(v);
  return dualBound(program, dual, price(program, dual));
}

/** Not above the exact value, and below it by rounding only. */
function expectBound(found: number, exact: number): void {
  expect(found).toBeLessThanOrEqual(exact);
  expectClose([found], [exact], LAW_ROUNDING, Math.abs(exact) + 1e-300);
}

/** min ½ Σ (x_i z − y_i)² + 2|z| with x = (1, 2), y = (1, 3): z = (7 − 2)/5 = 1, optimum ½ + 2. */
const line: Hand = { X: [[1], [2]], y: [1, 3], beta: 2, gates: [[1]] };

/** min log(1 + e^−z) + |z|/4: e^−z/(1 + e^−z) = 1/4, z = log 3, optimum log(4/3) + ¼ log 3. */
const odds: Hand = { X: [[1]], y: [1], beta: 0.25, gates: [[1]], loss: 'logistic' };

describe('dualBound by hand', () => {
  it.each(['gated', 'relu'] as const)('is the optimum at the optimal v: %s', (formulation) => {
    expectBound(bound(programOf({ ...line, formulation }), [0, -1]), 2.5);
    expectBound(bound(programOf({ ...odds, formulation }), [-0.25]), Math.log(4 / 3) + Math.log(3) / 4);
  });

  it('scales an infeasible v down to the constraint', () => {
    // v = −y has support 7, so τ = 2/7: −½ τ² ‖y‖² + τ ‖y‖² = 10 τ (1 − τ/2).
    expectBound(bound(programOf(line), [-1, -3]), (10 * 2 * (1 - 1 / 7)) / 7);
    // v = −½ has support ½, so τ = ½: p = ¼ again.
    expectBound(bound(programOf(odds), [-0.5]), Math.log(4 / 3) + Math.log(3) / 4);
  });

  it('does not scale a feasible v up', () => {
    expectBound(bound(programOf(line), [-0.2, -0.2]), 0.8 - 0.04);
    expectBound(bound(programOf({ ...line, beta: 1e300 }), [-1, -3]), 5);
  });

  it('counts a v that only violates outside the cone as feasible', () => {
    // Quadrant, −v = (−3, −4): no sign of it has a part longer than 5, and the positive one projects to 0.
    const quadrant: Hand = { X: [[1, 0], [0, 1]], y: [3, 4], beta: 5, gates: [[1, 1]], formulation: 'relu' }; // prettier-ignore
    expectBound(bound(programOf(quadrant), [-3, -4]), 12.5);
    const mixed = { ...quadrant, y: [-3, 4], beta: 4.5 };
    expectBound(bound(programOf(mixed), [3, -4]), 12.5); // supports 4 and 3, though the norm is 5
    expect(bound(programOf({ ...mixed, formulation: 'gated' }), [3, -4])).toBeLessThan(12.5);
  });

  it('is 0 at v = 0, and for β = 0', () => {
    expect(Math.abs(bound(programOf(line), [0, 0]))).toBe(0);
    expect(Math.abs(bound(programOf({ ...line, beta: 0 }), [-1, -3]))).toBe(0);
  });

  it('is −∞ outside the domain of the conjugate, never too large', () => {
    expect(bound(programOf(odds), [0.1])).toBe(-Infinity);
    expect(bound(programOf({ ...odds, beta: 100 }), [-1.5])).toBe(-Infinity);
  });

  it('stays below the optimum for every v on a grid', () => {
    const squared = programOf(line);
    const logistic = programOf(odds);
    for (let a = -4; a <= 4; a += 0.25) {
      for (let b = -4; b <= 4; b += 0.25) expect(bound(squared, [a, b])).toBeLessThanOrEqual(2.5);
      expect(bound(logistic, [a / 4])).toBeLessThanOrEqual(
        (Math.log(4 / 3) + Math.log(3) / 4) * (1 + LAW_ROUNDING),
      );
    }
  });

  it('keeps a margin for rounding where terms cancel', () => {
    // ½‖v‖² + ⟨v, y⟩ = (1e16 + 1e8 + ½) − (2e16 + 1e8) = ½ − 1e16, which float64 rounds to −1e16.
    const program = programOf({ X: [[1], [1]], y: [1e8, -1e8], beta: 1e9, gates: [[1]] });
    const found = bound(program, [-1e8 - 1, 1e8]);
    expect(found).toBeLessThanOrEqual(1e16 - 2);
    expectClose([found], [1e16], ABOVE_REFERENCE);
  });
});

describe('priceGroups by hand', () => {
  const quadrant: Hand = { X: [[1, 0], [0, 1]], y: [0, 0], beta: 1, gates: [[1, 1], [1, -1]], formulation: 'relu' }; // prettier-ignore

  it('finds the support values of both signs, largest first', () => {
    const { largest, violators, priced } = price(programOf(quadrant), Float64Array.of(-3, 4));
    expect(priced).toBe(4);
    // Pattern (1, 1): −Aᵀv = (3, −4) → (3, 0); its opposite → (0, 4). Pattern (1, 0): (3, 0) and (−3, 0) → 0.
    expect(violators.map(({ group }) => group)).toEqual([1, 0, 2]);
    expectClose(
      violators.map(({ support }) => support),
      [4, 3, 3],
      LAW_ROUNDING,
    );
    expect(largest).toBeGreaterThanOrEqual(4);
    expectClose([largest], [4], LAW_ROUNDING);
  });

  it('has one group per pattern without cones', () => {
    const { largest, violators, priced } = price(
      programOf({ ...quadrant, formulation: 'gated' }),
      Float64Array.of(-3, 4),
    );
    expect(priced).toBe(2);
    expect(violators.map(({ group }) => group)).toEqual([0, 1]);
    expectClose([largest, ...violators.map(({ support }) => support)], [5, 5, 3], LAW_ROUNDING);
  });

  it('finds no violator at β and above', () => {
    expect(price(programOf({ ...quadrant, beta: 4.001 }), Float64Array.of(-3, 4)).violators).toEqual([]);
    expect(price(programOf({ ...quadrant, beta: 1e9 }), Float64Array.of(-3, 4)).largest).toBeLessThan(1e9);
    expect(price(programOf({ ...quadrant, gates: [[-1, -1]] }), Float64Array.of(-3, 4))).toMatchObject({
      priced: 0,
      violators: [],
    });
  });
});
