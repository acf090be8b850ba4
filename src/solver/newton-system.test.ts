import { describe, expect, it } from 'vitest';
import { normals, normalRows, randomGates } from '../../test/fixtures/random-program.js';
import { denseGroup, times, transposedTimes } from '../../test/oracles/dense-group.js';
import { realisedPattern, type Rows } from '../arrangement/sub-network-pattern.js';
import { javascriptKernel } from '../kernel/javascript/javascript-kernel.js';
import { UpdatableQr } from '../linalg/updatable-qr.js';
import { axpy, dot, norm2 } from '../linalg/vector.js';
import { diagonalCurvature, type Curvature } from '../loss/curvature.js';
import { softmaxLoss } from '../loss/softmax.js';
import type { ActiveGroup } from './active-group.js';
import { GeneralisedHessian } from './generalised-hessian.js';
import { iterativeStep } from './newton-iterative.js';
import { newtonForm, newtonStep, type NewtonTask } from './newton-system.js';
import { woodburyStep } from './newton-woodbury.js';

const RESIDUAL = 1e-9;

/** Groups on faces of the given codimensions, with a unit direction inside the face. */
function activeGroups(
  rows: Rows,
  codimensions: readonly number[],
  depth: number,
  outputs = 1,
): ActiveGroup[] {
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
      output: k % outputs,
      direction: direction.map((value) => value / length),
      shrink: 0.1 + 0.2 * (k % 4),
      face: codimension === 0 ? null : face,
    };
  });
}

const stepOf = (rows: Rows, task: NewtonTask): Float64Array =>
  newtonStep(javascriptKernel.workspace(rows), task);

/** ‖(I + σ M H)·Δu + g‖ over the size of its terms, with M and H applied without the system under test; H as an n·K × n·K matrix. */
function residualOf(
  rows: Rows,
  groups: readonly ActiveGroup[],
  curvature: Curvature,
  options: { readonly sigma: number; readonly outputs?: number },
): number {
  const { sigma, outputs = 1 } = options;
  const { n } = rows;
  const g = normals(n * outputs, 5);
  const step = stepOf(rows, { curvature, sigma, groups, gradient: g });
  const w = multiplied(curvature, step);
  const image = new Float64Array(n * outputs);
  for (const { pattern, output, direction, shrink, face } of groups) {
    const slice = (values: Float64Array): Float64Array => values.subarray(output * n, (output + 1) * n);
    const { A } = denseGroup(rows, pattern.gates);
    const t = Float64Array.from(transposedTimes(A, slice(w)));
    const along = dot(direction, t);
    // J t = (1 − shrink)·N t + shrink·p̂p̂ᵀt with N t formed column by column.
    const inFace = Float64Array.from(t);
    for (let c = 0; c < (face?.size ?? 0); c++) {
      const normal = face!.basis(c);
      const share = dot(normal, t);
      for (let k = 0; k < t.length; k++) inFace[k]! -= share * normal[k]!;
    }
    const Jt = inFace.map((value, k) => (1 - shrink) * value + shrink * along * direction[k]!);
    axpy(slice(image), sigma, Float64Array.from(times(A, Jt)));
  }
  return norm2(g.map((value, i) => value + step[i]! + image[i]!)) / (norm2(g) + norm2(image));
}

function multiplied(curvature: Curvature, w: Float64Array): Float64Array {
  const out = new Float64Array(w.length);
  curvature.multiplyInto(out, w);
  return out;
}

