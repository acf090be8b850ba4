import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { dualBound } from '../certificate/dual-bound.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { BoundKeeper } from './bound-keeper.js';
import type { PatternOracle } from './pattern-oracle.js';

/** A verification pays once the gap on the patterns held has closed to this share of the gap over all of them. */
const DUE = 0.1;
/** Support values up to this share of the gap above β are let pass: scaling the dual by as much costs no more. */
const SHARE = 0.1;

/** The lower bound over all arrangements, taken anew whenever the bound on the patterns held has got well ahead of it. */
export class GlobalBound {
  /** Best bound so far, from a dual point that satisfies the constraint of every arrangement. */
  bound = -Infinity;
  /** Whether a verification ran out of its budget: further ones would too. */
  exhausted = false;
  private readonly program: ConvexProgram;
  private readonly verify: NonNullable<PatternOracle['verify']>;

  constructor(program: ConvexProgram, verify: NonNullable<PatternOracle['verify']>) {
    this.program = program;
    this.verify = verify;
  }

  /**
   * Verifies the keeper's dual vector if that is due: `closed` is the relative gap on the patterns held. Returns the
   * patterns it found missing.
   */
  async verifyIfDue(
    keeper: BoundKeeper,
    closed: number,
    at: { readonly objective: number; readonly tolerance: number; readonly breathe: () => Promise<void> },
  ): Promise<readonly SubNetworkPattern[]> {
    const { objective, tolerance } = at;
    const open = relativeGapOf(objective, this.bound);
    const last = closed <= tolerance / 2;
    if (open <= tolerance || (this.exhausted && !last)) return [];
    if (!last && !(closed <= DUE * open)) return [];
    const slack = SHARE * Math.max(tolerance, Math.min(1, closed));
    const feasible = keeper.feasible();
    const { upper, patterns, complete } = await this.verify(
      feasible,
      this.program.beta * (1 + slack),
      at.breathe,
    );
    this.exhausted = !complete;
    const bound = dualBound(this.program, feasible, { largest: upper, violators: [], priced: 0 });
    if (bound > this.bound) this.bound = bound;
    return patterns;
  }
}
