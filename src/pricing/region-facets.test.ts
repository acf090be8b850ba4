import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitVector } from '../../test/fixtures/pricing-case.js';
import { fixed } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { RegionFacets } from './region-facets.js';

/** Σ a_t b_t rounded once: products and sums of halves carried along (Ogita, Rump & Oishi 2005). */
function exactDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  let rest = 0;
  const split = (value: number): readonly [number, number] => {
    const high = Math.fround(value);
    return [high, value - high];
  };
  for (let t = 0; t < a.length; t++) {
    const [high, low] = split(a[t]!);
    const [big, small] = split(b[t]!);
    for (const term of [high * big, high * small, low * big, low * small]) {
      const next = sum + term;
      const back = next - sum;
      rest += sum - (next - back) + (term - back);
      sum = next;
    }
  }
  return sum + rest;
}

const cases = fc
  .record({
    dims: fc.integer({ min: 1, max: 6 }),
    spread: fc.constantFrom(1e-12, 1e-8, 1e-4, 0.3),
    seed: fc.nat(1e6),
  })
  .map(({ dims, spread, seed }) => {
    const normal = normalGenerator(seed);
    const centre = unitVector(dims, normal).map(Math.abs);
    const rays = Array.from({ length: dims }, () => {
      const ray = centre.map((value) => value + spread * Math.abs(normal()));
      const length = Math.hypot(...ray);
      return ray.map((value) => value / length);
    });
    const b = Float64Array.from({ length: dims }, normal);
    return { dims, rays, b, spread };
  });

describe('RegionFacets', () => {
  it('has every ray on the right side of every facet, and functions above their values, on the thinnest cones', () => {
    fc.assert(
      fc.property(cases, ({ dims, rays, b, spread }) => {
        const facets = RegionFacets.of(Float64Array.from(rays.flatMap((ray) => [...ray])), dims);
        if (!facets) {
          expect(spread).toBeLessThan(1e-6);
          return;
        }
        const f = facets.functionAbove(b);
        rays.forEach((ray, k) => {
          for (const q of facets.normals) expect(exactDot(q, ray)).toBeGreaterThanOrEqual(0);
          expect(exactDot(f, ray)).toBeGreaterThanOrEqual(b[k]!);
          if (spread < 0.1 || facets.normals.some((q) => Math.hypot(...q) > 1e3)) return;
          expect(exactDot(f, ray)).toBeLessThanOrEqual(b[k]! + 1e4 * SUMMATION);
          facets.normals.forEach((q, j) => {
            expect(exactDot(q, ray)).toBeLessThanOrEqual((j === k ? 1 : 0) + 1e4 * SUMMATION);
          });
        });
        const middle = rays.reduce(
          (sum, ray) => sum.map((value, t) => value + ray[t]!),
          new Float64Array(dims),
        );
        facets.middle.forEach((value, t) => {
          expect(value).toBeCloseTo(middle[t]!, 12);
        });
      }),
      fixed(400),
    );
  });

  it('has none for dependent rays', () => {
    expect(RegionFacets.of(Float64Array.of(1, 0, 1, 0), 2)).toBeNull();
  });
});
