import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import {
  patternOfGroup,
  signOfGroup,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import type { ParallelNetwork, SubNetwork } from './network.js';

/**
 * Weights of the network that a solution of the convex program stands for (theory §3): for each non-zero Z,
 * w₁ⱼ = zⱼ/√‖Z‖, w₂ⱼ = sⱼ, output ±√‖Z‖, so that the path norm is ‖Z‖. Units with zⱼ = 0 are kept: they cost nothing
 * and keep the width.
 */
export function reconstructNetwork(program: ConvexProgram, coefficients: GroupCoefficients): ParallelNetwork {
  const gated = program.formulation === 'gated';
  return {
    kind: program.formulation,
    depth: program.depth,
    inputs: program.rows.d,
    subNetworks: [...coefficients].map(([group, z]) => {
      const pattern = patternOfGroup(program, group);
      const subNetwork = balancedSubNetwork(pattern, signOfGroup(program, group), z);
      return gated ? { ...subNetwork, gates: pattern.gates } : subNetwork;
    }),
  };
}

/** The sub-network of coefficients z (leaf after leaf) on `pattern`, with its norm split evenly between first and last layer. */
export function balancedSubNetwork(pattern: SubNetworkPattern, sign: 1 | -1, z: Float64Array): SubNetwork {
  const root = Math.sqrt(norm2(z));
  const d = z.length / pattern.leaves.length;
  const first = pattern.leaves.map((_, j) => z.slice(j * d, (j + 1) * d).map((value) => value / root));
  const output = sign * root;
  return pattern.gates.second
    ? { first, second: Float64Array.from(pattern.leaves, (leaf) => leaf.sign), output }
    : { first, output };
}
