import { axpy, axpyAt, dotAt, rowProductsInto } from './vector.js';

/** A new column counts as dependent when less than this share of its length lies outside the current span. */
const DEPENDENT = 1e-10;
/** A unit vector that keeps this much of its squared length loses little orthogonality to rounding (Parlett 1998, §6.9). */
const TWICE_IS_ENOUGH = 0.5;
/** A vector of which a pass of Gram–Schmidt leaves more than this share of the squared length needs no second pass. */
const ONCE_IS_ENOUGH = 0.01;

/**
 * Thin QR factorisation of a tall matrix whose columns come and go: A = Q·R with Q (dims×k) orthonormal, R (k×k)
 * upper triangular with a positive diagonal.
 *
 * Columns are appended by Gram–Schmidt, iterated where cancellation asks for it (Daniel, Gragg, Kaufman & Stewart 1976), and
 * removed by Givens rotations; both cost O(dims·k). Used by the active-set cone projection, where Q spans the active constraints.
 */
export class UpdatableQr {
  readonly dims: number;
  private count = 0;
  private capacity: number;
  private q: Float64Array; // column c at [c*dims, (c+1)*dims)
  private r: Float64Array; // column c at [c*dims, …): entries 0…c, room for `dims` of them
  private readonly column: Float64Array;

  constructor(dims: number) {
    this.dims = dims;
    this.capacity = Math.min(4, dims);
    this.q = new Float64Array(this.capacity * dims);
    this.r = new Float64Array(this.capacity * dims);
    this.column = new Float64Array(dims);
  }

  /** Number of columns k ≤ dims. */
  get size(): number {
    return this.count;
  }

  /** Column c of Q as a view that the next append or remove may change. */
  basis(c: number): Float64Array {
    return this.q.subarray(c * this.dims, (c + 1) * this.dims);
  }

  clear(): void {
    this.count = 0;
  }

  /** Appends column `a` (length dims). Returns false, changing nothing, when it depends on those already there. */
  append(a: Float64Array): boolean {
    const { dims, column, count } = this;
    if (count === dims) return false;
    this.reserve(count + 1);
    column.set(a);
    const ro = count * dims;
    this.r.fill(0, ro, ro + count);
    const square = dotAt(column, 0, column, 0, dims);
    const original = Math.sqrt(square);
    this.subtractSpan(column, this.r, ro);
    let left = dotAt(column, 0, column, 0, dims);
    if (!(left > ONCE_IS_ENOUGH * square)) {
      this.subtractSpan(column, this.r, ro);
      left = dotAt(column, 0, column, 0, dims);
    }
    const rest = Math.sqrt(left);
    if (!(rest > DEPENDENT * original)) return false;
    this.r[ro + count] = rest;
    for (let t = 0; t < dims; t++) this.q[ro + t] = column[t]! / rest;
    this.count++;
    return true;
  }

  /**
   * Removes column `at` (0 ≤ at < size); later columns move one place forward. `coordinates`, where given, is Qᵀb of some
   * b before and is so after.
   */
  remove(at: number, coordinates?: Float64Array): void {
    const { dims, q, r } = this;
    r.copyWithin(at * dims, (at + 1) * dims, this.count * dims);
    this.count--;
    // Columns at… of R now have one entry below the diagonal: rotate rows (c, c+1), and Q's columns with them.
    for (let c = at; c < this.count; c++) {
      const x = r[c * dims + c]!;
      const y = r[c * dims + c + 1]!;
      const h = Math.hypot(x, y);
      const cos = x / h;
      const sin = y / h;
      r[c * dims + c] = h;
      for (let k = c + 1; k < this.count; k++) {
        const u = r[k * dims + c]!;
        const v = r[k * dims + c + 1]!;
        r[k * dims + c] = cos * u + sin * v;
        r[k * dims + c + 1] = cos * v - sin * u;
      }
      for (let t = c * dims, s = t + dims; t < (c + 1) * dims; t++, s++) {
        const u = q[t]!;
        const v = q[s]!;
        q[t] = cos * u + sin * v;
        q[s] = cos * v - sin * u;
      }
      if (!coordinates) continue;
      const u = coordinates[c]!;
      const v = coordinates[c + 1]!;
      coordinates[c] = cos * u + sin * v;
      coordinates[c + 1] = cos * v - sin * u;
    }
  }

  /** out = Qᵀb, length k. */
  coordinatesInto(out: Float64Array, b: Float64Array): void {
    rowProductsInto(out, { values: this.q, count: this.count, d: this.dims }, b, { out: 0, z: 0 });
  }

  /** out = R⁻¹·coordinates: with coordinates Qᵀb this is argmin ‖A·out − b‖. */
  solveInto(out: Float64Array, coordinates: Float64Array): void {
    const { dims, r, count } = this;
    for (let c = 0; c < count; c++) out[c] = coordinates[c]!;
    for (let c = count - 1; c >= 0; c--) {
      const value = out[c]! / r[c * dims + c]!;
      out[c] = value;
      axpyAt(out, 0, -value, r, c * dims, c);
    }
  }

