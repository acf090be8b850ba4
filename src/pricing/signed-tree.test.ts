import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeOutput } from '../../test/fixtures/pricing-case.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { innerSigns, signedTrees, signToTop, type SignedTree } from './signed-tree.js';

/** A unit written with its children in an order of their own: equal for trees that are permutations of one another. */
function text(tree: SignedTree, unit = tree.units - 1): string {
  const children = Array.from({ length: tree.units }, (_, u) => u)
    .filter((u) => tree.parent[u] === unit)
    .map((u) => (tree.sign[u]! > 0 ? '+' : '-') + text(tree, u));
  return `(${children.sort().join('')})`;
}

describe('signedTrees', () => {
  it.each([
    { widths: [], count: 1 },
    { widths: [1], count: 1 },
    { widths: [2], count: 2 },
    { widths: [5], count: 5 },
    // Two kinds below, each with either sign: C(4 + 1, 2) pairs less the C(2 + 1, 2) without a plus.
    { widths: [2, 2], count: 7 },
    { widths: [1, 1, 1], count: 1 },
    // Three kinds: C(6 + 1, 2) − C(3 + 1, 2).
    { widths: [3, 2], count: 15 },
    // Two kinds, three children: C(4 + 2, 3) − C(2 + 2, 3).
    { widths: [2, 3], count: 16 },
  ])('of widths $widths are $count, no two the same up to order', ({ widths, count }) => {
    const trees = signedTrees(widths);
    expect(trees.length).toBe(count);
    expect(new Set(trees.map((tree) => text(tree))).size).toBe(count);
    for (const tree of trees) {
      expect(tree.leaves).toBe(widths.reduce((product, m) => product * m, 1));
      for (let u = 0; u < tree.units - 1; u++) expect(tree.parent[u]).toBeGreaterThan(u);
      expect(tree.parent[tree.units - 1]).toBe(-1);
    }
  });

  it('cover every sign pattern of a sub-network, but for units that are never active', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<number[][]>([], [1], [2], [3], [2, 2], [2, 3], [3, 2], [2, 2, 2]),
        fc.nat(1e6),
        (widths, seed) => {
          const known = new Map(signedTrees(widths).map((tree) => [text(tree), tree]));
          const [any] = known.values();
          // Random signs on the edges of that shape.
          const sign = Int8Array.from(normals(any!.units, seed), (value) => (value < 0 ? -1 : 1));
          sign[any!.units - 1] = 1;
          const drawn = { ...any!, sign };
          const dead = Array.from({ length: any!.units }, (_, u) => u).some((u) => {
            const below = sign.filter((__, c) => any!.parent[c] === u);
            return below.length > 0 && below.every((value) => value < 0);
          });
          expect(known.has(text(drawn))).toBe(!dead);
        },
      ),
      fixed(300),
    );
  });
});

describe('the signs of a tree', () => {
  it('layer by layer and from a leaf to the top agree with its output', () => {
    for (const widths of [[1], [3], [2, 2], [3, 2]]) {
      for (const tree of signedTrees(widths)) {
        const inner = innerSigns(tree);
        expect(inner.map((layer) => layer[0]!.length)).toEqual(widths);
        expect(inner.flatMap((layer) => layer.flatMap((signs) => [...signs]))).toEqual([
          ...tree.sign.subarray(0, -1),
        ]);
        for (let leaf = 0; leaf < tree.leaves; leaf++) {
          // One leaf alone reaches the output where all its signs are positive.
          const z = Float64Array.from({ length: tree.leaves }, (_, j) => (j === leaf ? 2 : 0));
          let every = true;
          for (let u = leaf; u >= 0; u = tree.parent[u]!) every &&= tree.sign[u]! > 0;
          expect(treeOutput(tree, [1], z)).toBeCloseTo(every ? 2 : 0, 14);
        }
        // Where every unit is on, the output is linear with the products of signs.
        const z = Float64Array.from({ length: tree.leaves }, (_, leaf) =>
          signToTop(tree, leaf) > 0 ? 100 : 1,
        );
        const linear = z.reduce((sum, value, leaf) => sum + signToTop(tree, leaf) * value, 0);
        if (widths.length === 1)
          expect(Math.abs(treeOutput(tree, [1], z) - linear)).toBeLessThan(1e3 * FEW_ROUNDINGS);
      }
    }
  });
});
