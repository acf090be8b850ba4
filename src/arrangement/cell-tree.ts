import { Cone } from './cone.js';
import { ConeSplitter, type Normals } from './cone-splitter.js';
import { INCIDENCE_TOLERANCE } from './hyperplanes.js';

/** How many of the crossing hyperplanes are looked at for the next split. */
const CANDIDATES = 8;

/** Both halves of one split; `next` is the half to be visited next. */
interface Level {
  readonly halves: readonly [Cone, Cone];
  next: number;
}

/** Options of a {@link CellTree}. */
export interface CellTreeOptions {
  /** Split every leaf down to its own rays (see `cone`): without, the last split is not carried out. Default false. */
  readonly wantRays?: boolean;
  /** For each hyperplane the product with unit rays above which its side is certain; see `everyDoubtful`. */
  readonly certain?: Float64Array;
  /** Called when the search goes to the other side of a hyperplane, before `next` returns. */
  readonly onFlip?: (h: number) => void;
}

/**
 * The full-dimensional cells into which hyperplanes cut one cone, by a depth-first binary space partition: each node
 * is a cone by its rays and the hyperplanes that cross it, its two children are the halves of a split by one of them,
 * its leaves are the cells, each visited once.
 *
 *     const tree = new CellTree({ values, dimension }, m);
 *     tree.start(root);
 *     while (tree.next()) use(tree.sign, tree.inside);
 *
 * Memory is the depth of the tree (about the logarithm of the number of cells, at most m) times the size of a node,
 * whatever the number of cells.
 */
export class CellTree {
  /** Side of every hyperplane on which the present cell lies, +1 or −1; +1 everywhere to begin with. */
  readonly sign: Int8Array;
  /** A point strictly inside the present cell. Overwritten by the next one. */
  readonly inside: Float64Array;
  private readonly splitter: ConeSplitter;
  private readonly levels: Level[] = [];
  private readonly positive: Float64Array;
  private readonly negative: Float64Array;
  private depth = -1;
  private pending: Cone | null = null;
  /** The hyperplane between the two halves of a leaf that was not split, −1 otherwise. */
  private single = -1;

  constructor(
    private readonly normals: Normals,
    count: number,
    private readonly options: CellTreeOptions = {},
  ) {
    this.sign = new Int8Array(count).fill(1);
    this.inside = new Float64Array(normals.dimension);
    this.positive = new Float64Array(normals.dimension);
    this.negative = new Float64Array(normals.dimension);
    this.splitter = new ConeSplitter(normals, INCIDENCE_TOLERANCE, options.certain);
  }

  /** Largest product of a normal and a ray so far that was taken as zero. */
  get largestZero(): number {
    return this.splitter.largestZero;
  }

  /** Rays of the present cell, if they were wanted: valid until the next cell. */
  get cone(): Cone {
    const level = this.level(this.depth);
    return level.halves[level.next === 2 ? 1 : 0];
  }

  /**
   * Begins with the cells inside `root` (rays, tight sets and facets given; copied), cut by the first `count`
   * hyperplanes. Cost O(m·k·r).
   */
  start(root: Cone, count = this.sign.length): void {
    const level = this.level(0);
    const [cone] = level.halves;
    cone.clear(root.words, root.facets, count);
    for (let j = 0; j < root.rayCount; j++) cone.copyRay(root, j);
    for (let h = 0; h < count; h++) this.splitter.place(cone, h);
    this.depth = 0;
    this.pending = null;
    level.next = 0;
  }

  /** Goes to the next cell; false when there is none. */
  next(): boolean {
    if (this.pending) return this.otherHalf(this.pending);
    while (this.depth >= 0) {
      const level = this.levels[this.depth]!;
      // The root has no second half.
      if (level.next === (this.depth === 0 ? 1 : 2)) {
        this.depth--;
        continue;
      }
      const cone = level.halves[level.next++ as 0 | 1];
      this.resolve(cone);
      if (cone.crossingCount === 0) {
        cone.centreInto(this.inside);
        this.single = -1;
        return true;
      }
      if (cone.crossingCount === 1 && !this.options.wantRays) return this.firstHalf(cone);
      const [plus, minus] = this.level(this.depth + 1).halves;
      this.splitter.split(cone, this.chooseSplit(cone), plus, minus);
      this.depth++;
      this.levels[this.depth]!.next = 0;
    }
    return false;
  }

