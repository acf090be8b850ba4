import { norm2 } from '../linalg/vector.js';
import { CellTree } from './cell-tree.js';
import { hyperplanesOf, weightsOf, type Hyperplanes } from './hyperplanes.js';
import { allActive, patternOf, wordCount, type ActivationPattern } from './pattern.js';
import { countRegions } from './region-count.js';
import { rootCones } from './root-cones.js';
import { preactivation, type Rows } from './sub-network-pattern.js';

/** A full-dimensional cell of the arrangement {w : x_i·w = 0} of the rows of X. */
export interface Cell {
  /** 1[X·w ≥ 0] for every w strictly inside. */
  readonly pattern: ActivationPattern;
  /** A weight vector strictly inside, length d, unit norm: X·witness, computed plainly, gives the pattern. */
  readonly witness: Float64Array;
}

/** How far an enumeration can be trusted. */
export interface EnumerationReport {
  /** Cells yielded. */
  readonly cells: number;
  /**
   * Cells left out because no witness was found whose plainly computed X·w has their signs: they are thinner than
   * rounding, or the tolerance misjudged an incidence.
   */
  readonly unresolved: number;
  /**
   * Largest product of a unit normal and a unit ray that was taken as zero. Of the order of 1e-15 when every
   * incidence was clear; near INCIDENCE_TOLERANCE there may be cells thinner than that which were not found.
   */
  readonly largestZero: number;
}

/** Options of {@link cells}. */
export interface CellsOptions {
  /** Called once, after the last cell. */
  readonly onReport?: (report: EnumerationReport) => void;
}

/**
 * Every full-dimensional cell of the central arrangement of the rows of X, each once, with a witness. Any rank, any
 * degeneracy: proportional rows share a hyperplane, zero rows are active everywhere, a rank-deficient X has as many
 * cells as its row space. Cells come in pairs ±w, next to each other.
 *
 * Every cell is checked before it is yielded: the signs of X·witness, computed plainly, are those by which the search
 * tells cells apart. So each cell yielded exists and none comes twice. Cells thinner than INCIDENCE_TOLERANCE = 1e-10
 * (angle, in well conditioned coordinates) are not found; those found but not confirmed are counted in the report.
 *
 * Cost O(n·d) a cell for the check plus the search, polynomial in m and r a cell and in practice below it; memory
 * O(m·depth) however many cells there are (see CellTree).
 */
export function* cells(rows: Rows, options: CellsOptions = {}): Generator<Cell, void> {
  const planes = hyperplanesOf(rows);
  let found = 0;
  let unresolved = 0;
  const tree = new CellTree({ values: planes.normals, dimension: planes.rank }, planes.count);
  const always = zeroRows(planes);
  const everyRow = allActive(rows.n);
  for (const root of rootCones(planes)) {
    for (tree.start(root); tree.next();) {
      const witness = unitWeights(planes, rows.d, tree.inside);
      const pattern = confirmedPattern(rows, witness, tree.sign, planes);
      if (!pattern) {
        unresolved += 2;
        continue;
      }
      found += 2;
      yield { pattern, witness };
      // X·(−w) = −(X·w) to the last bit, so the opposite cell is confirmed too.
      yield { pattern: opposite(pattern, everyRow, always), witness: negated(witness) };
    }
  }
  if (planes.rank === 0) {
    found = 1;
    const witness = new Float64Array(rows.d);
    if (rows.d > 0) witness[0] = 1;
    yield { pattern: patternOf(preactivation(rows, witness)), witness };
  }
  options.onReport?.({ cells: found, unresolved, largestZero: tree.largestZero });
}

/**
 * Number of full-dimensional cells of the arrangement of the rows of X, without finding them; Infinity as soon as it
 * is known to be more than `limit`. See countRegions for the method, which shares nothing with {@link cells}.
 */
export function countCells(rows: Rows, limit = Infinity): number {
  const planes = hyperplanesOf(rows);
  return countRegions({ values: planes.normals, dimension: planes.rank }, planes.count, limit);
}

/** 1[X·w ≥ 0], computed plainly, if X·w has the signs of a cell (strictly, except on zero rows), null if not. */
function confirmedPattern(
  { X, n, d }: Rows,
  w: Float64Array,
  sign: Int8Array,
  { hyperplaneOf, orientation }: Hyperplanes,
): ActivationPattern | null {
  const words = new Uint32Array(wordCount(n));
  for (let word = 0, i = 0, at = 0; i < n; word++) {
    let bits = 0;
    for (const end = Math.min(n, i + 32); i < end; i++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[at++]! * w[t]!;
      // 0 on zero rows, whose hyperplane −1 does not exist.
      const side = orientation[i]! === 0 ? 0 : orientation[i]! * sign[hyperplaneOf[i]!]!;
      if (!(sum * side > 0) && side !== 0) return null;
      // Now sum ≥ 0 just where side ≥ 0, and the sign bit of a whole number needs no branch that is hard to foresee.
      bits |= (~side >>> 31) << (i & 31);
    }
    words[word] = bits;
  }
  return words;
}

/** Rows without a hyperplane: active in every pattern. */
function zeroRows({ orientation }: Hyperplanes): ActivationPattern {
  return patternOf(Float64Array.from(orientation, (side) => (side === 0 ? 1 : -1)));
}

/** The pattern of −w: every row changes but zero rows, which stay active. */
function opposite(
  pattern: ActivationPattern,
  rows: ActivationPattern,
  always: ActivationPattern,
): ActivationPattern {
  const words = new Uint32Array(pattern.length);
  for (let at = 0; at < words.length; at++) words[at] = (pattern[at]! ^ rows[at]!) | always[at]!;
  return words;
}

/** map·u, scaled to unit length. */
function unitWeights(planes: Hyperplanes, d: number, u: Float64Array): Float64Array {
  const w = weightsOf(planes, d, u);
  const length = norm2(w);
  for (let t = 0; t < d; t++) w[t]! /= length;
  return w;
}

function negated(w: Float64Array): Float64Array {
  const out = new Float64Array(w.length);
  for (let t = 0; t < w.length; t++) out[t] = -w[t]!;
  return out;
}
