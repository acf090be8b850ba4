import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectClose } from '../../../test/fixtures/close.js';
import { fixed, normals } from '../../../test/fixtures/random-program.js';
import { SUMMATION } from '../../../test/tolerances.js';
import { addProductTransposed, type Block } from './gemm.js';

interface Size {
  readonly rows: number;
  readonly cols: number;
  readonly inner: number;
}

/** A rows×cols block of normal numbers inside a larger array. */
function block(rows: number, cols: number, seed: number, offset = 0, padding = 0): Block {
  const stride = cols + padding;
  return { data: normals(offset + rows * stride + 3, seed), offset, stride };
}

function at({ data, offset, stride }: Block, i: number, j: number): number {
  return data[offset + i * stride + j]!;
}

/** The whole array behind C after C += alpha·A·Bᵀ, by plain loops. */
function plainResult(c: Block, a: Block, b: Block, { rows, cols, inner }: Size, alpha: number): Float64Array {
  const out = Float64Array.from(c.data);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += at(a, i, k) * at(b, j, k);
      out[c.offset + i * c.stride + j]! += alpha * sum;
    }
  }
  return out;
}

describe('addProductTransposed', () => {
  it('equals plain loops at every tail size, 0 and 1 included', () => {
    for (let rows = 0; rows <= 9; rows++) {
      for (let cols = 0; cols <= 5; cols++) {
        for (const inner of [0, 1, 2, 3, 7]) {
          const size = { rows, cols, inner };
          const a = block(rows, inner, 1);
          const b = block(cols, inner, 2);
          const c = block(rows, cols, 3);
          const expected = plainResult(c, a, b, size, -0.5);
          addProductTransposed(c, a, b, size, -0.5);
          expectClose(c.data, expected, SUMMATION, 1 + inner);
        }
      }
    }
  });

  it('crosses blocks of the inner dimension', () => {
    for (const inner of [383, 384, 385, 769]) {
      const size = { rows: 6, cols: 3, inner };
      const a = block(6, inner, 4);
      const b = block(3, inner, 5);
      const c = block(6, 3, 6);
      const expected = plainResult(c, a, b, size, 1);
      addProductTransposed(c, a, b, size, 1);
      expectClose(c.data, expected, SUMMATION, inner);
    }
  });

  it('respects offsets and strides, and touches nothing outside C', () => {
    const shape = fc.record({
      rows: fc.nat(10),
      cols: fc.nat(6),
      inner: fc.nat(6),
      offset: fc.nat(5),
      padding: fc.nat(4),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(shape, ({ rows, cols, inner, offset, padding, seed }) => {
        const a = block(rows, inner, seed, offset, padding);
        const b = block(cols, inner, seed + 1, padding, offset);
        const c = block(rows, cols, seed + 2, offset + 1, padding + 1);
        const expected = plainResult(c, a, b, { rows, cols, inner }, 2);
        addProductTransposed(c, a, b, { rows, cols, inner }, 2);
        expectClose(c.data, expected, SUMMATION, 20 * (1 + inner));
      }),
      fixed(100),
    );
  });

  it('with lowerOnly gives the lower triangle and writes nothing outside the square', () => {
    for (let order = 0; order <= 11; order++) {
      const size = { rows: order, cols: order, inner: 5 };
      const a = block(order, 5, 7);
      const c = block(order, order, 8, 2, 3);
      const expected = plainResult(c, a, a, size, 1);
      const before = Float64Array.from(c.data);
      addProductTransposed(c, a, a, size, 1, true);
      for (let place = 0; place < c.data.length; place++) {
        const i = Math.floor((place - c.offset) / c.stride);
        const j = (place - c.offset) % c.stride;
        const inside = place >= c.offset && i < order && j < order;
        if (inside && j > i) continue; // unspecified
        expectClose([c.data[place]!], [inside ? expected[place]! : before[place]!], SUMMATION, 10);
      }
    }
  });
});
