import { dualBound } from '../certificate/dual-bound.js';
import type { Prices } from '../certificate/pricing.js';
import type { ConvexProgram } from '../program/convex-program.js';

/**
 * The best lower bound so far over the patterns a program holds, with the dual vector it comes from. Where a program
 * gains patterns, the bound has to hold for them too: it is taken again from the same vector.
 */
export class BoundKeeper {
  private readonly program: ConvexProgram;
  private dual: Float64Array;
  private prices: Prices = { largest: 0, violators: [], priced: 0 };
  private best = -Infinity;

  constructor(program: ConvexProgram, dual: Float64Array) {
    this.program = program;
    this.dual = dual;
  }

  get bound(): number {
    return this.best;
  }

  /** Dual vector of the bound, not scaled. */
  get vector(): Float64Array {
    return this.dual;
  }

  /** The vector scaled until every pattern of the program satisfies its dual constraint, to rounding. Not to be written to. */
  feasible(): Float64Array {
    const { beta, loss, y } = this.program;
    if (this.prices.largest <= beta) return this.dual;
    const scale = beta / this.prices.largest;
    const scaled = this.dual.map((value) => scale * value);
    loss.roundIntoDomain?.(scaled, y);
    return scaled;
  }

  /** Keeps v, priced on all patterns, if its bound is at least as good. */
  consider(v: Float64Array, prices: Prices): void {
    const bound = dualBound(this.program, v, prices);
    if (!(bound >= this.best)) return;
    this.best = bound;
    this.dual = v;
    this.prices = prices;
  }

  /** Takes note of the prices of further patterns at {@link vector}. */
  extend(prices: Prices): void {
    if (prices.largest <= this.prices.largest) return;
    this.prices = { ...this.prices, largest: prices.largest };
    this.best = dualBound(this.program, this.dual, this.prices);
  }
}
