import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import type { GroupCoefficients } from '../program/convex-program.js';
import type { InnerState } from './augmented-lagrangian.js';

/**
 * A solve between two outer iterations: all that `solveProgram` needs to go on, as plain data that structured cloning
 * carries. What is claimed is computed anew from it: a checkpoint can start a solve badly, but not make it claim a bound.
 */
export interface Checkpoint {
  /** The outer iteration to go on with. */
  readonly iteration: number;
  /** Seconds solved before. */
  readonly seconds: number;
  readonly inner: InnerState;
  readonly best: { readonly objective: number; readonly coefficients: GroupCoefficients };
  /** Dual vector of the best bound. */
  readonly dual: Float64Array;
  /** Patterns of a program that finds its own; null where the program came with them. */
  readonly patterns: readonly SubNetworkPattern[] | null;
}
