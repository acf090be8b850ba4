import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awkwardRowsArbitrary, dualVector, termSize, treeOutput, unitVector } from '../../test/fixtures/pricing-case.js'; // prettier-ignore
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { everyGates } from '../../test/oracles/largest-support.js';
import { SUMMATION } from '../../test/tolerances.js';
import { normalGenerator } from '../random.js';
import { inInputSpace, mergedWeights, pricingRows } from './pricing-rows.js';
import { momentBound } from './moment-bound.js';
import { signedTrees } from './signed-tree.js';
import { ArrangementOracle } from './arrangement-oracle.js';

const trees = [[], [2], [3], [2, 2]].flatMap((widths) => signedTrees(widths));

describe('pricingRows', () => {
  it('keeps Σ v_i h(x_i) for networks h of any depth, up to the residual', () => {
    fc.assert(
      fc.property(
        awkwardRowsArbitrary({ maxN: 12, maxD: 4 }),
        fc.constantFrom(...trees),
        fc.nat(1e6),
        (rows, tree, seed) => {
          const pricing = pricingRows(rows);
          const v = dualVector(rows.n, seed);
          const merged = mergedWeights(pricing, v);
          const { X, n, d } = pricing.rows;
          const z = unitVector(tree.leaves * d, normalGenerator(seed + 1));
          const wide = new Float64Array(tree.leaves * rows.d);
          for (let leaf = 0; leaf < tree.leaves; leaf++) {
            wide.set(inInputSpace(pricing, z.subarray(leaf * d, (leaf + 1) * d), rows.d), leaf * rows.d);
          }
          let own = 0;
          let reduced = 0;
          let left = 0;
          for (let i = 0; i < rows.n; i++) {
            own += v[i]! * treeOutput(tree, rows.X.subarray(i * rows.d, (i + 1) * rows.d), wide);
            left += Math.abs(v[i]!) * pricing.residual[i]!;
          }
          for (let k = 0; k < n; k++)
            reduced += merged[k]! * treeOutput(tree, X.subarray(k * d, (k + 1) * d), z);
          const rounding = SUMMATION * termSize(rows, v);
          expect(Math.abs(own - reduced)).toBeLessThanOrEqual(Math.sqrt(tree.leaves) * left + rounding);
        },
      ),
      fixed(300),
    );
  });

  it('merges positive multiples, keeps opposite rows, leaves out zeros and spare dimensions', () => {
    const X = Float64Array.of(1, 2, 0, 3, 6, 0, -1, -2, 0, 0, 0, 0, 0.1, 0.2, 0, 1, 0, 0);
    const { rows, source, factor, basis } = pricingRows({ X, n: 6, d: 3 });
    expect([...source]).toEqual([0, 0, 1, -1, 0, 2]);
    expect(rows).toMatchObject({ n: 3, d: 2 });
    expect(basis!.length).toBe(6);
    expect(factor[1]).toBeCloseTo(3, 14);
    expect(factor[4]).toBeCloseTo(0.1, 15);
    const tiny = pricingRows({ X: Float64Array.of(1e-200, 2e-200, 1, 2), n: 2, d: 2 });
    expect([...tiny.source]).toEqual([0, 0]);
    expect(tiny.factor[1]! / 1e200).toBeCloseTo(1, 12);
  });

  it('covers what it leaves out of nearly dependent columns', () => {
    for (const share of [1e-14, 1e-15, 1e-16, 1e-17]) {
      const rows = normalRows(12, 3, 5);
      for (let i = 0; i < 12; i++) rows.X[i * 3 + 2] = rows.X[i * 3]! + share * rows.X[i * 3 + 2]!;
      const { basis, residual, rows: reduced } = pricingRows(rows);
      for (let i = 0; i < 12; i++) {
        const x = rows.X.subarray(i * 3, i * 3 + 3);
        const back = inInputSpace({ basis }, reduced.X.subarray(i * reduced.d, (i + 1) * reduced.d), 3); // prettier-ignore
        expect(Math.hypot(...x.map((value, t) => value - back[t]!))).toBeLessThanOrEqual(residual[i]! * 1.5);
      }
    }
  });
});

describe('momentBound and the loose bound of a tree', () => {
  it('are above every network', () => {
    fc.assert(
      fc.property(
        awkwardRowsArbitrary({ maxN: 12, maxD: 4 }),
        fc.constantFrom([], [2], [3], [2, 2]),
        fc.nat(1e6),
        (rows, widths, seed) => {
          const v = dualVector(rows.n, seed);
          const oracle = new ArrangementOracle(rows, { widths, outputs: 1, starts: 1, seed: 0, regions: 1 });
          const loose = oracle.loose(v);
          const moment = momentBound(rows, v);
          const normal = normalGenerator(seed);
          const rounding = SUMMATION * termSize(rows, v);
          for (const tree of signedTrees(widths)) {
            for (let k = 0; k < 20; k++) {
              const z = unitVector(tree.leaves * rows.d, normal);
              let value = 0;
              for (let i = 0; i < rows.n; i++) {
                value += v[i]! * treeOutput(tree, rows.X.subarray(i * rows.d, (i + 1) * rows.d), z);
              }
              expect(Math.abs(value)).toBeLessThanOrEqual(loose + rounding);
              if (widths.length === 0) expect(value).toBeLessThanOrEqual(moment + rounding);
            }
          }
        },
      ),
      fixed(150),
    );
  });

  it('are within a factor of five of the maximum on normal rows', () => {
    const rows = normalRows(10, 3, 1);
    const v = normals(10, 2);
    let most = 0;
    for (const { first } of everyGates(rows, [])) {
      let value = 0;
      for (let i = 0; i < 10; i++) {
        value += v[i]! * treeOutput(trees[0]!, rows.X.subarray(i * 3, i * 3 + 3), first[0]!);
      }
      most = Math.max(most, value);
    }
    expect(momentBound(rows, v)).toBeLessThanOrEqual(5 * most);
  });
});
