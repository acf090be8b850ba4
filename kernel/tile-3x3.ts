/*
 * The register tile of the relaxed build: 3 columns by 6 rows in three vectors, nine accumulators in named locals, each
 * step one fused multiply-add. What each function does is said at its namesake in tile-4x2.ts.
 */
import { TILE_MASKS } from './layout';

export function forwardTile3x3(
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
  let b2 = b1 + stride;
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (; depth != 0; depth--) {
    const x0 = v128.load(b);
    const x1 = v128.load(b1);
    const x2 = v128.load(b2);
    let y = v128.load64_splat(a);
    s00 = f64x2.relaxed_madd(y, x0, s00);
    s01 = f64x2.relaxed_madd(y, x1, s01);
    s02 = f64x2.relaxed_madd(y, x2, s02);
    y = v128.load64_splat(a, 8);
    s10 = f64x2.relaxed_madd(y, x0, s10);
    s11 = f64x2.relaxed_madd(y, x1, s11);
    s12 = f64x2.relaxed_madd(y, x2, s12);
    y = v128.load64_splat(a, 16);
    s20 = f64x2.relaxed_madd(y, x0, s20);
    s21 = f64x2.relaxed_madd(y, x1, s21);
    s22 = f64x2.relaxed_madd(y, x2, s22);
    a += 24;
    b += 16;
    b1 += 16;
    b2 += 16;
  }
  const m0 = tileMask(mask, shift);
  const m1 = tileMask(mask + maskStride, shift);
  const m2 = tileMask(mask + 2 * maskStride, shift);
  s00 = v128.and(s00, v128.load(m0));
  s01 = v128.and(s01, v128.load(m0, 16));
  s02 = v128.and(s02, v128.load(m0, 32));
  s10 = v128.and(s10, v128.load(m1));
  s11 = v128.and(s11, v128.load(m1, 16));
  s12 = v128.and(s12, v128.load(m1, 32));
  s20 = v128.and(s20, v128.load(m2));
  s21 = v128.and(s21, v128.load(m2, 16));
  s22 = v128.and(s22, v128.load(m2, 32));
  const first = load<u32>(slots);
  if (first == load<u32>(slots, 8)) {
    s00 = f64x2.add(f64x2.add(s00, s10), s20);
    s01 = f64x2.add(f64x2.add(s01, s11), s21);
    s02 = f64x2.add(f64x2.add(s02, s12), s22);
    addPairs(out + first, s00, s01, s02);
    return;
  }
  addPairs(out + first, s00, s01, s02);
  addPairs(out + load<u32>(slots, 4), s10, s11, s12);
  addPairs(out + load<u32>(slots, 8), s20, s21, s22);
}

/** Six bits from bit `shift` on may reach into the next byte. */
function tileMask(mask: usize, shift: i32): usize {
  return TILE_MASKS + <usize>(((<i32>load<u16>(mask)) >> shift) & 63) * 48;
}

function addPairs(at: usize, x0: v128, x1: v128, x2: v128): void {
  v128.store(at, f64x2.add(v128.load(at), x0));
  v128.store(at, f64x2.add(v128.load(at, 16), x1), 16);
  v128.store(at, f64x2.add(v128.load(at, 32), x2), 32);
}

export function updateTile3x3(
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
  let b2 = b1 + stride;
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (; depth != 0; depth--) {
    const x0 = v128.load(b);
    const x1 = v128.load(b1);
    const x2 = v128.load(b2);
    let y = v128.load64_splat(a);
    s00 = f64x2.relaxed_madd(y, x0, s00);
    s01 = f64x2.relaxed_madd(y, x1, s01);
    s02 = f64x2.relaxed_madd(y, x2, s02);
    y = v128.load64_splat(a, 8);
    s10 = f64x2.relaxed_madd(y, x0, s10);
    s11 = f64x2.relaxed_madd(y, x1, s11);
    s12 = f64x2.relaxed_madd(y, x2, s12);
    y = v128.load64_splat(a, 16);
    s20 = f64x2.relaxed_madd(y, x0, s20);
    s21 = f64x2.relaxed_madd(y, x1, s21);
    s22 = f64x2.relaxed_madd(y, x2, s22);
    a += 24;
    b += 16;
    b1 += 16;
    b2 += 16;
  }
  const factor = f64x2.splat(alpha);
  addScaled(c, s00, s10, s20, factor, beside);
  addScaled(c + cStride, s01, s11, s21, factor, beside);
  addScaled(c + 2 * cStride, s02, s12, s22, factor, beside);
}

function addScaled(c: usize, s0: v128, s1: v128, s2: v128, factor: v128, beside: usize): void {
  if (beside != 0) {
    const other = c + beside;
    s0 = f64x2.mul(s0, v128.load(other));
    s1 = f64x2.mul(s1, v128.load(other, 16));
    s2 = f64x2.mul(s2, v128.load(other, 32));
  }
  v128.store(c, f64x2.relaxed_madd(s0, factor, v128.load(c)));
  v128.store(c, f64x2.relaxed_madd(s1, factor, v128.load(c, 16)), 16);
  v128.store(c, f64x2.relaxed_madd(s2, factor, v128.load(c, 32)), 32);
}

export function adjointTile3x3(
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
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (; pairs != 0; pairs--) {
    const r0 = v128.load(r);
    const r1 = v128.load(r, 16);
    const r2 = v128.load(r, 32);
    let y = v128.load(x);
    s00 = f64x2.relaxed_madd(y, r0, s00);
    s10 = f64x2.relaxed_madd(y, r1, s10);
    s20 = f64x2.relaxed_madd(y, r2, s20);
    y = v128.load(x, 16);
    s01 = f64x2.relaxed_madd(y, r0, s01);
    s11 = f64x2.relaxed_madd(y, r1, s11);
    s21 = f64x2.relaxed_madd(y, r2, s21);
    y = v128.load(x, 32);
    s02 = f64x2.relaxed_madd(y, r0, s02);
    s12 = f64x2.relaxed_madd(y, r1, s12);
    s22 = f64x2.relaxed_madd(y, r2, s22);
    x += stride;
    r += 48;
  }
  addColumn(out, s00, s01, s02, wide);
  addColumn(out + outStride, s10, s11, s12, wide);
  addColumn(out + 2 * outStride, s20, s21, s22, wide);
}

function addColumn(out: usize, s0: v128, s1: v128, s2: v128, wide: i32): void {
  const x = f64x2.add(v128.shuffle<f64>(s0, s1, 0, 2), v128.shuffle<f64>(s0, s1, 1, 3));
  if (wide == 1) {
    store<f64>(out, load<f64>(out) + f64x2.extract_lane(x, 0));
    return;
  }
  v128.store(out, f64x2.add(v128.load(out), x));
  if (wide == 2) return;
  store<f64>(out, load<f64>(out, 16) + f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1), 16);
}
