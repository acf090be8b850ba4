import type { Cone } from './cone.js';

const POSITIVE = 1;
const NEGATIVE = 2;
const BOTH = POSITIVE | NEGATIVE;

/** Hyperplanes through the origin: unit normals, row-major with `dimension` columns. */
export interface Normals {
  readonly values: Float64Array;
  readonly dimension: number;
}

/**
 * Splits cones by hyperplanes: one step of the double description method (Motzkin et al. 1953; Fukuda & Prodon 1996),
 * kept for both sides. Rays whose product with the unit normal is within `tolerance` of zero lie on the hyperplane.
 */
export class ConeSplitter {
  /** Largest product that was taken as zero: rounding is about 1e-15, much more than that is a doubtful decision. */
  largestZero = 0;
  private product = new Float64Array(0);
  /** Sides of a hyperplane on which rays were seen, and the smallest product among them, 0 for those taken as zero. */
  private sides = 0;
  private margin = Infinity;

  /** With `certain`, hyperplanes resolved by no more than this margin are listed as doubtful. */
  constructor(
    private readonly normals: Normals,
    private readonly tolerance: number,
    private readonly certain?: Float64Array,
  ) {}

  /**
   * Writes the two full-dimensional halves of `parent` on the sides of hyperplane `h`, which has to cross it, and
   * sorts the other hyperplanes that cross the parent into those that still cross and those resolved.
   * Cost O(k₊·k₋·k·words) for the adjacency of k rays and O(crossing·k·r) at most for the sorting.
   */
  split(parent: Cone, h: number, plus: Cone, minus: Cone): void {
    parent.makeRoomForFacet();
    const shared = this.splitRays(parent, h, plus, minus);
    this.resolve(plus, h, POSITIVE, 0);
    this.resolve(minus, h, NEGATIVE, 0);
    for (let c = 0; c < parent.crossingCount; c++) {
      const other = parent.crossing[c]!;
      if (other === h) continue;
      this.sides = 0;
      this.margin = Infinity;
      this.look(plus, other, 0, shared);
      const { sides, margin } = this;
      this.look(plus, other, shared, plus.rayCount);
      this.sort(plus, other);
      this.sides = sides;
      this.margin = margin;
      this.look(minus, other, shared, minus.rayCount);
      this.sort(minus, other);
    }
  }

  /** Sorts hyperplane `h` into the crossing or the resolved ones of a cone. */
  place(cone: Cone, h: number): void {
    this.sides = 0;
    this.margin = Infinity;
    this.look(cone, h, 0, cone.rayCount);
    this.sort(cone, h);
  }

  /** Product of hyperplane h's normal with the point stored at `offset` of `points`. */
  productWith(h: number, points: Float64Array, offset: number): number {
    const { values, dimension } = this.normals;
    let sum = 0;
    for (let t = 0, at = h * dimension; t < dimension; t++) sum += values[at + t]! * points[offset + t]!;
    return sum;
  }

  /** Rays of both halves, those on the hyperplane first; returns how many these are. */
  private splitRays(parent: Cone, h: number, plus: Cone, minus: Cone): number {
    const k = parent.rayCount;
    if (this.product.length < k) this.product = new Float64Array(2 * k);
    const { product } = this;
    plus.clear(parent.words, parent.facets + 1, parent.crossingCount);
    minus.clear(parent.words, parent.facets + 1, parent.crossingCount);
    for (let j = 0; j < k; j++) {
      product[j] = this.snapped(this.productWith(h, parent.rays, j * parent.dimension));
      if (product[j] === 0) plus.markTight(plus.copyRay(parent, j), parent.facets);
    }
    for (let p = 0; p < k; p++) {
      if (product[p]! <= 0) continue;
      for (let n = 0; n < k; n++) {
        if (product[n]! < 0 && adjacent(parent, p, n)) this.addCut(parent, p, n, plus);
      }
    }
    const shared = plus.rayCount;
    for (let j = 0; j < shared; j++) minus.copyRay(plus, j);
    for (let j = 0; j < k; j++) {
      if (product[j]! > 0) plus.copyRay(parent, j);
      else if (product[j]! < 0) minus.copyRay(parent, j);
    }
    return shared;
  }

  /** The ray in which the hyperplane cuts the face of the adjacent rays p (positive side) and n (negative side). */
  private addCut(parent: Cone, p: number, n: number, out: Cone): void {
    const { dimension: r, words, rays, tight } = parent;
    const a = -this.product[n]!;
    const b = this.product[p]!;
    out.reserveRay();
    const j = out.rayCount++;
    let square = 0;
    for (let t = 0; t < r; t++) {
      const value = a * rays[p * r + t]! + b * rays[n * r + t]!;
      out.rays[j * r + t] = value;
      square += value * value;
    }
    const inverse = 1 / Math.sqrt(square);
    for (let t = 0; t < r; t++) out.rays[j * r + t]! *= inverse;
    for (let w = 0; w < words; w++) out.tight[j * words + w] = tight[p * words + w]! & tight[n * words + w]!;
    out.markTight(j, parent.facets);
  }

  /** Adds what rays from … to−1 say of h to `sides` and `margin`; stops when there are rays on both sides. */
  private look(cone: Cone, h: number, from: number, to: number): void {
    const { rays, dimension: r } = cone;
    const { values } = this.normals;
    const { tolerance } = this;
    let { sides, margin } = this;
    for (let j = from; j < to && sides !== BOTH; j++) {
      let product = 0;
      for (let t = 0; t < r; t++) product += values[h * r + t]! * rays[j * r + t]!;
      const size = Math.abs(product);
      if (size <= tolerance) {
        this.largestZero = Math.max(this.largestZero, size);
        // It may be on the other side.
        margin = 0;
      } else {
        sides |= product > 0 ? POSITIVE : NEGATIVE;
        if (size < margin) margin = size;
      }
    }
    this.sides = sides;
    this.margin = margin;
  }

  private sort(cone: Cone, h: number): void {
    if (this.sides === BOTH) cone.crossing[cone.crossingCount++] = h;
    else this.resolve(cone, h, this.sides, this.margin);
  }

  private resolve(cone: Cone, h: number, side: number, margin: number): void {
    cone.resolved[cone.resolvedCount++] = 2 * h + (side === NEGATIVE ? 1 : 0);
    if (this.certain && !(margin > this.certain[h]!)) cone.doubtful[cone.doubtfulCount++] = h;
  }

  private snapped(product: number): number {
    if (Math.abs(product) > this.tolerance) return product;
    this.largestZero = Math.max(this.largestZero, Math.abs(product));
    return 0;
  }
}

/** Whether two rays span a face: no third ray lies on every constraint that both lie on. */
function adjacent(cone: Cone, p: number, n: number): boolean {
  const { tight, words, rayCount, dimension } = cone;
  if (words === 1) {
    const common = tight[p]! & tight[n]!;
    if (bitCount(common) < dimension - 2) return false;
    for (let j = 0; j < rayCount; j++) {
      if ((tight[j]! & common) === common && j !== p && j !== n) return false;
    }
    return true;
  }
  let count = 0;
  for (let w = 0; w < words; w++) count += bitCount(tight[p * words + w]! & tight[n * words + w]!);
  if (count < dimension - 2) return false;
  for (let j = 0; j < rayCount; j++) {
    if (j === p || j === n) continue;
    let w = 0;
    while (w < words) {
      const common = tight[p * words + w]! & tight[n * words + w]!;
      if ((tight[j * words + w]! & common) !== common) break;
      w++;
    }
    if (w === words) return false;
  }
  return true;
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
