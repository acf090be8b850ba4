import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { joinPrices, type Prices } from '../certificate/pricing.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import {
  outputOfGroup,
  patternOfGroup,
  predictorLength,
  signOfGroup,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import type { BoundKeeper } from './bound-keeper.js';
import { GlobalBound } from './global-bound.js';
import type { Hint, PatternOracle } from './pattern-oracle.js';

/** A copy of the program that may gain patterns, with those `held` from before and the oracle's first ones. */
export function growingProgram(
  given: ConvexProgram,
  oracle: PatternOracle,
  held: readonly SubNetworkPattern[] = given.patterns,
): ConvexProgram {
  const v = new Float64Array(predictorLength(given));
  given.loss.gradientInto(v, new Float64Array(v.length), given.y);
  return { ...given, patterns: [...held, ...oracle.initial(v, held)] };
}

/** Where a solve stands when it asks for patterns. */
export interface GrowthStanding {
  readonly v: Float64Array;
  readonly prices: Prices;
  readonly coefficients: GroupCoefficients;
  readonly objective: number;
  readonly tolerance: number;
  /** Awaited in searches; may throw to stop. */
  readonly pause: () => Promise<void>;
}

/** Adds patterns to a program while it is solved, and keeps the bound over all arrangements where there is one. */
export class PatternGrowth {
  /** Null where nothing is proven about patterns that the program does not hold. */
  readonly global: GlobalBound | null;
  private readonly program: ConvexProgram;
  private readonly oracle: PatternOracle;
  private readonly keeper: BoundKeeper;
  private readonly price: (v: Float64Array, from: number) => Promise<Prices>;

  /** @param program one of {@link growingProgram} */
  constructor(
    program: ConvexProgram,
    oracle: PatternOracle,
    keeper: BoundKeeper,
    price: (v: Float64Array, from: number) => Promise<Prices>,
  ) {
    this.program = program;
    this.oracle = oracle;
    this.keeper = keeper;
    this.price = price;
    this.global = oracle.verifier ? new GlobalBound(program, oracle.verifier) : null;
  }

  /**
   * One round: patterns by local search from v, more thoroughly once the gap on the patterns held is closed, and by a
   * verification where that is due. Returns the prices at v of old and new patterns, and whether there are new ones.
   */
  async round(at: GrowthStanding): Promise<{ readonly prices: Prices; readonly grown: boolean }> {
    const { oracle, keeper, program } = this;
    const { v, objective, tolerance, pause } = at;
    const closed = (): number => relativeGapOf(objective, keeper.bound);
    const hints = hintsOf(program, at.coefficients);
    const before = program.patterns.length;
    let found = oracle.propose(v, program.beta, hints, false);
    if (found.length === 0 && closed() <= tolerance) {
      found = oracle.propose(keeper.feasible(), program.beta, hints, true);
    }
    let prices = await this.add(found, v, at.prices);
    const missed = (await this.global?.verifyIfDue(keeper, closed(), { objective, tolerance, pause })) ?? [];
    prices = await this.add(missed, v, prices);
    return { prices, grown: program.patterns.length > before };
  }

  /** Adds patterns and has the bound hold for them. */
  private async add(
    patterns: readonly SubNetworkPattern[],
    v: Float64Array,
    prices: Prices,
  ): Promise<Prices> {
    if (patterns.length === 0) return prices;
    const { program, keeper } = this;
    const from = program.patterns.length;
    (program.patterns as SubNetworkPattern[]).push(...patterns);
    keeper.extend(await this.price(keeper.vector, from));
    return joinPrices(prices, await this.price(v, from));
  }
}

function hintsOf(program: ConvexProgram, coefficients: GroupCoefficients): Hint[] {
  return [...coefficients].map(([group, z]) => ({
    pattern: patternOfGroup(program, group),
    output: outputOfGroup(program, group),
    sign: signOfGroup(program, group),
    z,
  }));
}
