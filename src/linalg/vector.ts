/** Σ a_i b_i over the whole of two vectors of equal length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  const n = a.length;
  const even = n - (n & 1);
  for (let i = 0; i < even; i += 2) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
  }
  if (even < n) s0 += a[even]! * b[even]!;
  return s0 + s1;
}

/** Σ_t a[offsetA + t] · b[offsetB + t] for t < length: dot product of two slices. */
export function dotAt(
  a: Float64Array,
  offsetA: number,
  b: Float64Array,
  offsetB: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  const even = length - (length & 1);
  for (let t = 0; t < even; t += 2) {
    s0 += a[offsetA + t]! * b[offsetB + t]!;
    s1 += a[offsetA + t + 1]! * b[offsetB + t + 1]!;
  }
  if (even < length) s0 += a[offsetA + even]! * b[offsetB + even]!;
  return s0 + s1;
}

/** y[offsetY + t] += alpha · x[offsetX + t] for t < length. */
export function axpyAt(
  y: Float64Array,
  offsetY: number,
  alpha: number,
  x: Float64Array,
  offsetX: number,
  length: number,
): void {
  for (let t = 0; t < length; t++) y[offsetY + t]! += alpha * x[offsetX + t]!;
}

/** y += alpha · x. */
export function axpy(y: Float64Array, alpha: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += alpha * x[i]!;
}

/**
 * Euclidean norm without overflow or underflow: values of 1e±200 are as good as any.
 * Cost O(n); the scaled second pass runs only where the plain sum of squares left the safe range.
 */
export function norm2(a: Float64Array | Float32Array): number {
  const square = a instanceof Float64Array ? dot(a, a) : sumOfSquares(a);
  if (square > 1e-280 && square < 1e280) return Math.sqrt(square);
  let largest = 0;
  for (const value of a) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of a) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** In float64, whatever the storage. */
function sumOfSquares(a: Float32Array): number {
  let sum = 0;
  for (const value of a) sum += value * value;
  return sum;
}

/**
 * out[i] = ⟨row i, z⟩ for the first `count` rows of a row-major matrix of d columns; out and z from their offsets on. Four rows
 * at a time, which hides the latency of additions; every sum runs over t in ascending order.
 */
export function rowProductsInto(
  out: Float64Array,
  rows: { readonly values: Float64Array; readonly count: number; readonly d: number },
  z: Float64Array,
  offsets: { readonly out: number; readonly z: number },
): void {
  const { values, count, d } = rows;
  const base = offsets.z;
  let i = 0;
  for (let at = 0; i + 3 < count; i += 4, at += 4 * d) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let t = 0; t < d; t++) {
      const factor = z[base + t]!;
      s0 += values[at + t]! * factor;
      s1 += values[at + d + t]! * factor;
      s2 += values[at + 2 * d + t]! * factor;
      s3 += values[at + 3 * d + t]! * factor;
    }
    out[offsets.out + i] = s0;
    out[offsets.out + i + 1] = s1;
    out[offsets.out + i + 2] = s2;
    out[offsets.out + i + 3] = s3;
  }
  for (; i < count; i++) {
    let sum = 0;
    for (let t = 0; t < d; t++) sum += values[i * d + t]! * z[base + t]!;
    out[offsets.out + i] = sum;
  }
}