describe('newtonStep', () => {
  const bent = (n: number): Curvature => diagonalCurvature(normals(n, 3).map((value) => value ** 2));

  it.each([
    ['small faces, solved by Woodbury', 60, 5, [4, 4, 3]],
    ['one full face without cone', 60, 5, [0]],
    ['large faces, solved dense through the Gram matrix', 20, 6, [0, 0, 1, 2, 0, 1]],
    ['mixed faces, solved dense', 12, 5, [4, 0, 3, 1, 4, 4, 2]],
  ] as const)('%s', (_, n, d, codimensions) => {
    const rows = normalRows(n, d, 11);
    for (const sigma of [1e-3, 1, 1e4]) {
      expect(residualOf(rows, activeGroups(rows, codimensions, 2), bent(n), { sigma })).toBeLessThan(
        RESIDUAL,
      );
    }
  });

  it('serves depth 3', () => {
    const rows = normalRows(25, 4, 12);
    const residual = residualOf(rows, activeGroups(rows, [0, 3, 7, 5], 3), bent(25), { sigma: 10 });
    expect(residual).toBeLessThan(RESIDUAL);
  });

  it('allows rows without curvature', () => {
    const rows = normalRows(15, 3, 13);
    const some = diagonalCurvature(normals(15, 3).map((value, i) => (i % 3 === 0 ? 0 : value ** 2)));
    expect(residualOf(rows, activeGroups(rows, [0, 1], 2), some, { sigma: 10 })).toBeLessThan(RESIDUAL);
  });

  it('leaves the faces as they were', () => {
    const rows = normalRows(60, 5, 14);
    const groups = activeGroups(rows, [2, 3], 2);
    residualOf(rows, groups, bent(60), { sigma: 1 });
    expect(groups.map((group) => group.face?.size)).toEqual([2, 3]);
  });

  it('agrees with its matrix-free product', () => {
    const rows = normalRows(30, 4, 15);
    const groups = activeGroups(rows, [1, 0, 2], 2);
    const sigma = 3;
    const g = normals(30, 6);
    const ones = diagonalCurvature(new Float64Array(30).fill(1));
    const step = stepOf(rows, { curvature: ones, sigma, groups, gradient: g });
    const back = Float64Array.from(step);
    new GeneralisedHessian(javascriptKernel.workspace(rows), groups).addProduct(back, step, sigma);
    expect(norm2(back.map((value, i) => value + g[i]!))).toBeLessThan(RESIDUAL * norm2(g));
  });

  it.each([2, 3, 5])('couples %i outputs through the curvature of softmax', (outputs) => {
    const rows = normalRows(25, 4, 16);
    const f = normals(25 * outputs, 7).map((value) => 3 * value);
    const curvature = softmaxLoss.curvature(f, new Float64Array(25));
    for (const sigma of [1e-3, 1, 1e4]) {
      // An output without any group, and several groups for the others.
      const groups = activeGroups(rows, [1, 0, 2, 3, 0, 1, 2], 2, outputs).filter(
        ({ output }) => output !== 1,
      );
      expect(residualOf(rows, groups, curvature, { sigma, outputs })).toBeLessThan(RESIDUAL);
    }
  });
});

describe('iterativeStep', () => {
  it.each([
    ['gated groups', [0, 0, 0, 0], 1],
    ['faces', [2, 1, 0, 3], 1],
    ['several outputs', [1, 0, 2, 3, 0, 1, 2], 3],
  ] as const)('comes as near to the direct step as asked: %s', (_, codimensions, outputs) => {
    const rows = normalRows(40, 4, 17);
    const groups = activeGroups(rows, codimensions, 2, outputs);
    const gradient = normals(40 * outputs, 8);
    const curvature =
      outputs === 1
        ? diagonalCurvature(normals(40, 3).map((value) => value ** 2))
        : softmaxLoss.curvature(normals(40 * outputs, 7), new Float64Array(40));
    for (const sigma of [1e-2, 1, 1e3]) {
      const task = { curvature, sigma, groups, gradient };
      const workspace = javascriptKernel.workspace(rows);
      const direct = multiplied(curvature, woodburyStep(workspace, task));
      for (const accuracy of [0.1, 1e-10]) {
        const step = multiplied(curvature, iterativeStep(workspace, task, accuracy));
        const error = norm2(step.map((value, i) => value - direct[i]!));
        expect(error).toBeLessThan(10 * accuracy * norm2(multiplied(curvature, gradient)));
      }
    }
  });
});

describe('newtonForm', () => {
  const formOf = (
    n: number,
    d: number,
    count: number,
    curvature = diagonalCurvature(new Float64Array(n)),
  ) => {
    const group = activeGroups(normalRows(2, d, 1), [0], 2)[0]!;
    const groups = new Array<ActiveGroup>(count).fill(group);
    return newtonForm(n, d, { curvature, sigma: 1, groups, gradient: new Float64Array(0) });
  };

  it('is the cheapest one', () => {
    expect(formOf(1000, 10, 3)).toBe('woodbury');
    expect(formOf(300, 50, 100)).toBe('dense');
    expect(formOf(5000, 100, 240)).toBe('iterative');
  });

  it('keeps to the memory budget, whatever a direct step would cost', () => {
    expect(formOf(60_000, 784, 300)).toBe('iterative');
    expect(formOf(1e7, 20, 20)).toBe('iterative');
  });
});
