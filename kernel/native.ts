/*
 * What a BLAS has no routine for: bit-packed masks over blocks of products and of residuals. Column c of a block is `rows`
 * numbers in a row, a multiple of 16; bits beyond the caller's rows are zero, and so what lies there never counts.
 */

/** Masks of four rows, 16 x 32 bytes. */
const NIBBLE_MASKS: usize = 512;

/** Offset in the table of bits `shift` ... `shift + 3`. */
function nibble(bits: usize, shift: i32): usize {
  return NIBBLE_MASKS + (((bits >> shift) & 15) << 5);
}

/** Fills the table of masks at the start of memory. */
export function writeNibbleMasks(): void {
  for (let bits: i32 = 0; bits < 16; bits++) {
    for (let row: i32 = 0; row < 4; row++) {
      store<i64>(NIBBLE_MASKS + ((<usize>(bits * 4 + row)) << 3), -(<i64>((bits >> row) & 1)));
    }
  }
}

/** out[i] += the sum of products[c][i] over the columns c whose mask has bit i: 16 rows at a time stay in registers. */
export function addMasked(
  products: usize,
  rows: i32,
  columns: i32,
  masks: usize,
  maskStride: usize,
  out: usize,
): void {
  const stride = (<usize>rows) << 3;
  for (let row = 0; row < rows; row += 16) {
    let s0 = v128.load(out);
    let s1 = v128.load(out, 16);
    let s2 = v128.load(out, 32);
    let s3 = v128.load(out, 48);
    let s4 = v128.load(out, 64);
    let s5 = v128.load(out, 80);
    let s6 = v128.load(out, 96);
    let s7 = v128.load(out, 112);
    let p = products;
    let m = masks;
    for (let c = 0; c < columns; c++) {
      const bits = <usize>load<u16>(m);
      const a = nibble(bits, 0);
      s0 = f64x2.add(s0, v128.and(v128.load(p), v128.load(a)));
      s1 = f64x2.add(s1, v128.and(v128.load(p, 16), v128.load(a, 16)));
      const b = nibble(bits, 4);
      s2 = f64x2.add(s2, v128.and(v128.load(p, 32), v128.load(b)));
      s3 = f64x2.add(s3, v128.and(v128.load(p, 48), v128.load(b, 16)));
      const e = nibble(bits, 8);
      s4 = f64x2.add(s4, v128.and(v128.load(p, 64), v128.load(e)));
      s5 = f64x2.add(s5, v128.and(v128.load(p, 80), v128.load(e, 16)));
      const f = nibble(bits, 12);
      s6 = f64x2.add(s6, v128.and(v128.load(p, 96), v128.load(f)));
      s7 = f64x2.add(s7, v128.and(v128.load(p, 112), v128.load(f, 16)));
      p += stride;
      m += maskStride;
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
    products += 128;
    masks += 2;
    out += 128;
  }
}

/** out[c][i] = scales[c] * v_c[i] under mask c; v_c starts at vector + slots[c]. */
export function spreadMasked(
  out: usize,
  rows: i32,
  columns: i32,
  masks: usize,
  maskStride: usize,
  scales: usize,
  slots: usize,
  vector: usize,
): void {
  for (let c = 0; c < columns; c++) {
    const scale = v128.load64_splat(scales);
    let v = vector + load<u32>(slots);
    let m = masks;
    for (let row = 0; row < rows; row += 8) {
      const bits = <usize>load<u8>(m);
      const a = nibble(bits, 0);
      const b = nibble(bits, 4);
      v128.store(out, v128.and(f64x2.mul(scale, v128.load(v)), v128.load(a)));
      v128.store(out, v128.and(f64x2.mul(scale, v128.load(v, 16)), v128.load(a, 16)), 16);
      v128.store(out, v128.and(f64x2.mul(scale, v128.load(v, 32)), v128.load(b)), 32);
      v128.store(out, v128.and(f64x2.mul(scale, v128.load(v, 48)), v128.load(b, 16)), 48);
      m++;
      v += 64;
      out += 64;
    }
    masks += maskStride;
    scales += 8;
    slots += 4;
  }
}
