import { CellTree } from './cell-tree.js';
import { Cone } from './cone.js';
import type { Hyperplanes } from './hyperplanes.js';
import { rootCones } from './root-cones.js';

/** A cell of the first layer with what its products with other cells are built from. */
export interface FirstLayerCell {
  /** Side of each hyperplane, +1 or −1. */
  readonly sign: Int8Array;
  /** The closed cell in coordinates, by its extreme rays. */
  readonly cone: Cone;
}

/**
 * All cells of an arrangement with their rays, opposite cells next to each other. Unlike `cells` this is a list: every
 * cell meets every other in a product. Rank 0 has one cell, the zero-dimensional space.
 */
export function firstLayerCells(planes: Hyperplanes): FirstLayerCell[] {
  const { rank, count, normals } = planes;
  if (rank === 0) return [{ sign: new Int8Array(0), cone: new Cone(0) }];
  const found: FirstLayerCell[] = [];
  const tree = new CellTree({ values: normals, dimension: rank }, count, { wantRays: true });
  for (const root of rootCones(planes)) {
    tree.start(root);
    while (tree.next()) {
      const cone = copyOf(tree.cone, 1);
      found.push({ sign: tree.sign.slice(), cone });
      found.push({ sign: tree.sign.map((side) => -side), cone: copyOf(cone, -1) });
    }
  }
  return found;
}

function copyOf(from: Cone, factor: 1 | -1): Cone {
  const cone = new Cone(from.dimension);
  cone.clear(from.words, from.facets, 0);
  for (let j = 0; j < from.rayCount; j++) cone.copyRay(from, j);
  cone.rays = cone.rays.map((value) => factor * value);
  cone.dropRedundant();
  return cone;
}

/**
 * Writes C₁ × … × C_m into `out`, a cone of dimension m·r: its rays are the rays of one factor with zeros in the other
 * blocks, so they lie on every facet of the other factors.
 */
export function productInto(out: Cone, factors: readonly Cone[]): void {
  const facets = factors.reduce((sum, cone) => sum + cone.facets, 0);
  // One bit more, so that the first split finds room.
  out.clear((facets >>> 5) + 1, facets, 0);
  let block = 0;
  let firstBit = 0;
  for (const cone of factors) {
    for (let k = 0; k < cone.rayCount; k++) appendRay(out, cone, { k, block, firstBit });
    block += cone.dimension;
    firstBit += cone.facets;
  }
}

function appendRay(
  out: Cone,
  cone: Cone,
  { k, block, firstBit }: { k: number; block: number; firstBit: number },
): void {
  const { dimension: r, facets, words } = cone;
  out.reserveRay();
  const j = out.rayCount++;
  out.rays.fill(0, j * out.dimension, (j + 1) * out.dimension);
  out.rays.set(cone.rays.subarray(k * r, (k + 1) * r), j * out.dimension + block);
  out.tight.fill(0, j * out.words, (j + 1) * out.words);
  for (let bit = 0; bit < out.facets; bit++) {
    const own = bit - firstBit;
    const lies =
      own < 0 || own >= facets || ((cone.tight[k * words + (own >>> 5)]! >>> (own & 31)) & 1) === 1;
    if (lies) out.markTight(j, bit);
  }
}
