import { describe, expect, it } from 'vitest';
import { normals, normalRows, randomGates } from '../../test/fixtures/random-program.js';
import { realisedPattern, type Rows } from '../arrangement/sub-network-pattern.js';
import { UpdatableQr } from '../linalg/updatable-qr.js';
import { dot, norm2 } from '../linalg/vector.js';
import { addForward, adjointInto } from '../operator/sub-network-operator.js';
import { addGeneralisedHessian, NewtonSystem, type ActiveGroup } from './newton-system.js';

const RESIDUAL = 1e-9;

/** Groups on faces of the given codimensions, with a unit direction inside the face. */
function activeGroups(rows: Rows, codimensions: readonly number[], depth: number): ActiveGroup[] {
  return codimensions.map((codimension, k) => {
    const pattern = realisedPattern(rows, randomGates(rows.d, depth, 2, k + 1));
    const dims = pattern.leaves.length * rows.d;
    const face = new UpdatableQr(dims);
    for (let c = 0; c < codimension; c++) face.append(normals(dims, 100 * k + c));
    const direction = normals(dims, 1000 + k);
    face.removeSpanFrom(direction);
    const length = norm2(direction);
    return {
      pattern,
      direction: direction.map((value) => value / length),
      shrink: 0.1 + 0.2 * (k % 4),
      face: codimension === 0 ? null : face,
    };
  });
}

/** ‖(I + σ S AJAᵀ S)q − rhs‖ / ‖rhs‖ with the matrix applied without the system under test. */
function residualOf(rows: Rows, groups: readonly ActiveGroup[], scale: Float64Array, sigma: number): number {
  const rhs = normals(rows.n, 5);
  const q = new NewtonSystem(rows).solve(scale, sigma, groups, rhs);
  const image = new Float64Array(rows.n);
  for (const { pattern, direction, shrink, face } of groups) {
    const t = new Float64Array(direction.length);
    adjointInto(
      t,
      rows,
      pattern,
      q.map((value, i) => value * scale[i]!),
    );
    const along = dot(direction, t);
    // J t = (1 − shrink)·N t + shrink·p̂p̂ᵀt with N t formed column by column.
    const inFace = Float64Array.from(t);
    for (let c = 0; c < (face?.size ?? 0); c++) {
      const normal = face!.basis(c);
      const share = dot(normal, t);
      for (let k = 0; k < t.length; k++) inFace[k]! -= share * normal[k]!;
    }
    const Jt = inFace.map((value, k) => (1 - shrink) * value + shrink * along * direction[k]!);
    addForward(image, rows, pattern, Jt, sigma);
  }
  return norm2(rhs.map((value, i) => value - q[i]! - scale[i]! * image[i]!)) / norm2(rhs);
}

describe('NewtonSystem', () => {
  const scaleOf = (n: number): Float64Array => normals(n, 3).map(Math.abs);

  it.each([
    ['small faces, solved by Woodbury', 60, 5, [4, 4, 3]],
    ['one full face without cone', 60, 5, [0]],
    ['large faces, solved dense through the Gram matrix', 20, 6, [0, 0, 1, 2, 0, 1]],
    ['mixed faces, solved dense', 12, 5, [4, 0, 3, 1, 4, 4, 2]],
  ] as const)('%s', (_, n, d, codimensions) => {
    const rows = normalRows(n, d, 11);
    for (const sigma of [1e-3, 1, 1e4]) {
      expect(residualOf(rows, activeGroups(rows, codimensions, 2), scaleOf(n), sigma)).toBeLessThan(RESIDUAL);
    }
  });

  it('serves depth 3', () => {
    const rows = normalRows(25, 4, 12);
    const residual = residualOf(rows, activeGroups(rows, [0, 3, 7, 5], 3), scaleOf(25), 10);
    expect(residual).toBeLessThan(RESIDUAL);
  });

  it('allows rows without curvature, and no groups at all', () => {
    const rows = normalRows(15, 3, 13);
    const scale = scaleOf(15).map((value, i) => (i % 3 === 0 ? 0 : value));
    expect(residualOf(rows, activeGroups(rows, [0, 1], 2), scale, 10)).toBeLessThan(RESIDUAL);
    expect(residualOf(rows, [], scale, 10)).toBe(0);
  });

  it('leaves the faces as they were', () => {
    const rows = normalRows(60, 5, 14);
    const groups = activeGroups(rows, [2, 3], 2);
    residualOf(rows, groups, scaleOf(60), 1);
    expect(groups.map((group) => group.face?.size)).toEqual([2, 3]);
  });

  it('agrees with its matrix-free product', () => {
    const rows = normalRows(30, 4, 15);
    const groups = activeGroups(rows, [1, 0, 2], 2);
    const sigma = 3;
    const rhs = normals(30, 6);
    const ones = new Float64Array(30).fill(1);
    const q = new NewtonSystem(rows).solve(ones, sigma, groups, rhs);
    const back = Float64Array.from(q);
    addGeneralisedHessian(back, rows, groups, q, sigma);
    expect(norm2(back.map((value, i) => value - rhs[i]!))).toBeLessThan(RESIDUAL * norm2(rhs));
  });
});
