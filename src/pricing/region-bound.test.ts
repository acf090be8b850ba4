import fc from 'fast-check';
import { expect, it } from 'vitest';
import { awkwardRows, treeOutput } from '../../test/fixtures/pricing-case.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { EdgeChoice } from './edge-choice.js';
import { RegionBound } from './region-bound.js';
import { RegionStack } from './region-stack.js';
import { signedTrees } from './signed-tree.js';

const WIDTHS = [[], [], [1], [2], [3], [2, 2]];

const cases = fc.record({
  tree: fc.constantFrom(...WIDTHS.flatMap((widths) => signedTrees(widths))),
  kind: fc.constantFrom('general' as const, 'grid' as const),
  n: fc.integer({ min: 1, max: 12 }),
  depth: fc.integer({ min: 0, max: 60 }),
  share: fc.constantFrom(0, 0.5),
  seed: fc.nat(1e6),
});

it('bounds the value at every point of a region, on the way down from an orthant', () => {
  let undecided = 0;
  let linearTrees = 0;
  fc.assert(
    fc.property(cases, ({ tree, kind, n, depth, share, seed }) => {
      const d = tree.leaves > 1 ? 2 : 3;
      const rows = awkwardRows(kind, n, d, seed);
      const v = normals(n, seed + 1);
      const dims = d * tree.leaves;
      const stack = new RegionStack(rows, tree.leaves);
      const bound = new RegionBound(rows, tree);
      const normal = normalGenerator(seed);
      const edges = new EdgeChoice(tree, dims);
      stack.startOrthant(seed % 2 ** dims, v);
      for (let at = 0; at <= depth; at++) {
        const region = stack.at(at);
        bound.tighten(region, v, share * Math.max(0, Math.min(region.bound, 10)));
        if (region.count > 0 && at > 0) undecided++;
        for (let sample = 0; sample < 6; sample++) {
          const z = new Float64Array(dims);
          for (let k = 0; k < dims; k++) {
            const weight = sample % 2 === 0 ? normal() ** 2 : normal() ** 8;
            for (let t = 0; t < dims; t++) z[t]! += weight * region.rays[k * dims + t]!;
          }
          let value = 0;
          for (let i = 0; i < n; i++)
            value += v[i]! * treeOutput(tree, rows.X.subarray(i * d, (i + 1) * d), z);
          const length = Math.hypot(...z);
          if (region.count === 0) {
            const linear = z.reduce((sum, entry, t) => sum + entry * region.linear[t]!, 0);
            expect(Math.abs(value - linear)).toBeLessThanOrEqual(1e3 * SUMMATION * length);
            if (tree.sign.includes(-1) && region.linear.some((entry) => entry !== 0)) linearTrees++;
          }
          expect(value).toBeLessThanOrEqual(length * (region.bound + 1e3 * SUMMATION));
        }
        stack.split(at, edges.choose(region, v, at));
        region.searched = normal() > 0 ? 0 : 1;
        stack.nextPart(at);
      }
    }),
    fixed(250),
  );
  expect(undecided).toBeGreaterThan(100);
  expect(linearTrees).toBeGreaterThan(100);
});
