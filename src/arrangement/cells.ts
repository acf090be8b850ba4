import { norm2 } from '../linalg/vector.js';
import { CellTree } from './cell-tree.js';
import { hyperplanesOf, type Hyperplanes } from './hyperplanes.js';
import { patternOf, type ActivationPattern } from './pattern.js';
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
  for (const root of rootCones(planes)) {
    for (tree.start(root); tree.next(); ) {
      const witness = weightsOf(planes, rows.d, tree.inside);
      const values = preactivation(rows, witness);
      if (!agrees(values, tree.sign, planes)) {
        unresolved += 2;
        continue;
      }
      found += 2;
      yield { pattern: patternOf(values), witness };
      // X·(−w) = −(X·w) to the last bit, so the opposite cell is confirmed too.
      yield { pattern: patternOf(values.map((value) => -value)), witness: witness.map((value) => -value) };
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

/** w = map·u, scaled to unit length. */
export function weightsOf({ rank, map }: Hyperplanes, d: number, u: Float64Array): Float64Array {
  const w = new Float64Array(d);
  for (let t = 0; t < d; t++) {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += map[t * rank + k]! * u[k]!;
    w[t] = sum;
  }
  const length = norm2(w);
  for (let t = 0; t < d; t++) w[t]! /= length;
  return w;
}

/** Whether pre-activations have the signs of a cell: strictly, except on zero rows. */
function agrees(
  values: Float64Array,
  sign: Int8Array,
  { hyperplaneOf, orientation }: Hyperplanes,
): boolean {
  for (let i = 0; i < values.length; i++) {
    const side = orientation[i]!;
    if (side !== 0 && !(values[i]! * side * sign[hyperplaneOf[i]!]! > 0)) return false;
  }
  return true;
}
