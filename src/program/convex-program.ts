import type { Rows, SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { addForward } from '../operator/sub-network-operator.js';
import { norm2 } from '../linalg/vector.js';
import type { Loss } from '../loss/index.js';

export type Formulation = 'relu' | 'gated';

/** Layers L of a network, a whole number ≥ 2. */
export type Depth = number;

/**
 * The convex program over given sub-network patterns c (theory §2):
 *
 *     min  𝓛( Σ_g σ_g A_g z_g, y ) + β Σ_g ‖z_g‖        s.t. z_g ∈ K_g  (ReLU formulation only)
 *
 * A group g is a pattern with an output sign σ_g. The ReLU formulation has two groups per pattern (Z and Z′ of
 * equation (2)); without cones the sign is free, so the gated formulation has one.
 */
export interface ConvexProgram {
  readonly rows: Rows;
  readonly y: Float64Array;
  readonly loss: Loss;
  readonly beta: number;
  readonly formulation: Formulation;
  readonly depth: Depth;
  readonly patterns: readonly SubNetworkPattern[];
}

/** Coefficients z_g of the groups that are not zero, each of length {@link groupDims}. */
export type GroupCoefficients = ReadonlyMap<number, Float64Array>;

/** Number of groups. */
export function groupCount(program: ConvexProgram): number {
  return program.patterns.length * (program.formulation === 'relu' ? 2 : 1);
}

/** Pattern of group g. */
export function patternOfGroup(program: ConvexProgram, g: number): SubNetworkPattern {
  return program.patterns[program.formulation === 'relu' ? g >> 1 : g]!;
}

/** Output sign σ_g of group g. */
export function signOfGroup(program: ConvexProgram, g: number): 1 | -1 {
  return program.formulation === 'relu' && (g & 1) === 1 ? -1 : 1;
}

/** Length of every z_g: leaves · d, or 0 in a program without patterns. */
export function groupDims(program: ConvexProgram): number {
  return (program.patterns[0]?.leaves.length ?? 0) * program.rows.d;
}

/** Σ_g σ_g A_g z_g: the network's outputs on the rows. */
export function predictorOf(program: ConvexProgram, coefficients: GroupCoefficients): Float64Array {
  const f = new Float64Array(program.rows.n);
  for (const [g, z] of coefficients) {
    addForward(f, program.rows, patternOfGroup(program, g), z, signOfGroup(program, g));
  }
  return f;
}

/** 𝓛(f) + β Σ_g ‖z_g‖ for f from {@link predictorOf}. */
export function primalObjective(
  program: ConvexProgram,
  coefficients: GroupCoefficients,
  f: Float64Array,
): number {
  let norms = 0;
  for (const z of coefficients.values()) norms += norm2(z);
  return program.loss.value(f, program.y) + program.beta * norms;
}
