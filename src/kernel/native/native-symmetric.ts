import { checkProduct, expectLength } from '../checks.js';
import type { Rectangle, SymmetricMatrix } from '../kernel.js';
import type { NativeGram } from './native-gram.js';
import type { NativeProducts } from './native-products.js';

/** Columns of a product at a time: rows above the first of them are left out, as they lie above the diagonal. */
const COLUMNS_AT_ONCE = 256;

/** H by rows, a whole square for BLAS; nothing reads what lies above the diagonal. */
export class NativeSymmetric implements SymmetricMatrix {
  readonly order: number;
  private readonly data: Float64Array;
  private readonly gram: NativeGram;
  private readonly use: () => NativeProducts;

  /** `use` gives what the workspace shares, or throws where this matrix is no longer the last one made. */
  constructor(order: number, data: Float64Array, gram: NativeGram, use: () => NativeProducts) {
    this.order = order;
    this.data = data;
    this.gram = gram;
    this.use = use;
  }

  clear(): void {
    this.use();
    this.data.fill(0);
  }

  addOuterProducts(columns: Float64Array, count: number, alpha: number): void {
    const { blas } = this.use();
    const { order, data } = this;
    expectLength('columns', columns.length, count * order);
    blas.addSymmetricProduct({
      ...{ n: order, k: count, alpha },
      a: { data: columns, stride: order, transposed: true },
      c: { data, stride: order },
    });
  }

  addProduct(at: Rectangle, a: Float64Array, b: Float64Array, inner: number, alpha: number): void {
    const { blas } = this.use();
    const { order, data } = this;
    checkProduct(order, at, { a, b, inner });
    if (inner === 0) return;
    for (let c = 0; c < at.columns; c += COLUMNS_AT_ONCE) {
      const column = at.column + c;
      const above = Math.max(0, column - at.row);
      if (above >= at.rows) return;
      blas.multiply({
        ...{ m: at.rows - above, n: Math.min(COLUMNS_AT_ONCE, at.columns - c), k: inner, alpha, beta: 1 },
        a: { data: a.subarray(above * inner), stride: inner },
        b: { data: b.subarray(c * inner), stride: inner, transposed: true },
        c: { data: data.subarray((at.row + above) * order + column), stride: order },
      });
    }
  }

  addMaskedGram(masks: readonly Uint32Array[], weights: Float64Array): void {
    this.gram.addMasked(this.use(), { h: this.data, order: this.order }, masks, weights);
  }

  scaleAndShift(scale: Float64Array, shift: number): void {
    this.use();
    const { order, data } = this;
    expectLength('scale', scale.length, order);
    for (let i = 0; i < order; i++) {
      const row = i * order;
      const own = scale[i]!;
      for (let j = 0; j <= i; j++) data[row + j]! *= own * scale[j]!;
      data[row + i]! += shift;
    }
  }

  factor(): number {
    return this.use().blas.factor(this.data, this.order);
  }

  solve(b: Float64Array): void {
    const { blas } = this.use();
    expectLength('b', b.length, this.order);
    blas.solve(this.data, this.order, b);
  }
}
