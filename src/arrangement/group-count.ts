import { cellCountBound, coverBound } from './cell-count.js';
import { countCells } from './cells.js';
import { depth3Patterns } from './group-patterns.js';
import { hyperplanesOf } from './hyperplanes.js';
import type { Rows } from './sub-network-pattern.js';

/** Cells that are counted one by one, a fraction of a second; more of them are bounded by Cover's formula. */
const COUNTED_CELLS = 3_000_000;
/** Multisets of first-layer neurons up to which the patterns of depth 3 are counted one by one. */
const COUNTED_GROUPS = 2000;

/** How many activation patterns of whole sub-networks there are. */
export interface PatternCount {
  readonly count: number;
  /** False for an upper bound. */
  readonly exact: boolean;
}

/**
 * Number of activation patterns of sub-networks of widths [m₁ … m_{L−2}] on the rows, or an upper bound of it where counting
 * would take long: at depth 2 the cells of the arrangement, by Cover's formula at most 2 Σ_{k<r} C(m−1, k); a unit above has
 * multisets of signed units below it, times the cells that n hyperplanes make in the space of its leaves (theory §2).
 */
export function patternCount(rows: Rows, widths: readonly number[]): PatternCount {
  const bound = cellCountBound(rows);
  const counted = bound <= COUNTED_CELLS ? countCells(rows, COUNTED_CELLS) : Infinity;
  const cells: PatternCount = Number.isFinite(counted)
    ? { count: counted, exact: true }
    : { count: bound, exact: false };
  const [width] = widths;
  if (width === undefined) return cells;
  if (widths.length === 1 && cells.exact && multisets(2 * cells.count, width) <= COUNTED_GROUPS) {
    let count = 0;
    for (const pattern of depth3Patterns(rows, width)) count += pattern.leaves.length > 0 ? 1 : 0;
    return { count, exact: true };
  }
  return { count: unitCount(rows, widths, cells.count), exact: false };
}

/** An upper bound of {@link patternCount} at once, without counting anything. */
export function patternCountBound(rows: Rows, widths: readonly number[]): number {
  return unitCount(rows, widths, cellCountBound(rows));
}

function unitCount(rows: Rows, widths: readonly number[], cells: number): number {
  let { rank } = hyperplanesOf(rows);
  return widths.reduce((below, m) => {
    rank *= m;
    return multisets(2 * below, m) * coverBound(rows.n, rank);
  }, cells);
}

/** C(kinds + size − 1, size). */
function multisets(kinds: number, size: number): number {
  let count = 1;
  for (let k = 1; k <= size; k++) count *= (kinds + k - 1) / k;
  return count;
}
