import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { ConeProjection } from './cone-projection.js';
import { GroupCone } from './group-cone.js';
import type { RowGeometry } from './row-geometry.js';

/**
 * Cone projections of the groups of one program, made when first needed and kept warm from then on. The two signs of
 * a pattern share its cone. Also owns the scratch array that projections need.
 */
export class ConePool {
  private readonly geometry: RowGeometry;
  private readonly cones = new Map<SubNetworkPattern, GroupCone>();
  private readonly projections = new Map<number, ConeProjection>();
  private scratch = new Float64Array(0);

  constructor(geometry: RowGeometry) {
    this.geometry = geometry;
  }

  /** The warm projection of group g, whose pattern is `pattern`. */
  projection(g: number, pattern: SubNetworkPattern): ConeProjection {
    const known = this.projections.get(g);
    if (known) return known;
    const made = new ConeProjection(this.cone(pattern));
    this.projections.set(g, made);
    return made;
  }

  /** The cone of a pattern. */
  cone(pattern: SubNetworkPattern): GroupCone {
    let cone = this.cones.get(pattern);
    if (!cone) {
      cone = new GroupCone(this.geometry, pattern);
      this.cones.set(pattern, cone);
      if (cone.count > this.scratch.length) this.scratch = new Float64Array(cone.count);
    }
    return cone;
  }

  /** Scratch at least as long as any cone made so far has constraints. */
  get slack(): Float64Array {
    return this.scratch;
  }
}
