import { dotAt } from '../linalg/vector.js';
import type { PolyhedralCone } from './group-cone.js';

/** The cone {z : ⟨b_i, z⟩ ≥ 0} of a few explicit normals b_i ≠ 0, scaled to unit length here. */
export class DenseCone implements PolyhedralCone {
  readonly dims: number;
  readonly count: number;
  private readonly normals: Float64Array;

  constructor(dims: number, normals: readonly Float64Array[]) {
    this.dims = dims;
    this.count = normals.length;
    this.normals = new Float64Array(normals.length * dims);
    normals.forEach((normal, i) => {
      const length = Math.sqrt(dotAt(normal, 0, normal, 0, dims));
      for (let t = 0; t < dims; t++) this.normals[i * dims + t] = normal[t]! / length;
    });
  }

  slackInto(out: Float64Array, z: Float64Array): void {
    for (let i = 0; i < this.count; i++) out[i] = this.slackAt(z, i);
  }

  slackAt(z: Float64Array, i: number): number {
    return dotAt(this.normals, i * this.dims, z, 0, this.dims);
  }

  normalInto(out: Float64Array, i: number): void {
    out.set(this.normals.subarray(i * this.dims, (i + 1) * this.dims));
  }
}
