/** Inner dimension handled at once: eight rows of this many float64 stay in a 32 KiB first-level cache. */
const INNER_BLOCK = 384;

/** A row-major block of a larger array: element (i, j) is `data[offset + i * stride + j]`. */
export interface Block {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
}

/**
 * C += alpha · A · Bᵀ with A (rows×inner), B (cols×inner), C (rows×cols), all row-major.
 *
 * Both operands are read along contiguous rows, in tiles of 4×2 that stay in registers. C must not overlap A or B.
 * With `lowerOnly`, C is square on its own diagonal and tiles strictly above the diagonal are skipped (entries of
 * C above the diagonal are then unspecified). Cost 2·rows·cols·inner flops, half of it with `lowerOnly`.
 */
export function addProductTransposed(
  c: Block,
  a: Block,
  b: Block,
  size: { readonly rows: number; readonly cols: number; readonly inner: number },
  alpha: number,
  lowerOnly = false,
): void {
  const { rows, cols, inner } = size;
  for (let k0 = 0; k0 < inner; k0 += INNER_BLOCK) {
    const depth = Math.min(INNER_BLOCK, inner - k0);
    for (let i = 0; i < rows; i += 4) {
      const height = Math.min(4, rows - i);
      const last = lowerOnly ? Math.min(cols, i + height) : cols;
      let j = 0;
      if (height === 4) for (; j + 2 <= last; j += 2) tile4x2(c, a, b, i, j, k0, depth, alpha);
      for (let ii = i; ii < i + height; ii++) {
        for (let jj = j; jj < last; jj++) tile1x1(c, a, b, ii, jj, k0, depth, alpha);
      }
    }
  }
}

function tile4x2(
  c: Block,
  a: Block,
  b: Block,
  i: number,
  j: number,
  k0: number,
  depth: number,
  alpha: number,
): void {
  const ad = a.data;
  const bd = b.data;
  let a0 = a.offset + i * a.stride + k0;
  let a1 = a0 + a.stride;
  let a2 = a1 + a.stride;
  let a3 = a2 + a.stride;
  let b0 = b.offset + j * b.stride + k0;
  let b1 = b0 + b.stride;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let k = 0; k < depth; k++) {
    const x = bd[b0++]!;
    const y = bd[b1++]!;
    const p = ad[a0++]!;
    const q = ad[a1++]!;
    const r = ad[a2++]!;
    const s = ad[a3++]!;
    s00 += p * x;
    s01 += p * y;
    s10 += q * x;
    s11 += q * y;
    s20 += r * x;
    s21 += r * y;
    s30 += s * x;
    s31 += s * y;
  }
  const cd = c.data;
  const o = c.offset + i * c.stride + j;
  cd[o]! += alpha * s00;
  cd[o + 1]! += alpha * s01;
  cd[o + c.stride]! += alpha * s10;
  cd[o + c.stride + 1]! += alpha * s11;
  cd[o + 2 * c.stride]! += alpha * s20;
  cd[o + 2 * c.stride + 1]! += alpha * s21;
  cd[o + 3 * c.stride]! += alpha * s30;
  cd[o + 3 * c.stride + 1]! += alpha * s31;
}

function tile1x1(
  c: Block,
  a: Block,
  b: Block,
  i: number,
  j: number,
  k0: number,
  depth: number,
  alpha: number,
): void {
  const oa = a.offset + i * a.stride + k0;
  const ob = b.offset + j * b.stride + k0;
  let sum = 0;
  for (let k = 0; k < depth; k++) sum += a.data[oa + k]! * b.data[ob + k]!;
  c.data[c.offset + i * c.stride + j]! += alpha * sum;
}
