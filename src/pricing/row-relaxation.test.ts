import fc from 'fast-check';
import { expect, it } from 'vitest';
import { treeOutput, unitVector } from '../../test/fixtures/pricing-case.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { RowRelaxation } from './row-relaxation.js';
import { signedTrees } from './signed-tree.js';

const WIDTHS = [[], [1], [2], [3], [2, 2], [1, 3]];

const cases = fc.record({
  tree: fc.constantFrom(...WIDTHS.flatMap((widths) => signedTrees(widths))),
  d: fc.integer({ min: 1, max: 3 }),
  spread: fc.constantFrom(0.05, 0.3, 3),
  seed: fc.nat(1e6),
});

it('bounds a row’s output between linear functions on a simplicial cone, exactly where it says so', () => {
  let exact = 0;
  fc.assert(
    fc.property(cases, ({ tree, d, spread, seed }) => {
      const dims = d * tree.leaves;
      const normal = normalGenerator(seed);
      const x = normals(d, seed + 1);
      const centre = unitVector(dims, normal);
      const rays = Array.from({ length: dims }, () => centre.map((value) => value + spread * normal()));
      const values = new Float64Array(tree.leaves * dims);
      rays.forEach((ray, k) => {
        for (let leaf = 0; leaf < tree.leaves; leaf++) {
          for (let t = 0; t < d; t++) values[leaf * dims + k]! += x[t]! * ray[leaf * d + t]!;
        }
      });
      const relaxation = new RowRelaxation(tree, dims);
      const isExact = relaxation.evaluate(values, 0);
      if (isExact) exact++;
      const top = (tree.units - 1) * dims;
      for (let sample = 0; sample < 40; sample++) {
        const lambda = Array.from({ length: dims }, () => (sample % 3 === 0 ? normal() ** 8 : normal() ** 2));
        const z = new Float64Array(dims);
        let lower = 0;
        let upper = 0;
        let size = 0;
        lambda.forEach((share, k) => {
          rays[k]!.forEach((value, t) => (z[t]! += share * value));
          lower += share * relaxation.lower[top + k]!;
          upper += share * relaxation.upper[top + k]!;
          for (const value of rays[k]!) size += share * Math.abs(value);
        });
        const output = treeOutput(tree, x, z);
        const rounding = SUMMATION * size * Math.hypot(...x);
        expect(lower).toBeLessThanOrEqual(output + rounding);
        expect(upper).toBeGreaterThanOrEqual(output - rounding);
        if (!isExact) continue;
        expect(Math.abs(upper - output)).toBeLessThanOrEqual(rounding);
        expect(Math.abs(lower - output)).toBeLessThanOrEqual(rounding);
        // The output is linear in the leaves that reach the top.
        let linear = 0;
        for (let leaf = 0; leaf < tree.leaves; leaf++) {
          if (!relaxation.reaches(leaf)) continue;
          let sign = 1;
          for (let u = leaf; u >= 0; u = tree.parent[u]!) sign *= tree.sign[u]!;
          for (let t = 0; t < d; t++) linear += sign * x[t]! * z[leaf * d + t]!;
        }
        expect(Math.abs(linear - output)).toBeLessThanOrEqual(rounding);
      }
    }),
    fixed(400),
  );
  expect(exact).toBeGreaterThan(50);
});