  /**
   * Whether `test` holds for every hyperplane whose side of the present cell is not certain: those that some ray of
   * the cone in which they were resolved comes as near to as `certain` says. Usually about as many as the depth.
   */
  everyDoubtful(test: (h: number) => boolean): boolean {
    for (let depth = 0; depth <= this.depth; depth++) {
      const level = this.levels[depth]!;
      const { doubtful, doubtfulCount } = level.halves[level.next === 2 ? 1 : 0];
      for (let c = 0; c < doubtfulCount; c++) if (!test(doubtful[c]!)) return false;
    }
    return this.single < 0 || test(this.single);
  }

  private level(depth: number): Level {
    while (this.levels.length <= depth) {
      const { dimension } = this.normals;
      this.levels.push({ halves: [new Cone(dimension), new Cone(dimension)], next: 0 });
    }
    return this.levels[depth]!;
  }

  private resolve(cone: Cone): void {
    for (let c = 0; c < cone.resolvedCount; c++) {
      const entry = cone.resolved[c]!;
      this.setSide(entry >>> 1, entry & 1 ? -1 : 1);
    }
  }

  private setSide(h: number, side: 1 | -1): void {
    if (this.sign[h] === side) return;
    this.sign[h] = side;
    this.options.onFlip?.(h);
  }

  /** The candidate that passes nearest to the centre: it leaves halves of about equal size. */
  private chooseSplit(cone: Cone): number {
    const { crossing, crossingCount } = cone;
    if (crossingCount < 3) return crossing[0]!;
    cone.centreInto(this.inside);
    const candidates = Math.min(CANDIDATES, crossingCount);
    let best = 0;
    let nearest = Infinity;
    for (let c = 0; c < candidates; c++) {
      const h = crossing[Math.floor(((2 * c + 1) * crossingCount) / (2 * candidates))]!;
      const distance = Math.abs(this.splitter.productWith(h, this.inside, 0));
      if (distance < nearest) {
        nearest = distance;
        best = h;
      }
    }
    return best;
  }

  /** The positive half of a cone that only one hyperplane crosses, without computing its rays. */
  private firstHalf(cone: Cone): true {
    this.pending = cone;
    const h = cone.crossing[0]!;
    this.single = h;
    this.setSide(h, 1);
    this.pointsOnBothSides(cone, h);
    return this.takeInside(this.positive);
  }

  private otherHalf(cone: Cone): true {
    this.pending = null;
    this.setSide(cone.crossing[0]!, -1);
    return this.takeInside(this.negative);
  }

  /**
   * With a and b the sums of the rays on the two sides of h, the point c where the segment from a to b meets h is a
   * positive combination of all rays, so c + a and c + b are strictly inside the halves.
   */
  private pointsOnBothSides(cone: Cone, h: number): void {
    const { positive: a, negative: b } = this;
    const { dimension: r, rays, rayCount } = cone;
    a.fill(0);
    b.fill(0);
    for (let j = 0; j < rayCount; j++) {
      const product = this.splitter.productWith(h, rays, j * r);
      if (product >= 0) for (let t = 0; t < r; t++) a[t]! += rays[j * r + t]!;
      if (product <= 0) for (let t = 0; t < r; t++) b[t]! += rays[j * r + t]!;
    }
    const above = this.splitter.productWith(h, a, 0);
    const below = -this.splitter.productWith(h, b, 0);
    const share = below / (above + below);
    for (let t = 0; t < r; t++) {
      const centre = share * a[t]! + (1 - share) * b[t]!;
      a[t]! += centre;
      b[t]! += centre;
    }
  }

  private takeInside(point: Float64Array): true {
    this.inside.set(point);
    return true;
  }
}
