/*
 * X*z, bound by loads. In cache six row pairs at a time are fastest; from memory one pair at a time is, a single stream that
 * the hardware foresees. Which one depends on the size of X alone.
 */
import { CHUNK_ROWS, PAIR_MASKS } from './layout';
import { ProductJob } from './jobs';

/** X in bytes from which on it does not stay in a cache. */
const STREAMED: usize = 8 << 20;

/** out = X*z, negated where the mask has a zero; a chunk is CHUNK_ROWS rows. */
export function signedProduct(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<ProductJob>(at);
  const last = min(to * CHUNK_ROWS, job.rows);
  for (let row = from * CHUNK_ROWS; row < last; row += 12) {
    const x = job.x + <usize>(row >> 1) * job.xStride;
    const out = job.out + ((<usize>row) << 3);
    if (job.single != 0) productOf12<f32>(x, job.xStride, job.z, job.d, out);
    else if (<usize>(job.rows >> 1) * job.xStride < STREAMED)
      productOf12<f64>(x, job.xStride, job.z, job.d, out);
    else {
      for (let pair = 0; pair < 6; pair++) {
        productOf2(x + <usize>pair * job.xStride, job.z, job.d, out + ((<usize>pair) << 4));
      }
    }
    for (let pair: i32 = 0; pair < 6; pair++)
      negateOutside(out + ((<usize>pair) << 4), job.mask, row + 2 * pair);
  }
}

function negateOutside(at: usize, mask: usize, row: i32): void {
  const bits = ((<usize>load<u8>(mask + ((<usize>row) >> 3))) >> (row & 7)) & 3;
  const sign = v128.andnot(f64x2.splat(-0.0), v128.load(PAIR_MASKS + (bits << 4)));
  v128.store(at, v128.xor(v128.load(at), sign));
}

/** One row pair, four sums interleaved. */
function productOf2(x: usize, z: usize, d: i32, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; d > 3; d -= 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load64_splat(z), v128.load(x)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load64_splat(z, 8), v128.load(x, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load64_splat(z, 16), v128.load(x, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load64_splat(z, 24), v128.load(x, 48)));
    x += 64;
    z += 32;
  }
  for (; d != 0; d--) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load64_splat(z), v128.load(x)));
    x += 16;
    z += 8;
  }
  v128.store(out, f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
}

/** Six row pairs of T, float64 or float32. */
function productOf12<T>(x: usize, stride: usize, z: usize, d: i32, out: usize): void {
  let x1 = x + stride;
  let x2 = x1 + stride;
  let x3 = x2 + stride;
  let x4 = x3 + stride;
  let x5 = x4 + stride;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  for (; d != 0; d--) {
    const y = v128.load64_splat(z);
    s0 = f64x2.add(s0, f64x2.mul(y, pairOf<T>(x)));
    s1 = f64x2.add(s1, f64x2.mul(y, pairOf<T>(x1)));
    s2 = f64x2.add(s2, f64x2.mul(y, pairOf<T>(x2)));
    s3 = f64x2.add(s3, f64x2.mul(y, pairOf<T>(x3)));
    s4 = f64x2.add(s4, f64x2.mul(y, pairOf<T>(x4)));
    s5 = f64x2.add(s5, f64x2.mul(y, pairOf<T>(x5)));
    x += 2 * sizeof<T>();
    x1 += 2 * sizeof<T>();
    x2 += 2 * sizeof<T>();
    x3 += 2 * sizeof<T>();
    x4 += 2 * sizeof<T>();
    x5 += 2 * sizeof<T>();
    z += 8;
  }
  store12(out, s0, s1, s2, s3, s4, s5);
}

/** A pair of T in float64. */
function pairOf<T>(x: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(x) : f64x2.promote_low_f32x4(v128.load64_zero(x));
}

function store12(out: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128): void {
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
}
