/*
 * The register tile of the plain build: 4 columns by 4 rows in two vectors, eight accumulators in named locals. More
 * accumulators, or an unrolled loop, spill.
 */
import { TILE_MASKS } from './layout';

/**
 * Adds the masked columns of a tile to their slices of the output: out[slot_c + r] += m_c[r] * sum_k b[r, k] a[k, c].
 * Columns are sorted by slot, so that equal ends mean one slot for all.
 */
export function forwardTile4x2(
  a: usize,
  b: usize,
  stride: usize,
  depth: i32,
  mask: usize,
  maskStride: usize,
  shift: i32,
  slots: usize,
  out: usize,
): void {
  let b1 = b + stride;
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (; depth != 0; depth--) {
    const x0 = v128.load(b);
    const x1 = v128.load(b1);
    let y = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.mul(y, x0));
    s01 = f64x2.add(s01, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(y, x0));
    s11 = f64x2.add(s11, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(y, x0));
    s21 = f64x2.add(s21, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(y, x0));
    s31 = f64x2.add(s31, f64x2.mul(y, x1));
    a += 32;
    b += 16;
    b1 += 16;
  }
  const m0 = tileMask(mask, shift);
  const m1 = tileMask(mask + maskStride, shift);
  const m2 = tileMask(mask + 2 * maskStride, shift);
  const m3 = tileMask(mask + 3 * maskStride, shift);
  s00 = v128.and(s00, v128.load(m0));
  s01 = v128.and(s01, v128.load(m0, 16));
  s10 = v128.and(s10, v128.load(m1));
  s11 = v128.and(s11, v128.load(m1, 16));
  s20 = v128.and(s20, v128.load(m2));
  s21 = v128.and(s21, v128.load(m2, 16));
  s30 = v128.and(s30, v128.load(m3));
  s31 = v128.and(s31, v128.load(m3, 16));
  const first = load<u32>(slots);
  if (first == load<u32>(slots, 12)) {
    s00 = f64x2.add(f64x2.add(s00, s10), f64x2.add(s20, s30));
    s01 = f64x2.add(f64x2.add(s01, s11), f64x2.add(s21, s31));
    addPairs(out + first, s00, s01);
    return;
  }
  addPairs(out + first, s00, s01);
  addPairs(out + load<u32>(slots, 4), s10, s11);
  addPairs(out + load<u32>(slots, 8), s20, s21);
  addPairs(out + load<u32>(slots, 12), s30, s31);
}

function tileMask(mask: usize, shift: i32): usize {
  return TILE_MASKS + ((<usize>(((<i32>load<u8>(mask)) >> shift) & 15)) << 5);
}

function addPairs(at: usize, x0: v128, x1: v128): void {
  v128.store(at, f64x2.add(v128.load(at), x0));
  v128.store(at, f64x2.add(v128.load(at, 16), x1), 16);
}

/**
 * c[r, j] += alpha * sum_k b[r, k] a[k, j], times the entry at the same place of another matrix where `beside`, the
 * distance to it, is not 0.
 */
export function updateTile4x2(
  a: usize,
  b: usize,
  stride: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  alpha: f64,
  beside: usize,
): void {
  let b1 = b + stride;
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (; depth != 0; depth--) {
    const x0 = v128.load(b);
    const x1 = v128.load(b1);
    let y = v128.load64_splat(a);
    s00 = f64x2.add(s00, f64x2.mul(y, x0));
    s01 = f64x2.add(s01, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(y, x0));
    s11 = f64x2.add(s11, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(y, x0));
    s21 = f64x2.add(s21, f64x2.mul(y, x1));
    y = v128.load64_splat(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(y, x0));
    s31 = f64x2.add(s31, f64x2.mul(y, x1));
    a += 32;
    b += 16;
    b1 += 16;
  }
  const factor = f64x2.splat(alpha);
  const c1 = c + cStride;
  addScaled(c, s00, s10, s20, s30, factor, beside);
  addScaled(c1, s01, s11, s21, s31, factor, beside);
}

function addScaled(c: usize, s0: v128, s1: v128, s2: v128, s3: v128, factor: v128, beside: usize): void {
  s0 = f64x2.mul(s0, factor);
  s1 = f64x2.mul(s1, factor);
  s2 = f64x2.mul(s2, factor);
  s3 = f64x2.mul(s3, factor);
  if (beside != 0) {
    const other = c + beside;
    s0 = f64x2.mul(s0, v128.load(other));
    s1 = f64x2.mul(s1, v128.load(other, 16));
    s2 = f64x2.mul(s2, v128.load(other, 32));
    s3 = f64x2.mul(s3, v128.load(other, 48));
  }
  v128.store(c, f64x2.add(v128.load(c), s0));
  v128.store(c, f64x2.add(v128.load(c, 16), s1), 16);
  v128.store(c, f64x2.add(v128.load(c, 32), s2), 32);
  v128.store(c, f64x2.add(v128.load(c, 48), s3), 48);
}

/**
 * out[c, t] += sum_i r[i, c] x[i, t] over `pairs` row pairs, for 4 columns t of X by 2 columns c: both operands lie in
 * pairs, so no number is splat and the two rows of a pair are added at the end. t from `wide` on is not written.
 */
export function adjointTile4x2(
  x: usize,
  stride: usize,
  r: usize,
  pairs: i32,
  out: usize,
  outStride: usize,
  wide: i32,
): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  for (; pairs != 0; pairs--) {
    const r0 = v128.load(r);
    const r1 = v128.load(r, 16);
    let y = v128.load(x);
    s00 = f64x2.add(s00, f64x2.mul(y, r0));
    s10 = f64x2.add(s10, f64x2.mul(y, r1));
    y = v128.load(x, 16);
    s01 = f64x2.add(s01, f64x2.mul(y, r0));
    s11 = f64x2.add(s11, f64x2.mul(y, r1));
    y = v128.load(x, 32);
    s02 = f64x2.add(s02, f64x2.mul(y, r0));
    s12 = f64x2.add(s12, f64x2.mul(y, r1));
    y = v128.load(x, 48);
    s03 = f64x2.add(s03, f64x2.mul(y, r0));
    s13 = f64x2.add(s13, f64x2.mul(y, r1));
    x += stride;
    r += 32;
  }
  addColumn(out, addAcross(s00, s01), addAcross(s02, s03), wide);
  addColumn(out + outStride, addAcross(s10, s11), addAcross(s12, s13), wide);
}

/** (x0 + x1, y0 + y1). */
function addAcross(x: v128, y: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(x, y, 0, 2), v128.shuffle<f64>(x, y, 1, 3));
}

function addColumn(out: usize, x0: v128, x1: v128, wide: i32): void {
  if (wide >= 4) {
    v128.store(out, f64x2.add(v128.load(out), x0));
    v128.store(out, f64x2.add(v128.load(out, 16), x1), 16);
    return;
  }
  store<f64>(out, load<f64>(out) + f64x2.extract_lane(x0, 0));
  if (wide > 1) store<f64>(out, load<f64>(out, 8) + f64x2.extract_lane(x0, 1), 8);
  if (wide > 2) store<f64>(out, load<f64>(out, 16) + f64x2.extract_lane(x1, 0), 16);
}
