import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';

/** Coefficients of a group that is not zero: a place to look for better patterns nearby. */
export interface Hint {
  readonly pattern: SubNetworkPattern;
  readonly output: number;
  readonly sign: 1 | -1;
  readonly z: Float64Array;
}

/** What pricing all arrangements found out about one dual vector. */
export interface Verification {
  /** Rigorous upper bound of the support value over every arrangement, for both signs and every output. */
  readonly upper: number;
  /** Patterns whose support exceeds the threshold, that the program does not hold yet. */
  readonly patterns: readonly SubNetworkPattern[];
  /** False when the budget ran out: `upper` is valid but need not be near the maximum. */
  readonly complete: boolean;
}

/** Bounds of the support over every arrangement that exists. */
export interface Verifier {
  /** Looks closely only above `threshold` > 0. `pause` is awaited every few hundred regions; it may throw to stop. */
  verify(v: Float64Array, threshold: number, pause: () => Promise<void>): Promise<Verification>;
  /**
   * Whether a verification costs much against the rest of the solve: then none is made before the gap on the patterns held
   * has closed.
   */
  readonly isCostly: boolean;
  /** An upper bound at once, without a search. */
  loose(v: Float64Array): number;
}

/** Where a program that does not hold all its patterns gets further ones from. */
export interface PatternOracle {
  /**
   * Patterns to start from beside those already `held`, given v = ∇𝓛(0): at least one unless a search finds none or the
   * network is zero on every row.
   */
  initial(v: Float64Array, held: readonly SubNetworkPattern[]): readonly SubNetworkPattern[];
  /**
   * Patterns not proposed before whose support at the dual vector v exceeds β, found by local search. None found proves
   * nothing. `hints` are the present solution's groups; `thorough` asks for more starts.
   */
  propose(
    v: Float64Array,
    beta: number,
    hints: readonly Hint[],
    thorough: boolean,
  ): readonly SubNetworkPattern[];
  /** Null where nothing is to be proven about patterns that were not proposed. */
  readonly verifier: Verifier | null;
}
