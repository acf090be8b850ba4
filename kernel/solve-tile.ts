/* X*L' = C in place for a tile C, with L's triangle in splat form and reciprocals on its diagonal. */
import { TILE_COLUMNS, TILE_ROWS } from './layout';

export function solveTile(c: usize, stride: usize, l: usize): void {
  for (let row = 0; row < TILE_ROWS; row += 2) {
    if (ASC_FEATURE_RELAXED_SIMD) solvePair3(c, l);
    else solvePair4(c, l);
    c += stride;
  }
}

function solvePair4(c: usize, l: usize): void {
  let x0 = v128.load(c);
  let x1 = v128.load(c, 16);
  let x2 = v128.load(c, 32);
  let x3 = v128.load(c, 48);
  x0 = f64x2.mul(x0, v128.load64_splat(l));
  x1 = f64x2.sub(x1, f64x2.mul(x0, v128.load64_splat(l, 8)));
  x2 = f64x2.sub(x2, f64x2.mul(x0, v128.load64_splat(l, 16)));
  x3 = f64x2.sub(x3, f64x2.mul(x0, v128.load64_splat(l, 24)));
  x1 = f64x2.mul(x1, v128.load64_splat(l, 40));
  x2 = f64x2.sub(x2, f64x2.mul(x1, v128.load64_splat(l, 48)));
  x3 = f64x2.sub(x3, f64x2.mul(x1, v128.load64_splat(l, 56)));
  x2 = f64x2.mul(x2, v128.load64_splat(l, 80));
  x3 = f64x2.sub(x3, f64x2.mul(x2, v128.load64_splat(l, 88)));
  x3 = f64x2.mul(x3, v128.load64_splat(l, 120));
  v128.store(c, x0);
  v128.store(c, x1, 16);
  v128.store(c, x2, 32);
  v128.store(c, x3, 48);
}

function solvePair3(c: usize, l: usize): void {
  let x0 = v128.load(c);
  let x1 = v128.load(c, 16);
  let x2 = v128.load(c, 32);
  x0 = f64x2.mul(x0, v128.load64_splat(l));
  x1 = f64x2.sub(x1, f64x2.mul(x0, v128.load64_splat(l, 8)));
  x2 = f64x2.sub(x2, f64x2.mul(x0, v128.load64_splat(l, 16)));
  x1 = f64x2.mul(x1, v128.load64_splat(l, 32));
  x2 = f64x2.sub(x2, f64x2.mul(x1, v128.load64_splat(l, 40)));
  x2 = f64x2.mul(x2, v128.load64_splat(l, 64));
  v128.store(c, x0);
  v128.store(c, x1, 16);
  v128.store(c, x2, 32);
}
