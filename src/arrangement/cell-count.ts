import { hyperplanesOf } from './hyperplanes.js';
import type { Rows } from './sub-network-pattern.js';

/**
 * Cover's bound 2 Σ_{k<r} C(m−1, k) on the number of full-dimensional cells of {w : x_i·w = 0}, with m the distinct
 * hyperplanes and r the rank of X: exact in general position, an upper bound otherwise (theory §2). One cell, the
 * whole space, where every row is zero. Infinity where the number leaves float64.
 *
 * Cost O(n·d·r + n log n); nothing is enumerated.
 */
export function cellCountBound(rows: Rows): number {
  const { count, rank } = hyperplanesOf(rows);
  return coverBound(count, rank);
}

/** 2 Σ_{k<r} C(m−1, k), and 1 for no hyperplane. */
export function coverBound(m: number, r: number): number {
  if (m === 0) return 1;
  let binomial = 1;
  let sum = 0;
  for (let k = 0; k < Math.min(r, m); k++) {
    sum += binomial;
    binomial *= (m - 1 - k) / (k + 1);
  }
  // Quotients that are not whole are rounded: the sum of whole numbers below 2⁵³ is found again by rounding.
  return 2 * (sum < 2 ** 52 ? Math.round(sum) : sum);
}
