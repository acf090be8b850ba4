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

/** What one call of {@link ExactRegion.solve} works with and has found. */
interface Standing {
  readonly open: readonly OpenRow[];
  /** remaining[k]: linear bound of rows k… together. */
  readonly remaining: readonly Float64Array[];
  readonly inside: Float64Array;
  /** State chosen for each open row so far. */
  readonly chosen: { readonly row: number; readonly on: Uint8Array }[];
  readonly limit: number;
  above: number;
  upper: number;
  violation: Violation | null;
  projections: number;
}

/** Support values of regions with few undecided rows, exactly. Buffers are kept from region to region. */
export class ExactRegion {
  private readonly rows: Rows;
  private readonly dims: number;
  private readonly cone: DenseCone;
  private readonly projection: ConeProjection;
  private readonly relaxation: RowRelaxation;
  private slack = new Float64Array(0);

  constructor(rows: Rows, tree: SignedTree) {
    this.rows = rows;
    this.dims = rows.d * tree.leaves;
    this.cone = new DenseCone(this.dims);
    this.projection = new ConeProjection(this.cone);
    this.relaxation = new RowRelaxation(tree, this.dims);
  }

  /**
   * The support value on a region, exactly where it exceeds `threshold`: the states of its undecided rows are enumerated,
   * loosest first, and branches whose bound (with the rows still open relaxed) is below are cut. Yields now and then. Not
   * found when the region is too thin for its facets to be computed, when the rows have more than 2^bits states together, or
   * `projections` are not enough.
   */
  *solve(
    region: Region,
    v: Float64Array,
    limits: { readonly threshold: number; readonly projections: number; readonly bits: number },
  ): Generator<undefined, ExactSupport> {
    const { dims, cone } = this;
    const facets = RegionFacets.of(region.rays, dims);
    if (!facets) return { upper: Infinity, violation: null, projections: 0 };
    const open = openRows(region, this.rows, this.relaxation, v);
    const bits = open.reduce((sum, { states }) => sum + Math.log2(states.length), 0);
    if (bits > limits.bits) return { upper: Infinity, violation: null, projections: 0 };
    const standing: Standing = {
      open,
      remaining: open.map((_, k) => {
        const b = new Float64Array(dims);
        for (const row of open.slice(k)) for (let c = 0; c < dims; c++) b[c]! += row.relaxed[c]!;
        return facets.functionAbove(b);
      }),
      inside: facets.middle,
      chosen: [],
      limit: limits.projections,
      above: limits.threshold,
      upper: 0,
      violation: null,
      projections: 0,
    };
    cone.truncate(0);
    for (const normal of facets.normals) cone.push(normal);
    yield* this.branch(0, region.linear, standing);
    const { upper, violation, projections } = standing;
    return projections < limits.projections
      ? { upper, violation, projections }
      : { upper: Infinity, violation: null, projections };
  }

  /** Rows 0 … k − 1 have their states: the cone has their half-spaces, `linear` what they contribute. */
  private *branch(k: number, linear: Float64Array, standing: Standing): Generator<undefined, void> {
    const { cone, projection } = this;
    if (standing.projections >= standing.limit) return;
    if (++standing.projections % PAUSE === 0) yield;
    const rest = standing.remaining[k];
    const gradient = rest ? sumOf(linear, rest) : linear;
    if (cone.count > this.slack.length) this.slack = new Float64Array(2 * cone.count);
    // Warm from another cone it might rest on a face that a thin cone is only nearly on the right side of.
    projection.reset();
    const support = projection.supportBound(gradient, this.slack, standing.above);
    if (support <= standing.above) {
      standing.upper = Math.max(standing.upper, support);
      return;
    }
    const row = standing.open[k];
    if (!row) {
      this.settle(gradient, standing);
      return;
    }
    const { count } = cone;
    for (const { gain, normals, on } of row.states) {
      standing.chosen.push({ row: row.row, on });
      for (const normal of normals) cone.push(normal);
      yield* this.branch(k + 1, sumOf(linear, gain), standing);
      cone.truncate(count);
      standing.chosen.pop();
    }
  }

  /** The support value where every row has its state. */
  private settle(gradient: Float64Array, standing: Standing): void {
    const { projection, slack } = this;
    // A bound that stopped early may be above for its rounding only.
    const support = projection.supportBound(gradient, slack, 0);
    standing.upper = Math.max(standing.upper, support);
    const z = new Float64Array(this.dims);
    const length = projection.project(z, gradient, slack);
    if (support <= standing.above || length === 0) return;
    standing.above = support;
    standing.violation = {
      z: z.map((value) => value / length),
      support,
      inside: standing.inside,
      open: [...standing.chosen],
    };
  }
}

function sumOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let t = 0; t < a.length; t++) out[t] = a[t]! + b[t]!;
  return out;
}

function openRows(region: Region, rows: Rows, relaxation: RowRelaxation, v: Float64Array): OpenRow[] {
  const { tree } = relaxation;
  const dims = rows.d * tree.leaves;
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
