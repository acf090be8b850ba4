import type { DataMatrix, MaskedColumns, Rectangle } from '../../src/kernel/kernel.js';

/** The masked products by plain loops over every entry: the oracle of all kernels. */
export function plainImages({ X, n, d }: DataMatrix, columns: MaskedColumns, z: Float64Array): Float64Array {
  const out = new Float64Array(columns.masks.length * n);
  columns.masks.forEach((mask, c) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[i * d + t]! * z[c * d + t]!;
      out[c * n + i] = bit(mask, i) * columns.scales[c]! * sum;
    }
  });
  return out;
}

export function plainForward(data: DataMatrix, columns: MaskedColumns, z: Float64Array): Float64Array {
  const images = plainImages(data, columns, z);
  const { n } = data;
  const out = new Float64Array((Math.max(-1, ...columns.outputs) + 1) * n);
  columns.outputs.forEach((output, c) => {
    for (let i = 0; i < n; i++) out[output * n + i]! += images[c * n + i]!;
  });
  return out;
}

export function plainAdjoint({ X, n, d }: DataMatrix, columns: MaskedColumns, v: Float64Array): Float64Array {
  const out = new Float64Array(columns.masks.length * d);
  columns.masks.forEach((mask, c) => {
    for (let t = 0; t < d; t++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += bit(mask, i) * v[columns.outputs[c]! * n + i]! * X[i * d + t]!;
      out[c * d + t] = columns.scales[c]! * sum;
    }
  });
  return out;
}

export function plainSignedProduct(
  { X, n, d }: DataMatrix,
  mask: Uint32Array,
  z: Float64Array,
): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < d; t++) sum += X[i * d + t]! * z[t]!;
    return bit(mask, i) === 1 ? sum : -sum;
  });
}

/** A symmetric matrix as a full square, updated entry by entry. */
export class PlainSymmetric {
  readonly order: number;
  readonly H: Float64Array;

  constructor(order: number) {
    this.order = order;
    this.H = new Float64Array(order * order);
  }

  addOuterProducts(columns: Float64Array, count: number, alpha: number): void {
    const { order } = this;
    for (let r = 0; r < count; r++) {
      this.addEach((i, j) => alpha * columns[r * order + i]! * columns[r * order + j]!);
    }
  }

  addProduct(at: Rectangle, a: Float64Array, b: Float64Array, inner: number, alpha: number): void {
    for (let i = 0; i < at.rows; i++) {
      for (let j = 0; j < at.columns; j++) {
        if (at.column + j > at.row + i) continue;
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[j * inner + k]!;
        this.addEntry(at.row + i, at.column + j, alpha * sum);
      }
    }
  }

  addMaskedGram({ X, d }: DataMatrix, masks: readonly Uint32Array[], weights: Float64Array): void {
    this.addEach((i, j) => {
      let shared = 0;
      masks.forEach((mask, c) => (shared += weights[c]! * bit(mask, i) * bit(mask, j)));
      let inner = 0;
      for (let t = 0; t < d; t++) inner += X[i * d + t]! * X[j * d + t]!;
      return shared * inner;
    });
  }

  scaleAndShift(scale: Float64Array, shift: number): void {
    const { order, H } = this;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) H[i * order + j]! *= scale[i]! * scale[j]!;
      H[i * order + i]! += shift;
    }
  }

  /** H·x. */
  times(x: Float64Array): Float64Array {
    const { order, H } = this;
    return Float64Array.from({ length: order }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < order; j++) sum += H[i * order + j]! * x[j]!;
      return sum;
    });
  }

  private addEach(value: (i: number, j: number) => number): void {
    for (let i = 0; i < this.order; i++) for (let j = 0; j <= i; j++) this.addEntry(i, j, value(i, j));
  }

  private addEntry(i: number, j: number, value: number): void {
    this.H[i * this.order + j]! += value;
    if (i !== j) this.H[j * this.order + i]! += value;
  }
}

function bit(mask: Uint32Array, i: number): number {
  return (mask[i >>> 5]! >>> (i & 31)) & 1;
}
