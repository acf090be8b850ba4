/* The register tile of this build. */
import { adjointTile3x3, forwardTile3x3, updateTile3x3 } from './tile-3x3';
import { adjointTile4x2, forwardTile4x2, updateTile4x2 } from './tile-4x2';

export function forwardTile(
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
  if (ASC_FEATURE_RELAXED_SIMD) forwardTile3x3(a, b, stride, depth, mask, maskStride, shift, slots, out);
  else forwardTile4x2(a, b, stride, depth, mask, maskStride, shift, slots, out);
}

export function updateTile(
  a: usize,
  b: usize,
  stride: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  alpha: f64,
  beside: usize,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) updateTile3x3(a, b, stride, depth, c, cStride, alpha, beside);
  else updateTile4x2(a, b, stride, depth, c, cStride, alpha, beside);
}

/** Columns of X and columns of the result in a tile of the adjoint. */
export const ADJOINT_WIDE: i32 = ASC_FEATURE_RELAXED_SIMD ? 3 : 4;
export const ADJOINT_COLUMNS: i32 = ASC_FEATURE_RELAXED_SIMD ? 3 : 2;

export function adjointTile(
  x: usize,
  stride: usize,
  r: usize,
  pairs: i32,
  out: usize,
  outStride: usize,
  wide: i32,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) adjointTile3x3(x, stride, r, pairs, out, outStride, wide);
  else adjointTile4x2(x, stride, r, pairs, out, outStride, wide);
}
