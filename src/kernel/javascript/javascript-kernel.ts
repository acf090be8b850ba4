import type { DataMatrix, Kernel, MaskedColumns, Rectangle, SymmetricMatrix, Workspace } from '../kernel.js';
import { choleskyInPlace, choleskySolveInPlace } from './cholesky.js';
import { addProductTransposed } from './gemm.js';

/** Plain loops: the oracle of the other kernels, and the fastest for problems so small that a call costs more than its work. */
export const javascriptKernel: Kernel = {
  name: 'JavaScript',
  workspace: (data) => new JavascriptWorkspace(data),
};

class JavascriptWorkspace implements Workspace {
  readonly n: number;
  readonly d: number;
  private readonly X: Float64Array | Float32Array;
  private gram: Float64Array | null = null;

  constructor({ X, n, d }: DataMatrix) {
    this.X = X;
    this.n = n;
    this.d = d;
  }

  addForward(out: Float64Array, { masks, scales, outputs }: MaskedColumns, z: Float64Array): void {
    masks.forEach((mask, c) => {
      this.addMasked(out, outputs[c]! * this.n, mask, scales[c]!, z, c * this.d);
    });
  }

  imagesInto(out: Float64Array, { masks, scales }: MaskedColumns, z: Float64Array): void {
    out.fill(0, 0, masks.length * this.n);
    masks.forEach((mask, c) => {
      this.addMasked(out, c * this.n, mask, scales[c]!, z, c * this.d);
    });
  }

  adjointInto(out: Float64Array, { masks, scales, outputs }: MaskedColumns, v: Float64Array): void {
    const { X, d, n } = this;
    out.fill(0, 0, masks.length * d);
    for (let c = 0; c < masks.length; c++) {
      const mask = masks[c]!;
      const scale = scales[c]!;
      const slice = outputs[c]! * n;
      const base = c * d;
      for (let w = 0; w < mask.length; w++) {
        for (let word = mask[w]!; word !== 0; word &= word - 1) {
          const i = (w << 5) + 31 - Math.clz32(word & -word);
          const row = i * d;
          const weight = scale * v[slice + i]!;
          for (let t = 0; t < d; t++) out[base + t]! += weight * X[row + t]!;
        }
      }
    }
  }

  signedProductInto(out: Float64Array, mask: Uint32Array, z: Float64Array): void {
    const { X, n, d } = this;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[i * d + t]! * z[t]!;
      out[i] = (mask[i >>> 5]! >>> (i & 31)) & 1 ? sum : -sum;
    }
  }

  symmetric(order: number): SymmetricMatrix {
    return new JavascriptSymmetric(order, () => this.gramMatrix());
  }

  dispose(): void {
    this.gram = null;
  }

  private addMasked(
    out: Float64Array,
    at: number,
    mask: Uint32Array,
    scale: number,
    z: Float64Array,
    base: number,
  ): void {
    const { X, d } = this;
    for (let w = 0; w < mask.length; w++) {
      for (let word = mask[w]!; word !== 0; word &= word - 1) {
        const i = (w << 5) + 31 - Math.clz32(word & -word);
        const row = i * d;
        let sum = 0;
        for (let t = 0; t < d; t++) sum += X[row + t]! * z[base + t]!;
        out[at + i]! += scale * sum;
      }
    }
  }

  private gramMatrix(): Float64Array {
    const { n, d } = this;
    if (!this.gram) {
      const X = this.X instanceof Float64Array ? this.X : Float64Array.from(this.X);
      this.gram = new Float64Array(n * n);
      const block = { data: X, offset: 0, stride: d };
      const size = { rows: n, cols: n, inner: d };
      addProductTransposed({ data: this.gram, offset: 0, stride: n }, block, block, size, 1, true);
    }
    return this.gram;
  }
}

class JavascriptSymmetric implements SymmetricMatrix {
  readonly order: number;
  private readonly data: Float64Array;
  private readonly gram: () => Float64Array;

  constructor(order: number, gram: () => Float64Array) {
    this.order = order;
    this.gram = gram;
    this.data = new Float64Array(order * order);
  }

  clear(): void {
    this.data.fill(0);
  }

  addOuterProducts(columns: Float64Array, count: number, alpha: number): void {
    if (count === 0) return;
    const { order, data } = this;
    const byRow = new Float64Array(order * count);
    for (let r = 0; r < count; r++) {
      for (let i = 0; i < order; i++) byRow[i * count + r] = columns[r * order + i]!;
    }
    const block = { data: byRow, offset: 0, stride: count };
    const size = { rows: order, cols: order, inner: count };
    addProductTransposed({ data, offset: 0, stride: order }, block, block, size, alpha, true);
  }

  addProduct(at: Rectangle, a: Float64Array, b: Float64Array, inner: number, alpha: number): void {
    addProductTransposed(
      { data: this.data, offset: at.row * this.order + at.column, stride: this.order },
      { data: a, offset: 0, stride: inner },
      { data: b, offset: 0, stride: inner },
      { rows: at.rows, cols: at.columns, inner },
      alpha,
      at.row === at.column && at.rows === at.columns,
    );
  }

  addMaskedGram(masks: readonly Uint32Array[], weights: Float64Array): void {
    const { order, data } = this;
    const count = masks.length;
    if (count === 0) return;
    const roots = new Float64Array(order * count);
    masks.forEach((mask, c) => {
      const root = Math.sqrt(weights[c]!);
      for (let i = 0; i < order; i++) if ((mask[i >>> 5]! >>> (i & 31)) & 1) roots[i * count + c] = root;
    });
    const shared = new Float64Array(order * order);
    const block = { data: roots, offset: 0, stride: count };
    const size = { rows: order, cols: order, inner: count };
    addProductTransposed({ data: shared, offset: 0, stride: order }, block, block, size, 1, true);
    const gram = this.gram();
    for (let i = 0; i < order; i++) {
      for (let at = i * order; at <= i * order + i; at++) data[at]! += shared[at]! * gram[at]!;
    }
  }

  scaleAndShift(scale: Float64Array, shift: number): void {
    const { order, data } = this;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j <= i; j++) data[i * order + j]! *= scale[i]! * scale[j]!;
      data[i * order + i]! += shift;
    }
  }

  factor(): number {
    return choleskyInPlace(this.data, this.order);
  }

  solve(b: Float64Array): void {
    choleskySolveInPlace(this.data, this.order, b);
  }
}
