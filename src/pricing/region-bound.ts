import type { Rows } from '../arrangement/sub-network-pattern.js';
import { dotAt } from '../linalg/vector.js';
import type { Region } from './region-stack.js';
import { RowRelaxation } from './row-relaxation.js';
import { signToTop, type SignedTree } from './signed-tree.js';
import { SimplexBound } from './simplex-bound.js';

/**
 * How far the slope of a concave row leans from its chord towards the side of the kink where the maximum of the relaxed
 * problem lies. 0.5 halves the regions of a search at rank 4 and 5; 0.3 to 1 are within 15 %.
 */
const TILT = 0.5;

/**
 * Upper bounds of Σ_i v_i h_Z(x_i) over the unit vectors Z of simplicial regions: rows that no unit changes its sign for
 * contribute a linear function, the others linear bounds by their values at the rays.
 */
export class RegionBound {
  private readonly rows: Rows;
  private readonly tree: SignedTree;
  private readonly dims: number;
  private readonly relaxation: RowRelaxation;
  private readonly simplex: SimplexBound;
  /** Values of the bound at the rays. */
  private readonly b: Float64Array;

  constructor(rows: Rows, tree: SignedTree) {
    this.rows = rows;
    this.tree = tree;
    this.dims = rows.d * tree.leaves;
    this.relaxation = new RowRelaxation(tree, this.dims);
    this.simplex = new SimplexBound(this.dims, this.dims);
    this.b = new Float64Array(this.dims);
  }

  /** Moves decided rows into the linear part and lowers the region's bound, looking no further once it is ≤ `enough`. */
  tighten(region: Region, v: Float64Array, enough: number): void {
    if (this.tree.units > 1) this.relaxTrees(region, v);
    else this.relaxUnits(region, v);
    this.applyBound(region, enough);
    if (this.tree.units > 1 || region.bound <= enough || region.count === 0) return;
    this.tiltSlopes(region, v);
    this.applyBound(region, enough);
  }

  private applyBound(region: Region, enough: number): void {
    const { dims, b } = this;
    for (let k = 0; k < dims; k++) b[k]! += dotAt(region.linear, 0, region.rays, k * dims, dims);
    region.bound = Math.min(region.bound, this.simplex.bound(region.rays, b, enough));
  }

  private relaxTrees(region: Region, v: Float64Array): void {
    const { dims, tree, relaxation, b } = this;
    const { X, d } = this.rows;
    const size = tree.leaves * dims;
    const top = (tree.units - 1) * dims;
    const { rows, values, linear } = region;
    b.fill(0);
    let kept = 0;
    for (let at = 0; at < region.count; at++) {
      const i = rows[at]!;
      if (relaxation.evaluate(values, at * size)) {
        for (let leaf = 0; leaf < tree.leaves; leaf++) {
          if (!relaxation.reaches(leaf)) continue;
          const weight = v[i]! * signToTop(tree, leaf);
          for (let t = 0; t < d; t++) linear[leaf * d + t]! += weight * X[i * d + t]!;
        }
        continue;
      }
      const from = v[i]! >= 0 ? relaxation.upper : relaxation.lower;
      for (let k = 0; k < dims; k++) b[k]! += v[i]! * from[top + k]!;
      if (kept < at) {
        rows[kept] = i;
        values.copyWithin(kept * size, at * size, (at + 1) * size);
      }
      kept++;
    }
    region.count = kept;
  }

  /** The same for sub-networks of one unit, where most of the time goes. */
  private relaxUnits(region: Region, v: Float64Array): void {
    const { dims, b } = this;
    const { X } = this.rows;
    const { rows, values, linear } = region;
    b.fill(0);
    let kept = 0;
    for (let at = 0, base = 0; at < region.count; at++, base += dims) {
      const i = rows[at]!;
      let positive = 0;
      let negative = 0;
      for (let k = 0; k < dims; k++) {
        const value = values[base + k]!;
        if (value > 0) positive += value;
        else negative -= value;
      }
      if (positive === 0) continue;
      const weight = v[i]!;
      if (negative === 0) {
        for (let t = 0; t < dims; t++) linear[t]! += weight * X[i * dims + t]!;
        continue;
      }
      const slope = weight * (positive / (positive + negative));
      const to = kept * dims;
      rows[kept++] = i;
      for (let k = 0; k < dims; k++) {
        const value = values[base + k]!;
        values[to + k] = value;
        if (weight < 0) b[k]! += slope * value;
        else if (value > 0) b[k]! += weight * value;
      }
    }
    region.count = kept;
  }

  /** Bounds of the open rows with slopes that suit the maximiser just found: any slope in [0, 1] is valid. */
  private tiltSlopes(region: Region, v: Float64Array): void {
    const { dims, b } = this;
    const { rows, values } = region;
    const { weights } = this.simplex;
    let total = 0;
    for (let k = 0; k < dims; k++) total += weights[k]!;
    const tilt = total > 0 ? (TILT * dims) / total : 0;
    b.fill(0);
    for (let at = 0, base = 0; at < region.count; at++, base += dims) {
      const weight = v[rows[at]!]!;
      let positive = 0;
      let size = 0;
      let middle = 0;
      for (let k = 0; k < dims; k++) {
        const value = values[base + k]!;
        if (value > 0) positive += value;
        size += Math.abs(value);
        middle += weights[k]! * value;
      }
      const slope = weight * Math.max(0, Math.min(1, (positive + tilt * middle) / size));
      for (let k = 0; k < dims; k++) {
        const value = values[base + k]!;
        if (weight < 0) b[k]! += slope * value;
        else if (value > 0) b[k]! += weight * value;
      }
    }
  }
}
