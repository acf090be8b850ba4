import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awkwardRows, awkwardRowsArbitrary, dualVector, termSize } from '../../test/fixtures/pricing-case.js';
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import { countCells } from '../arrangement/cells.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { CircleSupport } from './circle-support.js';
import { pricingRows } from './pricing-rows.js';
import { signedTrees } from './signed-tree.js';
import { SupportSearch } from './support-search.js';

const tree = signedTrees([])[0]!;

/** Non-zero rows of the plane with numbers that may go with them. */
const planeArbitrary = fc
  .record({ rows: awkwardRowsArbitrary({ maxN: 25, maxD: 3 }), seed: fc.nat(1e6) })
  .map(({ rows, seed }) => ({ rows: pricingRows(rows).rows, v: dualVector(25, seed) }))
  .filter(({ rows }) => rows.d === 2 && rows.n > 0)
  .map(({ rows, v }) => ({ rows, v: v.slice(0, rows.n) }));

/** Σ_i v_i (x_i·w)₊. */
function valueAt({ X, n }: Rows, v: Float64Array, w: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += v[i]! * Math.max(0, X[2 * i]! * w[0]! + X[2 * i + 1]! * w[1]!);
  return sum;
}

/** Gradient of {@link valueAt}. */
function gradientAt({ X, n }: Rows, v: Float64Array, w: ArrayLike<number>): [number, number] {
  const g: [number, number] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (X[2 * i]! * w[0]! + X[2 * i + 1]! * w[1]! <= 0) continue;
    g[0] += v[i]! * X[2 * i]!;
    g[1] += v[i]! * X[2 * i + 1]!;
  }
  return g;
}

/** The largest value: at a kink, or where the gradient on one side of a kink points to. */
function maximumByKinks(rows: Rows, v: Float64Array): number {
  const angles = Array.from({ length: rows.n }, (_, i) => Math.atan2(rows.X[2 * i + 1]!, rows.X[2 * i]!));
  const kinks = angles.flatMap((angle) => [angle + Math.PI / 2, angle - Math.PI / 2]);
  let most = 0;
  for (const kink of kinks) {
    for (const angle of [kink - 1e-5, kink, kink + 1e-5, kink - 0.1, kink + 0.1]) {
      const w = [Math.cos(angle), Math.sin(angle)];
      most = Math.max(most, valueAt(rows, v, w));
      const g = gradientAt(rows, v, w);
      const length = Math.hypot(...g);
      if (length > 0) most = Math.max(most, valueAt(rows, v, [g[0] / length, g[1] / length]));
    }
  }
  return most;
}

describe('CircleSupport', () => {
  it('is the maximum over the circle', () => {
    fc.assert(
      fc.property(planeArbitrary, ({ rows, v }) => {
        const upper = new CircleSupport(rows).maximum(v);
        const rounding = SUMMATION * termSize(rows, v);
        const found = maximumByKinks(rows, v);
        expect(upper).toBeGreaterThanOrEqual(found - rounding);
        // Arcs narrower than the steps of the reference may hide its maximum, by the square of their width.
        expect(upper).toBeLessThanOrEqual(found + rounding + 1e-9 * termSize(rows, v));
      }),
      fixed(300),
    );
  });

  it('is what branch and bound finds', () => {
    fc.assert(
      fc.property(planeArbitrary, ({ rows, v }) => {
        const upper = new CircleSupport(rows).maximum(v);
        const rounding = SUMMATION * termSize(rows, v);
        fc.pre(upper > 1e3 * rounding);
        const steps = new SupportSearch(rows, tree).search(v, { threshold: 0.9 * upper, regions: 1e5 });
        let step = steps.next();
        while (!step.done) step = steps.next();
        expect(step.value.complete).toBe(true);
        expect(Math.abs(step.value.upper - upper)).toBeLessThanOrEqual(rounding);
      }),
      fixed(200),
    );
  });

  it('gives the maxima of the closed cells of the points inside, from the least to the largest', () => {
    let between = 0;
    fc.assert(
      fc.property(planeArbitrary, fc.constantFrom(0, 0.5, 0.99), ({ rows, v }, share) => {
        const circle = new CircleSupport(rows);
        const upper = circle.maximum(v);
        const rounding = SUMMATION * termSize(rows, v);
        fc.pre(upper > 1e3 * rounding);
        let last = share * upper;
        for (const { z, support, inside, open } of circle
          .peaks(share * upper)
          .map((arc) => circle.violation(arc))) {
          expect(support).toBeGreaterThanOrEqual(last);
          last = support;
          expect(open).toEqual([]);
          expect(Math.abs(Math.hypot(...z) - 1)).toBeLessThanOrEqual(SUMMATION);
          expect(Math.abs(valueAt(rows, v, z) - support)).toBeLessThanOrEqual(rounding);
          const g = gradientAt(rows, v, inside);
          expect(Math.abs(g[0] * z[0]! + g[1] * z[1]! - support)).toBeLessThanOrEqual(rounding);
          // Nowhere in the cell is it larger.
          for (const share of [0.1, 0.5, 1, 1.5]) {
            const scale = share / Math.hypot(...inside);
            const near = [z[0]! + scale * inside[0]!, z[1]! + scale * inside[1]!];
            expect((g[0] * near[0]! + g[1] * near[1]!) / Math.hypot(...near)).toBeLessThanOrEqual(
              support + rounding,
            );
          }
          if (Math.hypot(...g) > support + 1e3 * rounding) between++;
        }
        // A kink's value as the end of one arc and as the start of the next differ by a rounding.
        expect(Math.abs(last - upper)).toBeLessThanOrEqual(rounding);
      }),
      fixed(300),
    );
    expect(between).toBeGreaterThan(20);
  });

  it('has an arc for each cell, however rows repeat and oppose one another', () => {
    for (const kind of ['general', 'grid'] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const { rows } = pricingRows(awkwardRows(kind, 12, 2, seed));
        if (rows.d !== 2) continue;
        expect(new CircleSupport(rows).arcs).toBe(countCells(rows));
      }
    }
  });

  it('is above every network where directions differ by roundings', () => {
    for (let seed = 0; seed < 40; seed++) {
      const { X } = normalRows(12, 2, seed);
      for (let i = 4; i < 24; i++)
        X[i] = (i & 2 ? 1 : -1) * X[i % 4]! * (1 + ((i * 7 + seed) % 5) * 2 ** -52);
      const rows = { X, n: 12, d: 2 };
      const v = normals(12, seed + 100).map((value) => 10 * value);
      const upper = new CircleSupport(rows).maximum(v);
      const rounding = (12 + 12) * 2 ** -52 * termSize(rows, v);
      expect(upper).toBeGreaterThanOrEqual(maximumByKinks(rows, v) - rounding);
      for (let k = 0; k < 2000; k++) {
        const angle = (k * Math.PI) / 1000;
        expect(valueAt(rows, v, [Math.cos(angle), Math.sin(angle)])).toBeLessThanOrEqual(upper + rounding);
      }
    }
  });
});
