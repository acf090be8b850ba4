/** Bits of one word of a tight set. */
const WORD = 32;

/**
 * A pointed polyhedral cone of full dimension by its extreme rays, in buffers that are used again for the next cone.
 *
 * `rays` are unit vectors, rayCount×dimension row-major; `tight` says, `words` 32-bit words a ray, on which of the
 * `facets` constraints of the cone each ray lies. Constraints that are not facets do no harm to the combinatorial test
 * of adjacency and are dropped now and then. `crossing` are the hyperplanes with rays strictly on both sides;
 * `resolved` those that crossed the parent cone but not this one, as 2·hyperplane + (1 if this cone is on the negative
 * side).
 */
export class Cone {
  rays = new Float64Array(0);
  rayCount = 0;
  tight = new Int32Array(0);
  words = 1;
  facets = 0;
  crossing = new Int32Array(0);
  crossingCount = 0;
  resolved = new Int32Array(0);
  resolvedCount = 0;
  /** Those of the resolved that come so near to a ray that rounding might decide the side: they need a check. */
  doubtful = new Int32Array(0);
  doubtfulCount = 0;

  constructor(readonly dimension: number) {}

  /** Starts over with no rays, lists large enough for `crossing` hyperplanes. */
  clear(words: number, facets: number, crossing: number): void {
    this.rayCount = 0;
    this.words = words;
    this.facets = facets;
    this.crossingCount = 0;
    this.resolvedCount = 0;
    this.doubtfulCount = 0;
    if (this.crossing.length < crossing) {
      this.crossing = new Int32Array(crossing);
      this.resolved = new Int32Array(crossing);
      this.doubtful = new Int32Array(crossing);
    }
  }

  /** Makes room for one more ray, to be written at index rayCount. */
  reserveRay(): void {
    const { dimension, rayCount, words } = this;
    if (this.rays.length < (rayCount + 1) * dimension) {
      this.rays = enlarged(this.rays, 2 * (rayCount + 4) * dimension);
    }
    if (this.tight.length < (rayCount + 1) * words) {
      const larger = new Int32Array(2 * (rayCount + 4) * words);
      larger.set(this.tight);
      this.tight = larger;
    }
  }

  /** Appends ray j of another cone with as many words a ray, and returns its index here. */
  copyRay(from: Cone, j: number): number {
    this.reserveRay();
    const { dimension: r, words, rayCount } = this;
    for (let t = 0; t < r; t++) this.rays[rayCount * r + t] = from.rays[j * r + t]!;
    for (let w = 0; w < words; w++) this.tight[rayCount * words + w] = from.tight[j * words + w]!;
    this.rayCount = rayCount + 1;
    return rayCount;
  }

  /** Puts ray j on facet `bit`. */
  markTight(j: number, bit: number): void {
    this.tight[j * this.words + (bit >>> 5)]! |= 1 << (bit & 31);
  }

  /** out = sum of the unit rays: strictly inside. */
  centreInto(out: Float64Array): void {
    const { dimension: r, rays, rayCount } = this;
    out.fill(0);
    for (let j = 0; j < rayCount; j++) for (let t = 0; t < r; t++) out[t]! += rays[j * r + t]!;
  }

  /** Makes sure that one more constraint has a bit. */
  makeRoomForFacet(): void {
    if (this.facets === WORD * this.words) this.dropRedundant(WORD / 4);
  }

  /**
   * Drops constraints that fewer than dimension − 1 rays lie on, which are no facets, and leaves `spare` bits free
   * for more.
   */
  dropRedundant(spare = 0): void {
    const kept = this.facetsWithRays(this.dimension - 1);
    const words = Math.max(1, Math.ceil((kept.length + spare) / WORD));
    const old = this.tight;
    const oldWords = this.words;
    this.tight = new Int32Array(Math.max(old.length, this.rayCount * words));
    this.words = words;
    this.facets = kept.length;
    for (let j = 0; j < this.rayCount; j++) {
      kept.forEach((bit, newBit) => {
        if ((old[j * oldWords + (bit >>> 5)]! >>> (bit & 31)) & 1) this.markTight(j, newBit);
      });
    }
  }

  private facetsWithRays(atLeast: number): number[] {
    const kept: number[] = [];
    for (let bit = 0; bit < this.facets; bit++) {
      let count = 0;
      for (let j = 0; j < this.rayCount; j++) {
        count += (this.tight[j * this.words + (bit >>> 5)]! >>> (bit & 31)) & 1;
      }
      if (count >= atLeast) kept.push(bit);
    }
    return kept;
  }
}

function enlarged(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(array);
  return larger;
}
