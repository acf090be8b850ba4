import { dotAt } from '../linalg/vector.js';

const ROUNDOFF = 2 ** -53;

/**
 * The simplicial cone of dims unit rays p_k from its other side: normals q_j with ⟨q_j, p_k⟩ = 1 for j = k, else 0.
 *
 * Thin cones make the inverse inaccurate; what is returned is corrected so that the inequalities that bounds rest on
 * hold in spite of rounding, by adding a little of a vector on which every ray is positive.
 */
export class RegionFacets {
  /** q_j, dims vectors; ⟨q_j, z⟩ ≥ 0 for every z of the cone. */
  readonly normals: readonly Float64Array[];
  /** Sum of the rays, a point inside. */
  readonly middle: Float64Array;
  private readonly rays: Float64Array;
  private readonly dims: number;
  private readonly inverse: readonly Float64Array[];

  /** @param rays dims·dims row-major */
  constructor(rays: Float64Array, dims: number, inverse: readonly Float64Array[]) {
    this.rays = rays;
    this.dims = dims;
    this.inverse = inverse;
    this.middle = new Float64Array(dims);
    for (let c = 0; c < dims * dims; c++) this.middle[c % dims]! += rays[c]!;
    const zero = new Float64Array(dims);
    this.normals = inverse.map((q) => this.raised(q, zero));
  }

  /** Facets of a cone; null when its rays are dependent to working precision. */
  static of(rays: Float64Array, dims: number): RegionFacets | null {
    const inverse = invertTransposed(rays, dims);
    return inverse && new RegionFacets(rays, dims, inverse);
  }

  /** A linear function f with ⟨f, p_k⟩ ≥ b_k for every k, equal up to rounding. */
  functionAbove(b: Float64Array): Float64Array {
    const f = new Float64Array(this.dims);
    this.inverse.forEach((q, k) => {
      for (let t = 0; t < this.dims; t++) f[t]! += b[k]! * q[t]!;
    });
    return this.raised(f, b);
  }

  /** f plus the multiple of `middle` that lifts it to at least b_k on every ray, rounding of the products included. */
  private raised(f: Float64Array, b: Float64Array): Float64Array {
    const { dims, rays, middle } = this;
    const length = Math.sqrt(dotAt(f, 0, f, 0, dims));
    let lift = 0;
    for (let k = 0; k < dims; k++) {
      const short =
        b[k]! - dotAt(f, 0, rays, k * dims, dims) + 2 * (dims + 2) * ROUNDOFF * (length + Math.abs(b[k]!));
      lift = Math.max(lift, short / dotAt(middle, 0, rays, k * dims, dims));
    }
    return f.map((value, t) => value + lift * middle[t]!);
  }
}

/** Rows of P⁻ᵀ for P with rows p_k, by elimination with row pivoting; null when singular. */
function invertTransposed(rays: Float64Array, dims: number): Float64Array[] | null {
  // Solve P·qᵀ = I column by column: [P | I] → [I | P⁻¹]; q_j is column j of P⁻¹.
  const width = 2 * dims;
  const work = new Float64Array(dims * width);
  for (let k = 0; k < dims; k++) {
    for (let t = 0; t < dims; t++) work[k * width + t] = rays[k * dims + t]!;
    work[k * width + dims + k] = 1;
  }
  for (let t = 0; t < dims; t++) {
    let pivot = t;
    for (let k = t + 1; k < dims; k++) {
      if (Math.abs(work[k * width + t]!) > Math.abs(work[pivot * width + t]!)) pivot = k;
    }
    const value = work[pivot * width + t]!;
    if (Math.abs(value) < 1e-150) return null;
    for (let c = 0; c < width; c++) {
      const swapped = work[pivot * width + c]!;
      work[pivot * width + c] = work[t * width + c]!;
      work[t * width + c] = swapped / value;
    }
    for (let k = 0; k < dims; k++) {
      const factor = work[k * width + t]!;
      if (k === t || factor === 0) continue;
      for (let c = 0; c < width; c++) work[k * width + c]! -= factor * work[t * width + c]!;
    }
  }
  return Array.from({ length: dims }, (_, j) =>
    Float64Array.from({ length: dims }, (_unused, t) => work[t * width + dims + j]!),
  );
}
