import { describe, expect, it, vi } from 'vitest';
import { kernelColumns, kernelData, randomMask } from '../../../test/fixtures/kernels.js';
import { normals } from '../../../test/fixtures/random-program.js';
import { RelucentError } from '../../error.js';
import { availableKernel } from '../choose-kernel.js';
import type { Workspace } from '../kernel.js';
import { openblasKernel } from './native-kernel.js';

/** Many panels of 192 rows, and one block of H for each thread. */
const SHAPE = { n: 801, d: 60, count: 130, outputs: 3, single: false, seed: 1 };

const native = openblasKernel(1);
const found = 'workspace' in native;

/** The parity suites beside kernel.ts run on OpenBLAS too where it is found. */
describe.skipIf(!found)(found ? 'OpenBLAS' : `OpenBLAS (skipped: ${native.found})`, () => {
  it.each([
    { threads: 1, single: false },
    { threads: 1, single: true },
    { threads: 2, single: false },
    { threads: 2, single: true },
  ])('gives the same bits again on $threads threads, float32 $single', ({ threads, single }) => {
    const data = kernelData({ ...SHAPE, single });
    const first = everything(availableKernel({ kernel: 'openblas', threads }).workspace(data));
    for (let time = 0; time < 3; time++) {
      // Another number of threads in between: each workspace keeps to its own.
      everything(availableKernel({ kernel: 'openblas', threads: 3 - threads }).workspace(data));
      const again = everything(availableKernel({ kernel: 'openblas', threads }).workspace(data));
      expect(again.map((result, k) => firstDifference(result, first[k]!))).toEqual(again.map(() => -1));
    }
  });

  it('names the library, its version and the processor in the kernel', () => {
    expect(availableKernel({ kernel: 'openblas' }).name).toMatch(/^OpenBLAS \d+\.\d+\S* \(.*\w.*\)$/);
  });

  it('is only taken where it is asked for', () => {
    expect(availableKernel().name).not.toMatch(/OpenBLAS/);
    expect(availableKernel({ threads: 2 }).name).not.toMatch(/OpenBLAS/);
  });

  it('keeps copies of X, of float64 and of float32', () => {
    for (const single of [false, true]) {
      const data = kernelData({ ...SHAPE, n: 5, d: 2, single });
      const workspace = availableKernel({ kernel: 'openblas' }).workspace(data);
      const before = product(workspace);
      data.X.fill(NaN);
      expect(product(workspace)).toEqual(before);
      expect(before.every(Number.isFinite)).toBe(true);
    }
  });

  it('throws once disposed of, and on a symmetric matrix that was replaced', () => {
    const workspace = availableKernel({ kernel: 'openblas' }).workspace(kernelData(SHAPE));
    const early = workspace.symmetric(3);
    const late = workspace.symmetric(3);
    expect(() => early.factor()).toThrow('symmetric: expected one that is in use, got one that was replaced');
    expect(late.factor()).toBe(0);
    workspace.dispose();
    expect(() => late.factor()).toThrow(
      'workspace: expected one that is in use, got one that was disposed of',
    );
    expect(() => product(workspace)).toThrow(RelucentError);
  });

  it('rejects arrays that are too short before the library reads past their end', () => {
    const { n, d } = SHAPE;
    const workspace = availableKernel({ kernel: 'openblas' }).workspace(kernelData(SHAPE));
    const columns = kernelColumns(SHAPE);
    const z = new Float64Array(SHAPE.count * d);
    const short = (length: number): Float64Array => new Float64Array(length - 1);
    const H = workspace.symmetric(4);
    const at = { row: 2, column: 0, rows: 2, columns: 3 };
    const calls: readonly (readonly [string, () => void])[] = [
      [
        'out',
        () => {
          workspace.addForward(short(3 * n), columns, z);
        },
      ],
      [
        'z',
        () => {
          workspace.addForward(new Float64Array(3 * n), columns, short(z.length));
        },
      ],
      [
        'v',
        () => {
          workspace.adjointInto(z, columns, short(3 * n));
        },
      ],
      [
        'out',
        () => {
          workspace.signedProductInto(short(n), randomMask(n, 1), z);
        },
      ],
      [
        'z',
        () => {
          workspace.signedProductInto(new Float64Array(n), randomMask(n, 1), short(d));
        },
      ],
      [
        'columns',
        () => {
          H.addOuterProducts(short(8), 2, 1);
        },
      ],
      [
        'at',
        () => {
          H.addProduct({ ...at, row: 3 }, z, z, 1, 1);
        },
      ],
      [
        'a',
        () => {
          H.addProduct(at, short(10), z, 5, 1);
        },
      ],
      [
        'b',
        () => {
          H.addProduct(at, z, short(15), 5, 1);
        },
      ],
      [
        'order',
        () => {
          H.addMaskedGram([], z);
        },
      ],
      [
        'scale',
        () => {
          H.scaleAndShift(short(4), 1);
        },
      ],
      [
        'b',
        () => {
          H.solve(short(4));
        },
      ],
    ];
    for (const [where, call] of calls) {
      expect(call).toThrow(expect.objectContaining({ name: 'RelucentError', where }) as Error);
    }
  });
});

describe('a library that RELUCENT_OPENBLAS names and that is not there', () => {
  it('is an error that names it, and no other is taken in its place', () => {
    vi.stubEnv('RELUCENT_OPENBLAS', '/nowhere/libopenblas.so');
    try {
      expect(() => availableKernel({ kernel: 'openblas' })).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          where: 'kernel',
          message: expect.stringMatching(
            /^kernel: expected koffi and an OpenBLAS library for 'openblas', got no.*, or leave kernel out$/,
          ) as string,
        }) as Error,
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** The first number whose bits differ, or −1: comparing 100 000 of them through matchers takes a second. */
function firstDifference(a: Float64Array, b: Float64Array): number {
  const bits = new BigInt64Array(b.buffer, b.byteOffset, b.length);
  return new BigInt64Array(a.buffer, a.byteOffset, a.length).findIndex((value, i) => value !== bits[i]);
}

function product(workspace: Workspace): Float64Array {
  const out = new Float64Array(workspace.n);
  workspace.signedProductInto(out, randomMask(workspace.n, 3), normals(workspace.d, 4));
  return out;
}

/** Results of every operation, of a size that two threads share. */
function everything(workspace: Workspace): readonly Float64Array[] {
  const { n, d, count, outputs } = SHAPE;
  const columns = kernelColumns(SHAPE);
  const forward = new Float64Array(outputs * n);
  workspace.addForward(forward, columns, normals(count * d, 1));
  const images = new Float64Array(count * n);
  workspace.imagesInto(images, columns, normals(count * d, 2));
  const adjoint = new Float64Array(count * d);
  workspace.adjointInto(adjoint, columns, normals(outputs * n, 3));
  const H = workspace.symmetric(n);
  H.addOuterProducts(normals(n * 50, 6), 50, 0.5);
  H.addMaskedGram(columns.masks, Float64Array.from(columns.scales, Math.abs));
  H.addProduct({ row: 400, column: 5, rows: 400, columns: 300 }, normals(4000, 7), normals(3000, 8), 10, 1);
  H.scaleAndShift(normals(n, 9), 1e4);
  expect(H.factor()).toBe(-1);
  const solution = normals(n, 10);
  H.solve(solution);
  return [forward, images, adjoint, product(workspace), solution];
}
