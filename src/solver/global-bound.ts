import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { dualBound } from '../certificate/dual-bound.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { BoundKeeper } from './bound-keeper.js';
import type { Verifier } from './pattern-oracle.js';

/** A verification pays once the gap on the patterns held has closed to this share of the gap over all of them. */
const DUE = 0.1;
/** Support values up to this share of the gap above β are let pass: scaling the dual by as much costs no more. */
const SHARE = 0.1;
/** Verifications that ran out of their budget after which no further one is tried. */
const PATIENCE = 2;

/** The lower bound over all arrangements, taken anew whenever the bound on the patterns held has got well ahead of it. */
export class GlobalBound {
  /** Best bound so far, from a dual point that satisfies the constraint of every arrangement. */
  bound = -Infinity;
  /** Whether the bound comes from a search that left nothing open, not from a looser one. */
  complete = false;
  private exhausted = 0;
  private readonly program: ConvexProgram;
  private readonly verifier: Verifier;

  constructor(program: ConvexProgram, verifier: Verifier) {
    this.program = program;
    this.verifier = verifier;
  }

  /** Whether verifications keep running out of their budget. */
  get isExhausted(): boolean {
    return this.exhausted >= PATIENCE;
  }

  /** A bound without a search, for a solve that is stopped before the first verification is through. */
  takeLoose(keeper: BoundKeeper): void {
    const feasible = keeper.feasible();
    this.take(feasible, this.verifier.loose(feasible), false);
  }

  /**
   * Verifies the keeper's dual vector if that is due: `closed` is the relative gap on the patterns held. Returns the
   * patterns it found missing.
   */
  async verifyIfDue(
    keeper: BoundKeeper,
    closed: number,
    at: { readonly objective: number; readonly tolerance: number; readonly pause: () => Promise<void> },
  ): Promise<readonly SubNetworkPattern[]> {
    const { objective, tolerance, pause } = at;
    const { beta } = this.program;
    const open = relativeGapOf(objective, this.bound);
    const last = closed <= tolerance / 2;
    if (open <= tolerance || beta === 0 || this.isExhausted) return [];
    const early = !this.verifier.isCostly && this.exhausted === 0 && closed <= DUE * open;
    if (!last && !early) return [];
    const slack = SHARE * Math.max(tolerance, Math.min(1, closed));
    const feasible = keeper.feasible();
    const { upper, patterns, complete } = await this.verifier.verify(feasible, beta * (1 + slack), pause);
    if (!complete) this.exhausted++;
    this.take(feasible, upper, complete);
    return patterns;
  }

  private take(v: Float64Array, upper: number, complete: boolean): void {
    const bound = dualBound(this.program, v, { largest: upper, violators: [], priced: 0 });
    if (!(bound > this.bound)) return;
    this.bound = bound;
    this.complete = complete;
  }
}
