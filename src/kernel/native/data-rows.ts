import type { DataMatrix } from '../kernel.js';

/** Rows widened at once where no one asks for more. */
const WIDE_ROWS = 192;

/** A copy of X (n×d, row-major) that gives blocks of it in float64. */
export class DataRows {
  readonly n: number;
  readonly d: number;
  private readonly X: Float64Array | Float32Array;
  private wide = new Float64Array(0);

  constructor({ X, n, d }: DataMatrix) {
    this.X = X.slice(0, n * d);
    this.n = n;
    this.d = d;
  }

  /** Most rows that {@link rows} gives without a copy: all of them in float64. */
  get atOnce(): number {
    return this.X instanceof Float64Array ? Math.max(1, this.n) : WIDE_ROWS;
  }

  /** Rows from `first` on (count×d): X itself, or widened and valid until the next call. */
  rows(first: number, count: number): Float64Array {
    const { d, X } = this;
    const part = X.subarray(first * d, (first + count) * d);
    if (part instanceof Float64Array) return part;
    const wide = this.widened(part.length);
    wide.set(part);
    return wide;
  }

  /** Columns first … first + count of all rows, and the numbers from one row to the next: X itself, or widened. */
  columns(first: number, count: number): { readonly data: Float64Array; readonly stride: number } {
    const { n, d, X } = this;
    if (X instanceof Float64Array) return { data: X.subarray(first), stride: d };
    const wide = this.widened(n * count);
    for (let i = 0; i < n; i++) {
      const from = i * d + first;
      for (let t = 0; t < count; t++) wide[i * count + t] = X[from + t]!;
    }
    return { data: wide, stride: count };
  }

  private widened(length: number): Float64Array {
    if (this.wide.length < length) this.wide = new Float64Array(length);
    return this.wide;
  }
}
