import { UpdatableQr } from '../linalg/updatable-qr.js';
import { axpy, dot, norm2 } from '../linalg/vector.js';
import type { PolyhedralCone } from './group-cone.js';
import { ViolationList } from './violation-list.js';

/** A constraint counts as violated when its unit normal sees less than −this · ‖x‖. */
const VIOLATION = 1e-13;
/** Unit roundoff of float64. */
const ROUNDOFF = 2 ** -53;
/** Beyond this the multipliers of the last call are no start: it was for x = 0 or nearly so. */
const LARGE = 1e100;
/** A projection shorter than this · ‖x‖ is rounding noise: x lies in the polar cone. */
const NEGLIGIBLE = 1e-13;

/**
 * Projection onto a polyhedral cone K = {z : Bz ≥ 0}, warm-started, by the active-set method of Lawson & Hanson
 * (1974, ch. 23) on the dual problem
 *
 *     min_{u ≥ 0} ‖x + Bᵀu‖,      Π_K(x) = x + Bᵀu at the optimum (Moreau).
 *
 * Every u ≥ 0 on the way gives ‖x + Bᵀu‖ ≥ ‖Π_K(x)‖: the bound a certificate may use (theory §4). The active
 * constraints and their multipliers are kept from call to call; at the end Q of `qr` spans their normals, so that
 * I − QQᵀ is a generalised Jacobian of Π_K at x.
 */
export class ConeProjection {
  readonly cone: PolyhedralCone;
  /** Orthonormal basis of the active normals after a call of {@link project}. */
  readonly qr: UpdatableQr;
  private active: number[] = [];
  /** ‖x‖ of the last call. */
  private lastLength = 0;
  private multipliers: Float64Array;
  /** Qᵀx of the current call. */
  private readonly coordinates: Float64Array;
  private readonly trial: Float64Array;
  private readonly normal: Float64Array;
  private readonly violations: ViolationList;

  constructor(cone: PolyhedralCone) {
    this.cone = cone;
    this.qr = new UpdatableQr(cone.dims);
    this.multipliers = new Float64Array(cone.dims);
    this.coordinates = new Float64Array(cone.dims);
    this.trial = new Float64Array(cone.dims);
    this.normal = new Float64Array(cone.dims);
    this.violations = new ViolationList(cone);
  }

  /**
   * out = Π_K(x); returns ‖Π_K(x)‖. With `stopBelow` it returns early, with an upper bound on the norm that is
   * ≤ stopBelow, as soon as there is one; `out` is then not the projection. A constraint whose normal depends on the
   * active ones to 1e-10 cannot become active too, so violations of that size, relative to ‖x‖, may remain.
   * `slack` is scratch of length cone.count at least. Typical cost O(count·dims) per change of the active set.
   */
  project(
    out: Float64Array,
    x: Float64Array,
    slack: Float64Array,
    stopBelow = 0,
    maxChanges = 20 * this.cone.dims + 100,
  ): number {
    const { cone, qr, violations } = this;
    const length = norm2(x);
    violations.clear();
    this.restart(x, length);
    this.residualInto(out, x);
    for (let change = 0; change < maxChanges; change++) {
      const norm = norm2(out);
      if (norm <= stopBelow) return norm;
      if (norm <= NEGLIGIBLE * length || qr.size === cone.dims) {
        out.fill(0);
        return 0;
      }
      const entering = violations.take(out, slack, -VIOLATION * length, this.active);
      if (entering < 0) {
        if (change === 0) return norm;
        this.residualInto(out, x); // without the rounding of the updates
        return norm2(out);
      }
      cone.normalInto(this.normal, entering);
      if (!this.enter(entering, out)) {
        violations.refuse(entering);
        continue;
      }
      violations.forgive(); // what depended on the old active set need not depend on the new one
      const newest = qr.size - 1;
      if (this.settle()) this.residualInto(out, x);
      else axpy(out, -this.coordinates[newest]!, qr.basis(newest));
    }
    // Not settled within `maxChanges`: `out` is x + Bᵀu for a u ≥ 0, so its norm is still an upper bound.
    return norm2(out);
  }

