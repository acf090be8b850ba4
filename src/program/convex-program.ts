import type { StoredRows, SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import type { Workspace } from '../kernel/kernel.js';
import { columnsOf, type GroupMap } from '../operator/group-columns.js';
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
 * A group g is a pattern c feeding one output k with an output sign σ_g. The ReLU formulation has two groups per pattern
 * and output (Z and Z′ of equation (2)); without cones the sign is free, so the gated formulation has one. With S signs
 * and K outputs group (c, k, s) has the number (c·K + k)·S + s: appending patterns keeps the numbers of all groups.
 *
 * Outputs f and dual vectors have length n·K, output-major: f[k·n + i] is output k of row i.
 */
export interface ConvexProgram {
  readonly rows: StoredRows;
  /** Targets in the form the loss takes, length n. */
  readonly y: Float64Array;
  readonly loss: Loss;
  /** Number K of outputs: that of the classes for the softmax loss, else 1. */
  readonly outputs: number;
  readonly beta: number;
  readonly formulation: Formulation;
  readonly depth: Depth;
  readonly patterns: readonly SubNetworkPattern[];
}

/** Coefficients z_g of the groups that are not zero, each of length {@link groupDims}. */
export type GroupCoefficients = ReadonlyMap<number, Float64Array>;

/** Number S of output signs that a pattern has a group for: 2 with cones, 1 without. */
export function signCount({ formulation }: Pick<ConvexProgram, 'formulation'>): 1 | 2 {
  return formulation === 'relu' ? 2 : 1;
}

/** Number of groups. */
export function groupCount(program: ConvexProgram): number {
  return program.patterns.length * program.outputs * signCount(program);
}

/** Index into the program's patterns of the one group g is built on. */
function patternIndexOfGroup(program: ConvexProgram, g: number): number {
  return Math.floor(g / (program.outputs * signCount(program)));
}

/** Pattern of group g. */
export function patternOfGroup(program: ConvexProgram, g: number): SubNetworkPattern {
  return program.patterns[patternIndexOfGroup(program, g)]!;
}

/** Output k that group g feeds. */
export function outputOfGroup(program: ConvexProgram, g: number): number {
  return Math.floor(g / signCount(program)) % program.outputs;
}

/** Output sign σ_g of group g. */
export function signOfGroup(program: ConvexProgram, g: number): 1 | -1 {
  return program.formulation === 'relu' && g % 2 === 1 ? -1 : 1;
}

/** Length of every z_g: leaves · d, or 0 in a program without patterns. */
export function groupDims(program: ConvexProgram): number {
  return (program.patterns[0]?.leaves.length ?? 0) * program.rows.d;
}

/** Length n·K of outputs and dual vectors. */
export function predictorLength({ rows, outputs }: ConvexProgram): number {
  return rows.n * outputs;
}

/** The part of an output-major vector that belongs to output k, a view of length n. */
export function outputSlice({ rows: { n } }: ConvexProgram, values: Float64Array, k: number): Float64Array {
  return values.subarray(k * n, (k + 1) * n);
}

/** Σ_g σ_g A_g z_g: the network's outputs on the rows, length n·K. */
export function predictorOf(program: ConvexProgram, coefficients: GroupCoefficients): Float64Array {
  const f = new Float64Array(predictorLength(program));
  for (const [g, z] of coefficients) {
    const out = outputSlice(program, f, outputOfGroup(program, g));
    addForward(out, program.rows, patternOfGroup(program, g), z, signOfGroup(program, g));
  }
  return f;
}

/** The same through a workspace of the program's rows. */
export function predictorIn(
  workspace: Workspace,
  program: ConvexProgram,
  coefficients: GroupCoefficients,
): Float64Array {
  const f = new Float64Array(predictorLength(program));
  const dims = groupDims(program);
  const z = new Float64Array(coefficients.size * dims);
  const maps: GroupMap[] = [];
  for (const [g, own] of coefficients) {
    z.set(own, maps.length * dims);
    maps.push({
      pattern: patternOfGroup(program, g),
      output: outputOfGroup(program, g),
      sign: signOfGroup(program, g),
    });
  }
  workspace.addForward(f, columnsOf(maps), z);
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
