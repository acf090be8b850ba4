import type { Rows } from '../arrangement/sub-network-pattern.js';
import { dot, dotAt } from '../linalg/vector.js';
import type { EdgeSplit } from './edge-choice.js';

/** One simplicial region of weights on the way of a depth-first search. Arrays are reused from region to region. */
export interface Region {
  /** Unit rays p_k, dims·dims row-major. */
  readonly rays: Float64Array;
  /** Linear function ⟨g, z⟩ that the rows decided so far contribute. */
  readonly linear: Float64Array;
  /** Rows whose contribution is not linear on the region yet: the first `count` entries. */
  rows: Int32Array;
  count: number;
  /** First-layer pre-activations of those rows at the rays: entry [row][leaf][ray]. */
  values: Float64Array;
  /** Upper bound of the support value on the region. */
  bound: number;
  /** Ends of the edge that is split, and the unit vector between them where it is. */
  splitA: number;
  splitB: number;
  readonly middle: Float64Array;
  /** Parts searched so far: 0, 1 or 2. */
  searched: number;
}

/** A region to go on from at another time or place: the state of a {@link Region} in little. */
export interface OpenRegion {
  /** Unit rays, dims·dims row-major. */
  readonly rays: Float64Array;
  /** What the rows decided so far contribute. */
  readonly linear: Float64Array;
  /** The rows that are not decided. */
  readonly rows: Int32Array;
  /** Upper bound of the support value on it. */
  readonly bound: number;
  /** How often an orthant was split to get it. */
  readonly depth: number;
}

/** Where a search starts: an orthant by its number, or a region that another search left open. */
export type SearchStart = number | OpenRegion;

/** Regions by depth, made when first needed: the memory of a search is its depth times one region. */
export class RegionStack {
  private readonly regions: Region[] = [];
  private readonly rows: Rows;
  private readonly leaves: number;
  private readonly dims: number;

  /** @param leaves first-layer units; the space has leaves · rows.d dimensions */
  constructor(rows: Rows, leaves: number) {
    this.rows = rows;
    this.leaves = leaves;
    this.dims = rows.d * leaves;
  }

  /** The region at a depth that was filled before. */
  at(depth: number): Region {
    return this.regions[depth]!;
  }

  /**
   * Fills depth 0 with an orthant: bit k of its number is set where coordinate k is negative. Rows without weight in v
   * are left out: they contribute nothing.
   */
  startOrthant(orthant: number, v: Float64Array): void {
    const { dims, leaves } = this;
    const { X, n, d } = this.rows;
    const region = this.room(0, n);
    region.rays.fill(0);
    region.linear.fill(0);
    region.bound = Infinity;
    let count = 0;
    for (let i = 0; i < n; i++) if (v[i] !== 0) region.rows[count++] = i;
    region.count = count;
    region.values.fill(0, 0, count * leaves * dims);
    for (let k = 0; k < dims; k++) {
      const sign = (orthant >> k) & 1 ? -1 : 1;
      region.rays[k * dims + k] = sign;
      const leaf = Math.floor(k / d);
      for (let at = 0; at < count; at++) {
        region.values[(at * leaves + leaf) * dims + k] = sign * X[region.rows[at]! * d + (k % d)]!;
      }
    }
  }

  /** Fills depth 0 with a region left open before. Cost O(open rows · dims · d · leaves). */
  startRegion(open: OpenRegion): void {
    const { dims, leaves } = this;
    const { X, d } = this.rows;
    const count = open.rows.length;
    const region = this.room(0, count);
    region.rays.set(open.rays);
    region.linear.set(open.linear);
    region.rows.set(open.rows);
    region.bound = open.bound;
    region.count = count;
    for (let at = 0; at < count; at++) {
      const i = region.rows[at]!;
      for (let leaf = 0; leaf < leaves; leaf++) {
        const from = (at * leaves + leaf) * dims;
        for (let k = 0; k < dims; k++) {
          region.values[from + k] = dotAt(X, i * d, region.rays, k * dims + leaf * d, d);
        }
      }
    }
  }

  /** The regions left at a depth and above it: the one at `depth`, and second parts that were not begun. */
  openRegions(depth: number, depthOfStart: number): OpenRegion[] {
    const open: OpenRegion[] = [];
    for (let at = 0; at <= depth; at++) {
      const region = this.at(at);
      if (at < depth && region.searched === 2) continue;
      const rays = Float64Array.from(region.rays);
      if (at < depth) rays.set(region.middle, region.splitB * this.dims);
      open.push({
        rays,
        linear: Float64Array.from(region.linear),
        rows: region.rows.slice(0, region.count),
        bound: region.bound,
        depth: depthOfStart + at + (at < depth ? 1 : 0),
      });
    }
    return open;
  }

  /** Says where the region at a depth is to be split. */
  split(depth: number, { a, b, share }: EdgeSplit): void {
    const { dims } = this;
    const region = this.at(depth);
    const { rays, middle } = region;
    region.splitA = a;
    region.splitB = b;
    region.searched = 0;
    for (let t = 0; t < dims; t++) {
      middle[t] = (1 - share) * rays[a * dims + t]! + share * rays[b * dims + t]!;
    }
    const length = Math.sqrt(dot(middle, middle));
    for (let t = 0; t < dims; t++) middle[t]! /= length;
  }

  /** Fills the next depth with the next part of a region: one end of its edge moved to where it is split. */
  nextPart(depth: number): void {
    const { dims, leaves } = this;
    const { X, d } = this.rows;
    const region = this.at(depth);
    const part = this.room(depth + 1, region.count);
    const moved = region.searched++ === 0 ? region.splitA : region.splitB;
    part.rays.set(region.rays);
    part.rays.set(region.middle, moved * dims);
    part.linear.set(region.linear);
    part.bound = region.bound;
    part.count = region.count;
    const size = leaves * dims;
    part.values.set(region.values.subarray(0, region.count * size));
    for (let at = 0; at < region.count; at++) {
      const i = region.rows[at]!;
      part.rows[at] = i;
      for (let leaf = 0; leaf < leaves; leaf++) {
        part.values[at * size + leaf * dims + moved] = dotAt(X, i * d, region.middle, leaf * d, d);
      }
    }
  }

  private room(depth: number, rowCount: number): Region {
    const { dims, leaves } = this;
    const region = (this.regions[depth] ??= {
      rays: new Float64Array(dims * dims),
      linear: new Float64Array(dims),
      rows: new Int32Array(rowCount),
      count: 0,
      values: new Float64Array(rowCount * leaves * dims),
      bound: Infinity,
      splitA: 0,
      splitB: 1,
      middle: new Float64Array(dims),
      searched: 0,
    });
    if (region.rows.length < rowCount) {
      region.rows = new Int32Array(rowCount);
      region.values = new Float64Array(rowCount * leaves * dims);
    }
    return region;
  }
}
