import type { Rows } from '../arrangement/sub-network-pattern.js';
import { dotAt } from '../linalg/vector.js';
import { ConeProjection } from '../prox/cone-projection.js';
import { DenseCone } from '../prox/dense-cone.js';
import { RegionFacets } from './region-facets.js';
import type { Region } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';
import { RowRelaxation } from './row-relaxation.js';

/** Weights at which the dual constraint fails. */
export interface Violation {
  /** Unit vector of all leaves' weights, length leaves·r. */
  readonly z: Float64Array;
  /** Upper bound of the support value of its pattern in the region, attained at z up to rounding. */
  readonly support: number;
  /** A point inside the region: the states of all but the open rows. */
  readonly inside: Float64Array;
  /** Rows that are open in the region, with their units on (1) and off (0). */
  readonly open: readonly { readonly row: number; readonly on: Uint8Array }[];
}

/** One way the units of a row can be on and off in a region. */
interface RowState {
  /** Gradient of the row's contribution. */
  readonly gain: Float64Array;
  /** Half-spaces of weights in which the units are so. */
  readonly normals: readonly Float64Array[];
  /** 1 for each unit that is on. */
  readonly on: Uint8Array;
}

interface OpenRow {
  readonly row: number;
  readonly states: readonly RowState[];
  /** Bound of its contribution at the rays. */
  readonly relaxed: Float64Array;
  /** How loose that bound is. */
  readonly slack: number;
}

/** Projections between two pauses: rows have few states each at depth 2 and 3, but up to 2^units of them deeper down. */
const PAUSE = 64;

/** The support value of a region, and what it took. */
export interface ExactSupport {
  /** Infinity where it was not found. */
  readonly upper: number;
  readonly violation: Violation | null;
  readonly projections: number;
}

/**
 * The support value on a region with few undecided rows, exactly where it exceeds `threshold`: their states are
 * enumerated, loosest first, and branches whose bound (with the rows still open relaxed) is below are cut. Yields now
 * and then. Not found when the region is too thin for its facets to be computed, when the rows have more than 2^bits states
 * together, or `projections` are not enough.
 */
export function* exactSupport(
  region: Region,
  { rows, tree, v }: { readonly rows: Rows; readonly tree: SignedTree; readonly v: Float64Array },
  limits: { readonly threshold: number; readonly projections: number; readonly bits: number },
): Generator<undefined, ExactSupport> {
  const dims = rows.d * tree.leaves;
  const facets = RegionFacets.of(region.rays, dims);
  if (!facets) return { upper: Infinity, violation: null, projections: 0 };
  const open = openRows(region, rows, tree, v);
  const bits = open.reduce((sum, { states }) => sum + Math.log2(states.length), 0);
  if (bits > limits.bits) return { upper: Infinity, violation: null, projections: 0 };
  // remaining[k]: linear bound of rows k… together.
  const remaining = open.map((_, k) => {
    const b = new Float64Array(dims);
    for (const row of open.slice(k)) for (let c = 0; c < dims; c++) b[c]! += row.relaxed[c]!;
    return facets.functionAbove(b);
  });
  let upper = 0;
  let violation: Violation | null = null;
  let above = limits.threshold;
  const chosen: { row: number; on: Uint8Array }[] = [];
  let projections = 0;
  const branch = function* (
    k: number,
    linear: Float64Array,
    normals: readonly Float64Array[],
  ): Generator<undefined, void> {
    if (projections >= limits.projections) return;
    if (++projections % PAUSE === 0) yield;
    const rest = remaining[k];
    const gradient = rest ? linear.map((value, t) => value + rest[t]!) : linear;
    const cone = new DenseCone(dims, normals);
    const projection = new ConeProjection(cone);
    const slack = new Float64Array(cone.count);
    const support = projection.supportBound(gradient, slack, above);
    if (support <= above) {
      upper = Math.max(upper, support);
      return;
    }
    const row = open[k];
    if (row) {
      for (const state of row.states) {
        chosen.push({ row: row.row, on: state.on });
        yield* branch(
          k + 1,
          linear.map((value, t) => value + state.gain[t]!),
          [...normals, ...state.normals],
        );
        chosen.pop();
      }
      return;
    }
    // A bound that stopped early may be above for its rounding only.
    const exact = projection.supportBound(gradient, slack, 0);
    upper = Math.max(upper, exact);
    const z = new Float64Array(dims);
    const length = projection.project(z, gradient, slack);
    if (exact <= above || length === 0) return;
    above = exact;
    violation = {
      z: z.map((value) => value / length),
      support: exact,
      inside: facets.middle,
      open: [...chosen],
    };
  };
  yield* branch(0, region.linear, facets.normals);
  return projections < limits.projections
    ? { upper, violation, projections }
    : { upper: Infinity, violation: null, projections };
}

function openRows(region: Region, rows: Rows, tree: SignedTree, v: Float64Array): OpenRow[] {
  const dims = rows.d * tree.leaves;
  const relaxation = new RowRelaxation(tree, dims);
  const top = (tree.units - 1) * dims;
  const open = Array.from({ length: region.count }, (_, at): OpenRow => {
    const i = region.rows[at]!;
    relaxation.evaluate(region.values, at * tree.leaves * dims);
    const from = v[i]! >= 0 ? relaxation.upper : relaxation.lower;
    const other = v[i]! >= 0 ? relaxation.lower : relaxation.upper;
    let slack = 0;
    for (let k = 0; k < dims; k++)
      slack = Math.max(slack, Math.abs(v[i]! * (from[top + k]! - other[top + k]!)));
    const relaxed = from.slice(top, top + dims).map((value) => v[i]! * value);
    return { row: i, states: rowStates(region, i, rows, tree, v[i]!), relaxed, slack };
  });
  return open.sort((a, b) => b.slack - a.slack);
}

/** Every combination of on and off of the units of row i that the region allows, unit by unit from the leaves up. */
function rowStates(region: Region, i: number, { X, d }: Rows, tree: SignedTree, weight: number): RowState[] {
  const dims = d * tree.leaves;
  const states: RowState[] = [];
  const on = new Uint8Array(tree.units);
  /** outputs[u]: linear function that unit u's output is, given the states chosen so far. */
  const extend = (u: number, outputs: readonly Float64Array[], normals: readonly Float64Array[]): void => {
    if (u === tree.units) {
      states.push({ gain: outputs[u - 1]!.map((value) => weight * value), normals, on: Uint8Array.from(on) });
      return;
    }
    const value = new Float64Array(dims);
    if (u < tree.leaves) value.set(X.subarray(i * d, (i + 1) * d), u * d);
    else {
      for (let c = tree.firstChild[u]!; c < tree.firstChild[u]! + tree.children[u]!; c++) {
        for (let t = 0; t < dims; t++) value[t]! += tree.sign[c]! * outputs[c]![t]!;
      }
    }
    let least = Infinity;
    let most = -Infinity;
    for (let k = 0; k < dims; k++) {
      const at = dotAt(value, 0, region.rays, k * dims, dims);
      least = Math.min(least, at);
      most = Math.max(most, at);
    }
    const off = new Float64Array(dims);
    if (most > 0 || least >= 0) {
      on[u] = 1;
      extend(u + 1, [...outputs, value], least >= 0 ? normals : [...normals, value]);
    }
    if (least < 0) {
      on[u] = 0;
      extend(u + 1, [...outputs, off], most <= 0 ? normals : [...normals, value.map((entry) => -entry)]);
    }
  };
  extend(0, [], []);
  return states;
}
