import type { PolyhedralCone } from './group-cone.js';

/** Most violated constraints of one scan that are tried before the next scan over all of them. */
const CANDIDATES = 32;

/**
 * Violated constraints of a cone along a sequence of points z: the worst of a short list, which is refilled by a scan over
 * all constraints only when none on it is violated any more.
 */
export class ViolationList {
  private readonly cone: PolyhedralCone;
  /** Worst first when the list is made, with the slacks there: plain arrays, as most lists stay short. */
  private readonly list: number[] = [];
  private readonly values: number[] = [];
  private count = 0;
  private readonly refused: number[] = [];

  constructor(cone: PolyhedralCone) {
    this.cone = cone;
  }

  clear(): void {
    this.count = 0;
    this.forgive();
  }

  /** Passes over a constraint until {@link forgive}. */
  refuse(constraint: number): void {
    this.refused.push(constraint);
  }

  forgive(): void {
    this.refused.length = 0;
  }

  /**
   * Takes a constraint with ⟨b_i, z⟩ < below from the list; −1 when z violates none but those that are refused or `active`.
   * `slack` is scratch of length cone.count at least.
   */
  take(z: Float64Array, slack: Float64Array, below: number, active: readonly number[]): number {
    const found = this.takeWorst(z, below);
    if (found >= 0) return found;
    this.refill(z, slack, below, active);
    return this.takeWorst(z, below);
  }

  private takeWorst(z: Float64Array, below: number): number {
    const { cone, list, refused } = this;
    let worst = below;
    let at = -1;
    for (let k = 0; k < this.count; k++) {
      const value = cone.slackAt(z, list[k]!);
      if (!(value < worst) || refused.includes(list[k]!)) continue;
      worst = value;
      at = k;
    }
    if (at < 0) return -1;
    const found = list[at]!;
    this.count--;
    for (let k = at; k < this.count; k++) list[k] = list[k + 1]!;
    return found;
  }

  private refill(z: Float64Array, slack: Float64Array, below: number, active: readonly number[]): void {
    const { cone, list, values } = this;
    cone.slackInto(slack, z);
    for (const i of active) slack[i] = 0;
    this.count = 0;
    let bar = below;
    for (let i = 0; i < cone.count; i++) {
      const value = slack[i]!;
      if (!(value < bar)) continue;
      let at = this.count < CANDIDATES ? this.count++ : CANDIDATES - 1;
      for (; at > 0 && values[at - 1]! > value; at--) {
        list[at] = list[at - 1]!;
        values[at] = values[at - 1]!;
      }
      list[at] = i;
      values[at] = value;
      if (this.count === CANDIDATES) bar = values[CANDIDATES - 1]!;
    }
  }
}
