import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, normals, programSpecArbitrary, randomProgram } from '../../test/fixtures/random-program.js';
import { WEAK_DUALITY } from '../../test/tolerances.js';
import { dualBound } from '../certificate/dual-bound.js';
import { price } from '../../test/fixtures/price.js';
import { predictorLength, type ConvexProgram } from '../program/convex-program.js';
import { BoundKeeper } from './bound-keeper.js';
import { GlobalBound } from './global-bound.js';

const programs = fc
  .tuple(programSpecArbitrary, fc.constantFrom(0, 0.3, 3))
  .map(([spec, size]) => ({ program: randomProgram(spec), size, seed: spec.seed }));

/** ∇𝓛 at random predictions: a vector in the domain of the conjugate. */
function dualOf({ loss, y }: ConvexProgram, length: number, size: number, seed: number): Float64Array {
  const v = new Float64Array(length);
  loss.gradientInto(
    v,
    normals(length, seed).map((value) => size * value),
    y,
  );
  return v;
}

describe('BoundKeeper', () => {
  it('keeps the best bound, and one that holds for patterns added later', () => {
    fc.assert(
      fc.property(programs, ({ program, size, seed }) => {
        const length = predictorLength(program);
        const half = Math.floor(program.patterns.length / 2);
        const fewer = { ...program, patterns: program.patterns.slice(0, half) };
        const keeper = new BoundKeeper(fewer, new Float64Array(length));
        let best = -Infinity;
        for (let k = 0; k < 4; k++) {
          const v = dualOf(program, length, size, seed + k);
          keeper.consider(v, price(fewer, v));
          best = Math.max(best, dualBound(fewer, v, price(fewer, v)));
          expect(keeper.bound).toBe(best);
        }
        keeper.extend(price(program, keeper.vector, half));
        const extended = dualBound(program, keeper.vector, price(program, keeper.vector));
        // Prices of different pools may differ by what projections leave.
        expect(Math.abs(keeper.bound - extended)).toBeLessThanOrEqual(
          1e-9 * Math.abs(extended) + WEAK_DUALITY,
        );
      }),
      fixed(150),
    );
  });

  it('scales its vector into the dual feasible set and the domain of the conjugate', () => {
    let scaled = 0;
    fc.assert(
      fc.property(programs, ({ program, size, seed }) => {
        const length = predictorLength(program);
        const v = dualOf(program, length, size, seed);
        const keeper = new BoundKeeper(program, new Float64Array(length));
        const prices = price(program, v);
        keeper.consider(v, prices);
        const feasible = keeper.feasible();
        expect(price(program, feasible).largest).toBeLessThanOrEqual(program.beta * (1 + 1e-9));
        // Regression: a softmax vector scaled without rounding left the domain, and the bound was lost.
        expect(program.loss.conjugate(feasible, program.y)).toBeLessThan(Infinity);
        if (prices.largest > program.beta) scaled++;
      }),
      fixed(150),
    );
    expect(scaled).toBeGreaterThan(20);
  });
});

describe('GlobalBound', () => {
  it('verifies where due, keeps the better bound and gives up on a search that never gets through', async () => {
    const program = randomProgram({ seed: 3, n: 12, d: 3, depth: 2, loss: 'squared', formulation: 'relu', betaRatio: 0.1, draws: 20 }); // prettier-ignore
    const v = dualOf(program, 12, 0, 0);
    const keeper = new BoundKeeper(program, new Float64Array(12));
    keeper.consider(v, price(program, v));
    let complete = false;
    let upper = 4 * program.beta;
    const thresholds: number[] = [];
    const verifier = {
      verify: (_v: Float64Array, threshold: number) => {
        thresholds.push(threshold);
        return Promise.resolve({ upper, patterns: [], complete });
      },
      isCostly: false,
      loose: () => 10 * program.beta,
    };
    const global = new GlobalBound(program, verifier);
    const at = { objective: 2 * keeper.bound, tolerance: 1e-6, pause: () => Promise.resolve() };
    global.takeLoose(keeper);
    const loose = global.bound;
    expect(loose).toBeLessThan(keeper.bound);
    expect(global.complete).toBe(false);
    await global.verifyIfDue(keeper, 0.9, at);
    expect(thresholds).toEqual([]); // the gap on the patterns is no smaller than the gap over all
    for (let k = 0; k < 3; k++) await global.verifyIfDue(keeper, 1e-7, at);
    expect(thresholds.length).toBe(2);
    for (const threshold of thresholds) {
      expect(threshold).toBeGreaterThanOrEqual(program.beta);
      expect(threshold).toBeLessThanOrEqual(program.beta * (1 + 1e-6));
    }
    expect(global.bound).toBeGreaterThan(loose);
    expect(global.isExhausted).toBe(true);
    complete = true;
    upper = program.beta;
    await global.verifyIfDue(keeper, 1e-7, at);
    expect(thresholds.length).toBe(2);
    const fresh = new GlobalBound(program, verifier);
    await fresh.verifyIfDue(keeper, 1e-7, at);
    expect(fresh).toMatchObject({ complete: true, isExhausted: false });
    expect(Math.abs(fresh.bound - keeper.bound)).toBeLessThanOrEqual(1e-12 * keeper.bound);
  });
});
