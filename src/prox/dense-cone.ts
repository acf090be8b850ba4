import { dotAt } from '../linalg/vector.js';
import type { PolyhedralCone } from './group-cone.js';

/**
 * The cone {z : ⟨b_i, z⟩ ≥ 0} of a few explicit normals b_i ≠ 0, scaled to unit length here. Normals come and go like the
 * entries of a stack, in a buffer that is used again.
 */
export class DenseCone implements PolyhedralCone {
  readonly dims: number;
  private size = 0;
  private normals: Float64Array;

  constructor(dims: number, normals: readonly Float64Array[] = []) {
    this.dims = dims;
    this.normals = new Float64Array(normals.length * dims);
    for (const normal of normals) this.push(normal);
  }

  get count(): number {
    return this.size;
  }

  push(normal: Float64Array): void {
    const { dims } = this;
    const at = this.size * dims;
    if (at + dims > this.normals.length) {
      const larger = new Float64Array(2 * at + 8 * dims);
      larger.set(this.normals);
      this.normals = larger;
    }
    const length = Math.sqrt(dotAt(normal, 0, normal, 0, dims));
    for (let t = 0; t < dims; t++) this.normals[at + t] = normal[t]! / length;
    this.size++;
  }

  /** Drops all normals but the first `count`. */
  truncate(count: number): void {
    this.size = count;
  }

  slackInto(out: Float64Array, z: Float64Array): void {
    for (let i = 0; i < this.size; i++) out[i] = this.slackAt(z, i);
  }

  slackAt(z: Float64Array, i: number): number {
    return dotAt(this.normals, i * this.dims, z, 0, this.dims);
  }

  normalInto(out: Float64Array, i: number): void {
    const { dims, normals } = this;
    for (let t = 0; t < dims; t++) out[t] = normals[i * dims + t]!;
  }
}
