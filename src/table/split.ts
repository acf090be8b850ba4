import { RelucentError } from '../error.js';
import { integerGenerator } from '../random.js';

export interface SplitOptions {
  /** Fraction of the rows held out, in [0, 1); 0 holds out none. */
  readonly testFraction: number;
  /** Whole number from 0 to 2³² − 1. */
  readonly seed: number;
}

/** A partition of the rows 0 … n−1, both parts ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Seeded random split into training and test rows.
 *
 * The test part has round(n·testFraction) rows, fewer only where every class must keep a training row. With labels each
 * class contributes its share to within one row (largest remainders). O(n).
 *
 * @param labels class index per row, or null to ignore classes
 * @param n number of rows, at least 1
 */
export function splitRows(labels: Int32Array | null, n: number, options: SplitOptions): Split {
  const { testFraction, seed } = options;
  if (!(testFraction >= 0 && testFraction < 1)) {
    throw invalid('testFraction', `expected a number from 0 to below 1, got ${testFraction}`);
  }
  const groups = shuffledGroups(labels, n, seed);
  const counts = testCounts(
    groups.map((group) => group.length),
    testFraction,
  );
  const isTest = new Uint8Array(n);
  groups.forEach((group, g) => {
    for (const row of group.slice(0, counts[g] ?? 0)) isTest[row] = 1;
  });
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  return { train: rows.filter((row) => isTest[row] === 0), test: rows.filter((row) => isTest[row] === 1) };
}

export interface FoldOptions {
  /** Number of folds, from 2 to n. */
  readonly folds: number;
  /** Whole number from 0 to 2³² − 1. */
  readonly seed: number;
}

/**
 * Seeded random fold of every row: an integer in [0, folds).
 *
 * Fold sizes differ by at most one, and so do the numbers of rows of each class in the folds. O(n).
 *
 * @param labels class index per row, or null to ignore classes
 */
export function foldIds(labels: Int32Array | null, n: number, options: FoldOptions): Int32Array {
  const { folds, seed } = options;
  const groups = shuffledGroups(labels, n, seed);
  if (!Number.isInteger(folds) || folds < 2 || folds > n) {
    throw invalid('folds', `expected a whole number from 2 to the number of rows ${n}, got ${folds}`);
  }
  const ids = new Int32Array(n);
  // Dealing the classes out one after the other, like cards, balances each class and the whole.
  groups.flat().forEach((row, position) => {
    ids[row] = position % folds;
  });
  return ids;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}

/** Test rows per group: shares n_g·fraction rounded by largest remainders, each at most n_g − 1. */
function testCounts(sizes: readonly number[], fraction: number): readonly number[] {
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const counts = sizes.map((size) => Math.min(Math.floor(size * fraction), size - 1));
  let left = Math.round(n * fraction) - counts.reduce((sum, count) => sum + count, 0);
  const order = sizes
    .map((size, g) => ({ g, remainder: size * fraction - (counts[g] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.g - b.g);
  for (const { g } of order) {
    const count = counts[g] ?? 0;
    if (left > 0 && count < (sizes[g] ?? 0) - 1) {
      counts[g] = count + 1;
      left--;
    }
  }
  return counts;
}

/** Rows of each class in random order, classes ascending; one group of all rows without labels. */
function shuffledGroups(labels: Int32Array | null, n: number, seed: number): readonly (readonly number[])[] {
  if (!Number.isInteger(n) || n < 1) throw invalid('n', `expected at least 1 row, got ${n}`);
  if (labels !== null && labels.length !== n) {
    throw invalid('labels', `expected one label per row (${n}), got ${labels.length}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw invalid('seed', `expected a whole number from 0 to 4294967295, got ${seed}`);
  }
  const upTo = integerGenerator(seed);
  const groups = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const label = labels?.[row] ?? 0;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [row]);
    else group.push(row);
  }
  const ascending = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  for (const group of ascending) {
    for (let i = group.length - 1; i > 0; i--) {
      const j = upTo(i);
      [group[i], group[j]] = [group[j] ?? 0, group[i] ?? 0];
    }
  }
  return ascending;
}
