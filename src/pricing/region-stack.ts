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
  /** Ends of the edge that is split, and the unit vector in its middle. */
  splitA: number;
  splitB: number;
  readonly middle: Float64Array;
  /** Children searched so far: 0, 1 or 2. */
  searched: number;
}

/** Regions by depth, made when first needed: the memory of a search is its depth times one region. */
export class RegionStack {
  private readonly regions: Region[] = [];
  private readonly dims: number;
  private readonly leaves: number;

  constructor(dims: number, leaves: number) {
    this.dims = dims;
    this.leaves = leaves;
  }

  /** The region at a depth with room for `rowCount` rows; its contents are those of its last use. */
  at(depth: number, rowCount: number): Region {
    const { dims, leaves } = this;
    let region = this.regions[depth];
    if (!region) {
      region = {
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
      };
      this.regions[depth] = region;
    }
    if (region.rows.length < rowCount) {
      region.rows = new Int32Array(rowCount);
      region.values = new Float64Array(rowCount * leaves * dims);
    }
    return region;
  }
}