  /**
   * Upper bound on ‖Π_K(x)‖ that also holds against rounding: {@link project} finds multipliers u ≥ 0, then
   * ‖x + Bᵀu‖ is formed from the constraint normals themselves, with a margin for the rounding of that sum. However
   * ill-conditioned the active normals are, any u ≥ 0 gives a valid bound (theory §4), also one found with fewer changes of the active set than the projection
   * needs (`maxChanges`). Stops early like `project`.
   */
  supportBound(x: Float64Array, slack: Float64Array, stopBelow: number, maxChanges?: number): number {
    const residual = new Float64Array(this.cone.dims);
    this.project(residual, x, slack, stopBelow, maxChanges);
    residual.set(x);
    let size = norm2(x);
    this.active.forEach((i, c) => {
      this.cone.normalInto(this.normal, i);
      axpy(residual, this.multipliers[c]!, this.normal);
      size += this.multipliers[c]!;
    });
    return norm2(residual) + (this.active.length + this.cone.dims + 4) * ROUNDOFF * size;
  }

  /** Forgets the active set: the cone has become another one. */
  reset(): void {
    this.active.length = 0;
    this.qr.clear();
  }

  /**
   * Starts from the last active set and multipliers, which are those of an x of another length: on the way to the
   * least-squares ones of this x, constraints whose multiplier would turn negative are dropped.
   */
  private restart(x: Float64Array, length: number): void {
    const scale = length / this.lastLength;
    this.lastLength = length;
    for (let c = 0; c < this.active.length; c++)
      this.multipliers[c] = scale < LARGE ? scale * this.multipliers[c]! : 0;
    this.qr.coordinatesInto(this.coordinates, x);
    this.settle();
  }

  /** out = x − QQᵀx. */
  private residualInto(out: Float64Array, x: Float64Array): void {
    this.qr.residualInto(out, x, this.coordinates);
  }

  /**
   * Adds the constraint whose normal is in `normal`, with multiplier 0, at the residual `out`. In exact arithmetic the
   * multiplier it will get is positive; where the normal depends on the active ones, or rounding says otherwise, the
   * constraint is left out and false is returned.
   */
  private enter(constraint: number, out: Float64Array): boolean {
    const { qr } = this;
    if (!qr.append(this.normal)) return false;
    const newest = qr.size - 1;
    const coordinate = dot(qr.basis(newest), out); // = qᵀx, as out is x less the older columns' part
    if (!(coordinate < 0)) {
      qr.remove(newest);
      return false;
    }
    this.coordinates[newest] = coordinate;
    this.multipliers[newest] = 0;
    this.active.push(constraint);
    return true;
  }

  /**
   * Multipliers become the least-squares ones of the active set, after dropping those that would turn negative on the
   * way. Returns true if any was dropped.
   */
  private settle(): boolean {
    const { qr, trial, multipliers } = this;
    for (let drops = 0; ; drops++) {
      const k = this.active.length;
      qr.solveInto(trial, this.coordinates);
      let step = 1;
      let blocking = -1;
      for (let c = 0; c < k; c++) {
        const target = -trial[c]!;
        if (target > 0) continue;
        const ratio = multipliers[c]! / (multipliers[c]! - target);
        // A multiplier that is 0 and stays 0 blocks at once (ratio NaN).
        if (!(ratio >= step)) {
          step = ratio > 0 ? ratio : 0;
          blocking = c;
        } else if (blocking < 0) blocking = c;
      }
      for (let c = 0; c < k; c++) multipliers[c]! += step * (-trial[c]! - multipliers[c]!);
      if (blocking < 0) return drops > 0;
      this.drop(blocking);
    }
  }

  private drop(at: number): void {
    this.qr.remove(at, this.coordinates);
    this.active.splice(at, 1);
    this.multipliers.copyWithin(at, at + 1, this.active.length + 1);
    for (let c = 0; c < this.active.length; c++) this.multipliers[c] = Math.max(0, this.multipliers[c]!);
  }
}
