import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { allKernels, kernelData, randomMask } from '../../test/fixtures/kernels.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { PlainSymmetric } from '../../test/oracles/plain-products.js';
import { FACTORISATION } from '../../test/tolerances.js';
import type { SymmetricMatrix } from './kernel.js';

const ONE_ROW = { X: Float64Array.of(1), n: 1, d: 1 };

describe.each(allKernels())('symmetric matrix of kernel $name', ({ kernel }) => {
  /** Compares H through H·x = b: a wrong entry anywhere leaves a residual. H is first made definite, on both sides. */
  function expectEqual(actual: SymmetricMatrix, expected: PlainSymmetric, seed: number): void {
    const { order, H } = expected;
    const ones = new Float64Array(order).fill(1);
    let shift = 1;
    for (let i = 0; i < order; i++) {
      let row = 0;
      for (let j = 0; j < order; j++) row += Math.abs(H[i * order + j]!);
      shift = Math.max(shift, row);
    }
    actual.scaleAndShift(ones, 2 * shift);
    expected.scaleAndShift(ones, 2 * shift);
    expect(actual.factor()).toBe(-1);
    const b = normals(order, seed);
    const x = Float64Array.from(b);
    actual.solve(x);
    expectClose(expected.times(x), b, FACTORISATION, 10);
  }

  it.each([1, 2, 3, 4, 5, 6, 11, 12, 13, 47, 48, 49, 95, 96, 97, 99, 150, 200])(
    'adds outer products, scales and solves at order %i',
    (order) => {
      for (const count of [0, 1, 3, 40]) {
        const H = kernel.workspace(ONE_ROW).symmetric(order);
        const expected = new PlainSymmetric(order);
        const columns = normals(order * count, order + count);
        const scale = normals(order, order + 1);
        for (const h of [H, expected]) {
          h.addOuterProducts(columns, count, -0.5);
          h.scaleAndShift(scale, 0.25);
        }
        expectEqual(H, expected, count);
      }
    },
  );

  it('adds more outer products than one block holds', () => {
    const H = kernel.workspace(ONE_ROW).symmetric(30);
    const expected = new PlainSymmetric(30);
    const columns = normals(30 * 600, 1);
    for (const h of [H, expected]) h.addOuterProducts(columns, 600, 2);
    expectEqual(H, expected, 2);
  });

  const rectangles = fc.record({
    order: fc.integer({ min: 1, max: 70 }),
    parts: fc.array(fc.tuple(fc.nat(69), fc.nat(69), fc.nat(69), fc.nat(69), fc.nat(9)), { maxLength: 3 }),
    seed: fc.nat(1_000),
  });

  it('adds products to any rectangle, below, on and above the diagonal', () => {
    fc.assert(
      fc.property(rectangles, ({ order, parts, seed }) => {
        const H = kernel.workspace(ONE_ROW).symmetric(order);
        const expected = new PlainSymmetric(order);
        for (const [row, column, rows, columns, inner] of parts) {
          const at = { row: row % order, column: column % order };
          const size = { rows: rows % (order - at.row + 1), columns: columns % (order - at.column + 1) };
          const a = normals(size.rows * inner, seed);
          const b = normals(size.columns * inner, seed + 1);
          for (const h of [H, expected]) h.addProduct({ ...at, ...size }, a, b, inner, 1.5);
        }
        expectEqual(H, expected, seed);
      }),
      fixed(150),
    );
  });

  it('adds to more columns than are packed at a time', () => {
    const order = 2100;
    const H = kernel.workspace(ONE_ROW).symmetric(order);
    const expected = new PlainSymmetric(order);
    const columns = normals(order * 2, 1);
    const at = { row: 30, column: 20, rows: 2065, columns: 2050 };
    const a = normals(2065 * 2, 2);
    const b = normals(2050 * 2, 3);
    for (const h of [H, expected]) {
      h.addOuterProducts(columns, 2, 1);
      h.addProduct(at, a, b, 2, -1);
    }
    expectEqual(H, expected, 4);
  });

  it('adds products deeper than one block', () => {
    const H = kernel.workspace(ONE_ROW).symmetric(40);
    const expected = new PlainSymmetric(40);
    const at = { row: 11, column: 3, rows: 25, columns: 17 };
    const a = normals(25 * 520, 1);
    const b = normals(17 * 520, 2);
    for (const h of [H, expected]) h.addProduct(at, a, b, 520, -1);
    expectEqual(H, expected, 3);
  });

  it.each([
    { n: 1, d: 1, count: 1, single: false },
    { n: 37, d: 5, count: 0, single: false },
    { n: 50, d: 3, count: 10, single: true },
    { n: 101, d: 300, count: 270, single: false },
    { n: 100, d: 290, count: 7, single: true },
  ])('adds the masked Gram matrix, n $n, d $d, $count masks, float32 $single', ({ n, d, count, single }) => {
    const data = kernelData({ n, d, count, outputs: 1, single, seed: n });
    const workspace = kernel.workspace(data);
    const masks = Array.from({ length: count }, (_, c) => randomMask(n, c));
    const weights = normals(count, 3).map(Math.abs);
    // Twice: the second time XXᵀ is there already, and the matrix is new.
    for (let time = 0; time < 2; time++) {
      const H = workspace.symmetric(n);
      const expected = new PlainSymmetric(n);
      H.addMaskedGram(masks, weights);
      expected.addMaskedGram(data, masks, weights);
      expectEqual(H, expected, time);
    }
  });

  it('starts at zero and clears, in memory that was used before', () => {
    const workspace = kernel.workspace(ONE_ROW);
    for (const order of [20, 33, 7]) {
      const H = workspace.symmetric(order);
      H.addOuterProducts(normals(order * 2, order), 2, 1);
      H.clear();
      H.scaleAndShift(new Float64Array(order), 4);
      expect(H.factor()).toBe(-1);
      const b = normals(order, 1);
      const x = Float64Array.from(b);
      H.solve(x);
      expect(x).toEqual(b.map((value) => value / 4));
    }
  });

  it.each([
    { order: 1, pivot: 0 },
    { order: 5, pivot: 3 },
    { order: 13, pivot: 12 },
    { order: 97, pivot: 96 },
    { order: 130, pivot: 50 },
    { order: 300, pivot: 205 },
  ])('names pivot $pivot of order $order where the matrix is indefinite there', ({ order, pivot }) => {
    const H = kernel.workspace(ONE_ROW).symmetric(order);
    H.addOuterProducts(normals(order * 3, order), 3, 0.01);
    const one = new Float64Array(order);
    one[pivot] = 1;
    H.scaleAndShift(new Float64Array(order).fill(1), 1);
    H.addOuterProducts(one, 1, -3);
    expect(H.factor()).toBe(pivot);
  });

  it('names the first pivot that is zero or not a number', () => {
    const zero = kernel.workspace(ONE_ROW).symmetric(14);
    expect(zero.factor()).toBe(0);
    const broken = kernel.workspace(ONE_ROW).symmetric(14);
    broken.scaleAndShift(new Float64Array(14), 1);
    broken.addProduct(
      { row: 13, column: 0, rows: 1, columns: 1 },
      Float64Array.of(NaN),
      Float64Array.of(1),
      1,
      1,
    );
    expect(broken.factor()).toBe(13);
  });
});