  /** x −= Q·Qᵀ·x, by default twice, so that the result is orthogonal to the span to working precision. */
  removeSpanFrom(x: Float64Array, passes = 2): void {
    for (let pass = 0; pass < passes; pass++) this.subtractSpan(x, null, 0);
  }

  /**
   * out = b − Q·Qᵀ·b for `coordinates` = Qᵀb, orthogonal to the span to working precision: what cancellation spoils is
   * removed once more.
   */
  residualInto(out: Float64Array, b: Float64Array, coordinates: Float64Array): void {
    const { dims, q, count } = this;
    out.set(b);
    let c = 0;
    for (let at = 0; c + 3 < count; c += 4, at += 4 * dims) {
      const s0 = coordinates[c]!;
      const s1 = coordinates[c + 1]!;
      const s2 = coordinates[c + 2]!;
      const s3 = coordinates[c + 3]!;
      for (let t = 0; t < dims; t++) {
        out[t]! -=
          s0 * q[at + t]! + s1 * q[at + dims + t]! + s2 * q[at + 2 * dims + t]! + s3 * q[at + 3 * dims + t]!;
      }
    }
    for (; c < count; c++) axpyAt(out, 0, -coordinates[c]!, q, c * dims, dims);
    const left = dotAt(out, 0, out, 0, dims);
    if (!(left > ONCE_IS_ENOUGH * dotAt(b, 0, b, 0, dims))) this.subtractSpan(out, null, 0);
  }

  /** x −= Q·Qᵀ·x, four columns at a time, whose coefficients are added to `coefficients` from `offset` on. */
  private subtractSpan(x: Float64Array, coefficients: Float64Array | null, offset: number): void {
    const { dims, q, count } = this;
    let c = 0;
    for (; c + 3 < count; c += 4) {
      const at = c * dims;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let t = 0; t < dims; t++) {
        const value = x[t]!;
        s0 += q[at + t]! * value;
        s1 += q[at + dims + t]! * value;
        s2 += q[at + 2 * dims + t]! * value;
        s3 += q[at + 3 * dims + t]! * value;
      }
      for (let t = 0; t < dims; t++) {
        x[t]! -=
          s0 * q[at + t]! + s1 * q[at + dims + t]! + s2 * q[at + 2 * dims + t]! + s3 * q[at + 3 * dims + t]!;
      }
      if (!coefficients) continue;
      coefficients[offset + c]! += s0;
      coefficients[offset + c + 1]! += s1;
      coefficients[offset + c + 2]! += s2;
      coefficients[offset + c + 3]! += s3;
    }
    for (; c < count; c++) {
      const projection = dotAt(q, c * dims, x, 0, dims);
      axpyAt(x, 0, -projection, q, c * dims, dims);
      if (coefficients) coefficients[offset + c]! += projection;
    }
  }

  private reserve(columns: number): void {
    if (columns <= this.capacity) return;
    this.capacity = Math.min(this.dims, Math.max(columns, 4 * this.capacity));
    const q = new Float64Array(this.capacity * this.dims);
    const r = new Float64Array(this.capacity * this.dims);
    q.set(this.q);
    r.set(this.r);
    this.q = q;
    this.r = r;
  }
}

/**
 * Orthonormal basis of the orthogonal complement of the span held by `qr`: dims − k columns of length dims, one after
 * the other. Greedy: the coordinate axis that lies furthest outside the span so far is added next. O(dims²·(dims−k)).
 */
export function complementBasis(qr: UpdatableQr): Float64Array {
  const { dims } = qr;
  const free = dims - qr.size;
  const outside = new Float64Array(dims).fill(1);
  for (let c = 0; c < qr.size; c++) {
    const column = qr.basis(c);
    for (let t = 0; t < dims; t++) outside[t]! -= column[t]! ** 2;
  }
  const basis = new Float64Array(free * dims);
  for (let f = 0; f < free; f++) {
    let axis = 0;
    for (let t = 1; t < dims; t++) if (outside[t]! > outside[axis]!) axis = t;
    const column = basis.subarray(f * dims, (f + 1) * dims);
    column[axis] = 1;
    // The coordinates of an axis in the span are one entry of each basis vector.
    for (let c = 0; c < qr.size; c++) axpy(column, -qr.basis(c)[axis]!, qr.basis(c));
    for (let g = 0; g < f; g++) axpyAt(column, 0, -basis[g * dims + axis]!, basis, g * dims, dims);
    if (dotAt(column, 0, column, 0, dims) < TWICE_IS_ENOUGH) {
      qr.removeSpanFrom(column, 1);
      for (let g = 0; g < f; g++) {
        axpyAt(column, 0, -dotAt(basis, g * dims, column, 0, dims), basis, g * dims, dims);
      }
    }
    const length = Math.sqrt(dotAt(column, 0, column, 0, dims));
    for (let t = 0; t < dims; t++) {
      column[t]! /= length;
      outside[t]! -= column[t]! ** 2;
    }
  }
  return basis;
}
