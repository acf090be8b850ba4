import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Violation } from './exact-region.js';

/** Where the largest value of an arc lies. */
const START = 0;
const INSIDE = 1;
const END = 2;

/**
 * Global pricing in the plane: exactly
 *
 *     max { Σ_i v_i (x_i·w)₊ : ‖w‖ = 1 },      x_i, w ∈ ℝ²,
 *
 * by a walk round the circle. Row i changes its state at the two directions ±p normal to x_i; on the arc between
 * neighbouring ones the sum is a linear function ⟨g, w⟩, so that its maximum is ‖g‖ where g lies in the arc, else at one
 * of its ends. Only the half circle is walked: with T = Σ_i v_i x_i the function on the opposite arc is ⟨T − g, w⟩.
 *
 * Nothing depends on general position. Two directions that rounding puts in the wrong order are 2⁻⁵⁰ apart at most, and
 * |x_i·w| ≤ 2⁻⁵⁰ ‖x_i‖ between them for their rows. With the rounding of g, a sum of up to 2N terms, values are off by
 * at most (N + 12)·2⁻⁵² Σ_i |v_i| ‖x_i‖.
 */
export class CircleSupport {
  private readonly rows: Rows;
  /** Rows by the angle of their directions in the half circle [0, π). */
  private readonly order: Int32Array;
  /** 1 where a row becomes active at its direction, −1 where it stops being so, in the order of rows. */
  private readonly turn: Int8Array;
  /** Distinct directions: the unit vectors, and where each one's rows begin in `order`. */
  private readonly px: number[] = [];
  private readonly py: number[] = [];
  private readonly first: number[] = [];
  /** g of every arc: arc k ends at direction k, arc `half` + k is opposite to it. */
  private readonly gx: Float64Array;
  private readonly gy: Float64Array;
  /** Largest value of every arc, and where it lies. */
  private readonly values: Float64Array;
  private readonly places: Uint8Array;

  /** @param rows N ≥ 1 non-zero rows of the plane. Cost O(N log N). */
  constructor(rows: Rows) {
    const { X, n } = rows;
    const { px, py, first } = this;
    const angle = new Float64Array(n);
    this.rows = rows;
    this.turn = new Int8Array(n);
    for (let i = 0; i < n; i++) {
      const side = sideOf(X[2 * i]!, X[2 * i + 1]!);
      this.turn[i] = -side;
      angle[i] = Math.atan2(side * X[2 * i]!, -side * X[2 * i + 1]!);
    }
    this.order = Int32Array.from(angle.keys()).sort((a, b) => angle[a]! - angle[b]! || a - b);
    this.order.forEach((i, k) => {
      if (k > 0 && angle[i] === angle[this.order[k - 1]!]) return;
      const side = -this.turn[i]!;
      const length = Math.hypot(X[2 * i]!, X[2 * i + 1]!);
      px.push((-side * X[2 * i + 1]!) / length);
      py.push((side * X[2 * i]!) / length);
      first.push(k);
    });
    first.push(n);
    this.gx = new Float64Array(this.arcs);
    this.gy = new Float64Array(this.arcs);
    this.values = new Float64Array(this.arcs);
    this.places = new Uint8Array(this.arcs);
  }

  /** Number of arcs, at most 2N. */
  get arcs(): number {
    return 2 * this.px.length;
  }

  /** The maximum. Leaves the largest value of every arc behind for {@link peaks} and {@link violation}. Cost O(N). */
  maximum(v: Float64Array): number {
    const { arcs, values } = this;
    this.walk(v);
    let upper = 0;
    for (let a = 0; a < arcs; a++) {
      this.maximise(a);
      if (values[a]! > upper) upper = values[a]!;
    }
    return upper;
  }

  /** Numbers of the arcs with local maxima above a threshold ≥ 0, least to largest; of one between two arcs the first's. */
  peaks(threshold: number): number[] {
    const { arcs, values, places } = this;
    const found: number[] = [];
    for (let a = 0; a < arcs; a++) {
      if (!(values[a]! > threshold)) continue;
      const isBetween = places[a] === END && places[a + 1 < arcs ? a + 1 : 0] === START;
      if (places[a] === INSIDE || isBetween) found.push(a);
    }
    return found.sort((a, b) => values[a]! - values[b]! || a - b);
  }

  /** The largest value on an arc where it is positive, and where. */
  violation(a: number): Violation {
    const support = this.values[a]!;
    const start = this.before(a);
    const end = Float64Array.of(this.endX(a), this.endY(a));
    const inside = Float64Array.of(this.endX(start) + end[0]!, this.endY(start) + end[1]!);
    const z = this.places[a] === END ? end : Float64Array.of(this.gx[a]! / support, this.gy[a]! / support);
    return { z, support, inside, open: [] };
  }

  private walk(v: Float64Array): void {
    const { order, turn, first, gx, gy } = this;
    const { X, n } = this.rows;
    const half = this.px.length;
    let x = 0;
    let y = 0;
    let totalX = 0;
    let totalY = 0;
    for (let i = 0; i < n; i++) {
      const termX = v[i]! * X[2 * i]!;
      const termY = v[i]! * X[2 * i + 1]!;
      totalX += termX;
      totalY += termY;
      if (turn[i]! > 0) continue;
      x += termX;
      y += termY;
    }
    for (let k = 0; k < half; k++) {
      gx[k] = x;
      gy[k] = y;
      gx[half + k] = totalX - x;
      gy[half + k] = totalY - y;
      for (let at = first[k]!; at < first[k + 1]!; at++) {
        const i = order[at]!;
        x += turn[i]! * v[i]! * X[2 * i]!;
        y += turn[i]! * v[i]! * X[2 * i + 1]!;
      }
    }
  }

  /** Coordinates of the direction at which arc a ends; that at which it starts is the end of the one before. */
  private endX(a: number): number {
    const half = this.px.length;
    return a < half ? this.px[a]! : -this.px[a - half]!;
  }

  private endY(a: number): number {
    const half = this.py.length;
    return a < half ? this.py[a]! : -this.py[a - half]!;
  }

  private before(a: number): number {
    return a > 0 ? a - 1 : this.arcs - 1;
  }

  /** The largest value on arc a. It is taken to lie inside unless that is ruled out. */
  private maximise(a: number): void {
    const { values, places } = this;
    const x = this.gx[a]!;
    const y = this.gy[a]!;
    const start = this.before(a);
    const sx = this.endX(start);
    const sy = this.endY(start);
    const ex = this.endX(a);
    const ey = this.endY(a);
    const atStart = x * sx + y * sy;
    const atEnd = x * ex + y * ey;
    // Where rounding turns a short arc round, what is opposite to it passes for inside.
    const isOpposite = atStart < 0 && sx * ex + sy * ey > 0;
    if (!isOpposite && sx * y - sy * x >= 0 && x * ey - y * ex >= 0) {
      values[a] = Math.hypot(x, y);
      places[a] = INSIDE;
    } else {
      values[a] = Math.max(atStart, atEnd);
      places[a] = atEnd > atStart ? END : START;
    }
  }
}

/** The quarter turn, 1 to the left or −1 to the right, that brings a row into the half circle [0, π). */
function sideOf(x: number, y: number): 1 | -1 {
  return x > 0 || (x === 0 && y < 0) ? 1 : -1;
}
