import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import {
  allKernels,
  kernelColumns,
  kernelData,
  kernelShape,
  randomMask,
  type KernelShape,
} from '../../test/fixtures/kernels.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import {
  plainAdjoint,
  plainForward,
  plainImages,
  plainSignedProduct,
} from '../../test/oracles/plain-products.js';
import { SUMMATION } from '../../test/tolerances.js';

/**
 * Shapes past every block: chunks of 48 rows, depth 256, 96 columns of the adjoint, masks of many words; columns, rows and
 * bytes of X that are copied at a time; X beyond what stays in a cache.
 */
const LARGE: readonly KernelShape[] = [
  { n: 97, d: 515, count: 7, outputs: 1, single: false, seed: 1 },
  { n: 97, d: 515, count: 7, outputs: 2, single: true, seed: 2 },
  { n: 1031, d: 64, count: 101, outputs: 3, single: false, seed: 3 },
  { n: 1031, d: 101, count: 99, outputs: 1, single: true, seed: 4 },
  { n: 1, d: 1, count: 1, outputs: 1, single: false, seed: 5 },
  { n: 513, d: 1, count: 200, outputs: 10, single: false, seed: 6 },
  { n: 1100, d: 2, count: 2100, outputs: 1, single: false, seed: 7 },
  { n: 10_500, d: 101, count: 3, outputs: 1, single: false, seed: 8 },
  { n: 10_500, d: 101, count: 3, outputs: 1, single: true, seed: 9 },
  { n: 800_000, d: 1, count: 3, outputs: 3, single: false, seed: 10 },
];

describe.each(allKernels())('kernel $name', ({ kernel }) => {
  function checkProducts(shape: KernelShape): void {
    const data = kernelData(shape);
    const columns = kernelColumns(shape);
    const { n, d } = data;
    const workspace = kernel.workspace(data);
    const z = normals(columns.masks.length * d, shape.seed + 3);
    const slots = Math.max(-1, ...columns.outputs) + 1;
    const v = normals(slots * n, shape.seed + 4);
    const before = normals(slots * n, shape.seed + 5);

    const forward = Float64Array.from(before);
    workspace.addForward(forward, columns, z);
    const expected = plainForward(data, columns, z).map((value, i) => value + before[i]!);
    expectClose(forward, expected, SUMMATION, 1 + sizeOf(expected));

    const images = new Float64Array(columns.masks.length * n).fill(NaN);
    workspace.imagesInto(images, columns, z);
    const expectedImages = plainImages(data, columns, z);
    expectClose(images, expectedImages, SUMMATION, 1 + sizeOf(expectedImages));

    const adjoint = new Float64Array(columns.masks.length * d).fill(NaN);
    workspace.adjointInto(adjoint, columns, v);
    const expectedAdjoint = plainAdjoint(data, columns, v);
    expectClose(adjoint, expectedAdjoint, SUMMATION, 1 + sizeOf(expectedAdjoint));

    const mask = randomMask(n, shape.seed + 6);
    const slacks = new Float64Array(n);
    const direction = normals(d, shape.seed + 8);
    workspace.signedProductInto(slacks, mask, direction);
    const expectedSlacks = plainSignedProduct(data, mask, direction);
    expectClose(slacks, expectedSlacks, SUMMATION, 1 + sizeOf(expectedSlacks));
    workspace.dispose();
  }

  it('equals plain loops on small shapes of all kinds', () => {
    fc.assert(fc.property(kernelShape, checkProducts), fixed(150));
  });

  it.each(LARGE)('equals plain loops past its blocks: n $n, d $d, $count columns', checkProducts);

  it('meets ⟨A z, v⟩ = ⟨z, Aᵀ v⟩', () => {
    const shape = { n: 333, d: 37, count: 41, outputs: 3, single: false, seed: 9 };
    const data = kernelData(shape);
    const columns = kernelColumns(shape);
    const workspace = kernel.workspace(data);
    const z = normals(shape.count * shape.d, 10);
    const v = normals(shape.outputs * shape.n, 11);
    const image = new Float64Array(v.length);
    workspace.addForward(image, columns, z);
    const adjoint = new Float64Array(z.length);
    workspace.adjointInto(adjoint, columns, v);
    expectClose([inner(image, v)], [inner(adjoint, z)], SUMMATION, inner(image, image) + inner(v, v));
    workspace.dispose();
  });

  it('gives the same bits again, whatever the workspace did before', () => {
    const shape = { n: 301, d: 29, count: 33, outputs: 2, single: false, seed: 12 };
    const data = kernelData(shape);
    const columns = kernelColumns(shape);
    const z = normals(shape.count * shape.d, 13);
    const used = kernel.workspace(data);
    used.symmetric(50).factor();
    used.adjointInto(new Float64Array(z.length), columns, normals(2 * shape.n, 14).fill(NaN));
    const first = new Float64Array(shape.outputs * shape.n);
    const second = new Float64Array(shape.outputs * shape.n);
    kernel.workspace(data).addForward(first, columns, z);
    used.addForward(second, columns, z);
    expect(second).toEqual(first);
  });

  it('reads nothing that an earlier call left behind', () => {
    // 64 rows fill their words of the masks and are padded with rows that have none.
    const shape = { n: 64, d: 3, count: 5, outputs: 2, single: false, seed: 15 };
    const data = kernelData(shape);
    const columns = kernelColumns(shape);
    const v = normals(shape.outputs * shape.n, 16);
    const used = kernel.workspace(data);
    const many = kernelColumns({ ...shape, count: 300, outputs: 9 });
    used.addForward(new Float64Array(9 * 64).fill(NaN), many, new Float64Array(900).fill(NaN));
    const first = new Float64Array(15);
    const second = new Float64Array(15);
    kernel.workspace(data).adjointInto(first, columns, v);
    used.adjointInto(second, columns, v);
    expect(second).toEqual(first);
  });

  it('ignores residuals outside a mask, infinite ones too', () => {
    const data = { X: Float64Array.of(1, 2, 3), n: 3, d: 1 };
    const columns = {
      masks: [Uint32Array.of(0b101)],
      scales: Float64Array.of(2),
      outputs: Int32Array.of(0),
    };
    const out = new Float64Array(1);
    kernel.workspace(data).adjointInto(out, columns, Float64Array.of(1, Infinity, 10));
    expect(out).toEqual(Float64Array.of(62));
  });
});

function sizeOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
