import { describe, expect, it } from 'vitest';
import { expectClose } from '../fixtures/close.js';
import { normals } from '../fixtures/random-program.js';
import { FEW_ROUNDINGS, PROJECTION } from '../tolerances.js';
import { projectByFaces, projectByQuadprog } from './cone.js';
import { denseGroup, times } from './dense-group.js';

describe('the two reference projections', () => {
  it('are hand-solved on a quadrant and a half-plane', () => {
    for (const project of [projectByFaces, projectByQuadprog]) {
      expectClose(project([[1, 0], [0, 2]], [-3, 4]), [0, 4], FEW_ROUNDINGS); // prettier-ignore
      expectClose(project([[1, 1]], [-2, 0]), [-1, 1], 4 * FEW_ROUNDINGS);
      expect(project([[1, 0], [0, 0]], [3, -4])).toEqual([3, -4]); // prettier-ignore
      expectClose(project([[1, 0], [0, 1]], [-3, -4]), [0, 0], FEW_ROUNDINGS, 1); // prettier-ignore
    }
  });

  it('agree on random cones that contain a given point', () => {
    for (let seed = 0; seed < 40; seed++) {
      const inside = normals(3, 20 * seed);
      const B = Array.from({ length: 7 }, (_, i) => Array.from(normals(3, 20 * seed + i + 1))).map((row) =>
        times([row], inside)[0]! < 0 ? row.map((value) => -value) : row,
      );
      const x = normals(3, 20 * seed + 15);
      expectClose(projectByQuadprog(B, x), projectByFaces(B, x), PROJECTION, 1);
    }
  });
});

describe('denseGroup', () => {
  it('is hand-solved for two neurons of opposite sign', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1), n: 3, d: 2 };
    const gates = {
      first: [Float64Array.of(2, -1), Float64Array.of(-1, 1)],
      inner: [[Float64Array.of(1, -3)]],
    };
    // Row 1: only neuron 1 is on. Row 2: only neuron 2, so the output is off. Row 3: both (0 counts), output on.
    const { A, B } = denseGroup(rows, gates);
    expect(A).toEqual([[1, 0, 0, 0], [0, 0, 0, 0], [1, 1, -1, -1]]); // prettier-ignore
    // prettier-ignore
    expect(B.map((row) => row.map((value) => value + 0))).toEqual([
      [1, 0, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0],
      [0, -1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1],
      [1, 1, 0, 0], [0, 0, 1, 1], [1, 1, -1, -1],
    ]);
  });
});
