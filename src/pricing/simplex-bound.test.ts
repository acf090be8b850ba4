import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitVector } from '../../test/fixtures/pricing-case.js';
import { fixed } from '../../test/fixtures/random-program.js';
import { projectByFaces } from '../../test/oracles/cone.js';
import { PROJECTION, SUMMATION } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { RegionFacets } from './region-facets.js';
import { SimplexBound } from './simplex-bound.js';

/** Rays within an orthant, as in a search. */
const cases = fc
  .record({
    dims: fc.integer({ min: 1, max: 6 }),
    spread: fc.constantFrom(1e-6, 1e-2, 0.3, 1),
    shift: fc.constantFrom(-1, 0, 1),
    seed: fc.nat(1e6),
  })
  .map(({ dims, spread, shift, seed }) => {
    const normal = normalGenerator(seed);
    const centre = unitVector(dims, normal).map(Math.abs);
    const p = new Float64Array(dims * dims);
    for (let k = 0; k < dims; k++) {
      const ray = centre.map((value) => Math.abs(value + spread * normal()));
      const length = Math.hypot(...ray);
      p.set(
        ray.map((value) => value / length),
        k * dims,
      );
    }
    const b = Float64Array.from({ length: dims }, () => shift + normal());
    return { dims, p, b, normal };
  });

/** max { Σ λ_k b_k : λ ≥ 0, ‖Σ λ_k p_k‖ ≤ 1 }: a linear function's norm after projection onto the cone. */
function maximum(dims: number, p: Float64Array, b: Float64Array): number {
  const facets = RegionFacets.of(p, dims)!;
  const f = facets.functionAbove(b);
  return Math.hypot(...projectByFaces(facets.normals.map((q) => Array.from(q)), f)); // prettier-ignore
}

describe('SimplexBound', () => {
  it('is above every point of the simplex, whether it may stop early or not', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(0, 1, Infinity), ({ dims, p, b, normal }, enough) => {
        const bound = new SimplexBound(dims, dims).bound(p, b, enough);
        for (let sample = 0; sample < 50; sample++) {
          const lambda = Array.from({ length: dims }, () => (normal() > 0 ? normal() ** 2 : 0));
          const z = new Float64Array(dims);
          lambda.forEach((share, k) => {
            for (let t = 0; t < dims; t++) z[t]! += share * p[k * dims + t]!;
          });
          if (z.every((value) => value === 0)) continue;
          const value = lambda.reduce((sum, share, k) => sum + share * b[k]!, 0);
          expect(value).toBeLessThanOrEqual(bound * Math.hypot(...z) * (1 + SUMMATION) + SUMMATION);
        }
      }),
      fixed(300),
    );
  });

  it('is the maximum where that lies inside, and never below it', () => {
    let inside = 0;
    fc.assert(
      fc.property(cases, ({ dims, p, b }) => {
        fc.pre(dims <= 5);
        const simplex = new SimplexBound(dims, dims);
        const bound = simplex.bound(p, b, 0);
        const exact = maximum(dims, p, b);
        // Facets of thin cones are long: what they say about b is rounded in proportion.
        const facets = RegionFacets.of(p, dims)!;
        const thin = Math.max(...facets.normals.map((q) => Math.hypot(...q)));
        fc.pre(thin < 1e4);
        const rounding = PROJECTION * Math.max(...b.map(Math.abs));
        expect(bound).toBeGreaterThanOrEqual(exact - rounding);
        if (bound > 0 && simplex.weights.every((weight) => weight > 0)) {
          inside++;
          expect(bound).toBeLessThanOrEqual(exact + rounding);
        }
      }),
      fixed(300),
    );
    expect(inside).toBeGreaterThan(30);
  });

  it('by hand: two axes', () => {
    const bound = (p: number[], b: number[]): number =>
      new SimplexBound(2, 2).bound(Float64Array.from(p), Float64Array.from(b), 0);
    expect(bound([1, 0, 0, 1], [3, 4])).toBeCloseTo(5, 14);
    expect(bound([1, 0, 0, 1], [3, -4])).toBeCloseTo(3, 14);
    expect(bound([1, 0, 0, 1], [-3, -4])).toBe(0);
    expect(bound([1, 0, 0, 1], [0, 0])).toBe(0);
    expect(bound([1, 0, 1, 0], [1, 1])).toBeCloseTo(1, 14);
    // Numbers that are none must not pass for a bound.
    expect(bound([1, 0, 0, 1], [NaN, -1])).not.toBeLessThan(Infinity);
  });

  it('holds on rays far apart too, where a sum of rays leans away from one of them', () => {
    const p = Float64Array.of(1, 0, 0, 0.8, 0.6, 0, -0.8, 0, 0.6);
    const b = Float64Array.of(1, 1, -0.1);
    const bound = new SimplexBound(3, 3).bound(p, b, Infinity);
    // λ = (1, 0, 1): value 0.9 at length √(0.04 + 0.36).
    expect(bound).toBeGreaterThanOrEqual(0.9 / Math.sqrt(0.4));
  });
});
