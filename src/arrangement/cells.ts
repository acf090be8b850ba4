import { norm2 } from '../linalg/vector.js';
import { CellTree } from './cell-tree.js';
import { hyperplanesOf, weightsOf, type Hyperplanes } from './hyperplanes.js';
import { allActive, patternOf, type ActivationPattern } from './pattern.js';
import { countRegions } from './region-count.js';
import { certainMargins, RowCheck } from './row-check.js';
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
 * tells cells apart. They are computed for the rows that come near the cell; for the others an error bound settles
 * them (see row-check.ts). So each cell yielded exists and none comes twice. Cells thinner than INCIDENCE_TOLERANCE = 1e-10
 * (angle, in well conditioned coordinates) are not found; those found but not confirmed are counted in the report.
 *
 * Cost a cell: O(n/32) for the pattern, O(d·r) for the witness and O(d) for each row near it, plus the search, which is
 * polynomial in m and r and in practice a few rays of a few hyperplanes; memory
 * O(m·depth) however many cells there are (see CellTree).
 */
export function* cells(rows: Rows, options: CellsOptions = {}): Generator<Cell, void> {
  const planes = hyperplanesOf(rows);
  let found = 0;
  let unresolved = 0;
  const check = new RowCheck(rows, planes);
  const tree = new CellTree({ values: planes.normals, dimension: planes.rank }, planes.count, {
    certain: certainMargins(rows, planes),
    onFlip: (h) => {
      check.flip(h);
    },
  });
  const always = zeroRows(planes);
  const everyRow = allActive(rows.n);
  for (const root of rootCones(planes)) {
    tree.start(root);
    while (tree.next()) {
      const witness = unitWeights(planes, rows.d, tree.inside);
      if (!check.confirms(tree, witness)) {
        unresolved += 2;
        continue;
      }
      found += 2;
      const pattern = check.pattern.slice();
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
