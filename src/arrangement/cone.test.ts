import { describe, expect, it } from 'vitest';
import { Cone } from './cone.js';
import { ConeSplitter } from './cone-splitter.js';

/** The cone of the coordinate axes. */
function orthant(dimension: number): Cone {
  const cone = new Cone(dimension);
  cone.clear(1, dimension, 1);
  for (let j = 0; j < dimension; j++) {
    cone.reserveRay();
    cone.rays.fill(0, j * dimension, (j + 1) * dimension);
    cone.rays[j * dimension + j] = 1;
    cone.tight[j] = 0;
    for (let bit = 0; bit < dimension; bit++) if (bit !== j) cone.markTight(j, bit);
    cone.rayCount++;
  }
  return cone;
}

/** The cone inside the first orthant of R³ between planes tangent to a circular cone around its middle: m more facets. */
function polygon(m: number): Cone {
  let cone = orthant(3);
  const tangent = (k: number): number[] => {
    const angle = (2 * Math.PI * (k + 0.1)) / m;
    const along = [Math.cos(angle) / Math.SQRT2, -Math.cos(angle) / Math.SQRT2, 0];
    const across = [1, 1, -2].map((value) => (Math.sin(angle) * value) / Math.sqrt(6));
    return along.map((value, t) => value + across[t]! + 0.2);
  };
  for (let k = 0; k < m; k++) {
    const length = Math.hypot(...tangent(k));
    const values = Float64Array.from(tangent(k), (value) => value / length);
    const splitter = new ConeSplitter({ values, dimension: 3 }, 1e-10);
    const [plus, minus] = [new Cone(3), new Cone(3)];
    splitter.place(cone, 0);
    splitter.split(cone, 0, plus, minus);
    plus.crossing = new Int32Array(1);
    cone = plus;
  }
  return cone;
}

describe('Cone', () => {
  it('splits the orthant of space in two, with the cut on both sides', () => {
    const splitter = new ConeSplitter({ values: Float64Array.of(0.6, -0.8, 0), dimension: 3 }, 1e-10);
    const [plus, minus] = [new Cone(3), new Cone(3)];
    const parent = orthant(3);
    splitter.place(parent, 0);
    expect(parent.crossingCount).toBe(1);
    splitter.split(parent, 0, plus, minus);
    const rays = (cone: Cone): number[][] =>
      Array.from({ length: cone.rayCount }, (_, j) => [...cone.rays.subarray(3 * j, 3 * j + 3)]);
    expect(rays(plus)).toEqual([[0, 0, 1], [0.8, 0.6, 0], [1, 0, 0]]); // prettier-ignore
    expect(rays(minus)).toEqual([[0, 0, 1], [0.8, 0.6, 0], [0, 1, 0]]); // prettier-ignore
    expect([plus.facets, plus.resolved[0], minus.resolved[0]]).toEqual([4, 0, 1]);
    plus.dropRedundant();
    expect(plus.facets).toBe(3);
  });

  it.each([4, 20, 31, 32, 33, 70])('has as many rays as facets in space: %i tangents', (m) => {
    const cone = polygon(m);
    cone.dropRedundant();
    expect(cone.rayCount).toBe(m);
    expect(cone.facets).toBe(m);
    expect(cone.words).toBe(Math.ceil(m / 32));
    // Each ray is on two facets, each facet has two rays.
    let bits = 0;
    for (const word of cone.tight.subarray(0, m * cone.words)) {
      bits += Array.from({ length: 32 }, (_, bit) => (word >>> bit) & 1).reduce((a, b) => a + b);
    }
    expect(bits).toBe(2 * m);
  });
});
