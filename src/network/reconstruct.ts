import {
  signOfWeight,
  type GateWeights,
  type SubNetworkPattern,
} from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import {
  outputOfGroup,
  patternOfGroup,
  signOfGroup,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import type { HiddenLayers, ParallelNetwork, SubNetwork } from './network.js';

/**
 * Weights of the network that a solution of the convex program stands for (theory §3), at any depth: for each non-zero Z
 * the first-layer weights are z_p/√‖Z‖, the weights between hidden layers the signs ±1 of the tree, the output weight
 * ±√‖Z‖, so that the path norm is ‖Z‖. The tree is written as a fully connected sub-network of widths (∏m, …, m_{L−2}, 1)
 * with block-diagonal layers. Units with z_p = 0 are kept: they cost nothing and keep the width.
 */
export function reconstructNetwork(program: ConvexProgram, coefficients: GroupCoefficients): ParallelNetwork {
  const gated = program.formulation === 'gated';
  return {
    kind: program.formulation,
    depth: program.depth,
    inputs: program.rows.d,
    outputs: program.outputs,
    subNetworks: [...coefficients].map(([group, z]) => {
      const pattern = patternOfGroup(program, group);
      const subNetwork = {
        ...balancedSubNetwork(pattern, signOfGroup(program, group), z),
        channel: outputOfGroup(program, group),
      };
      return gated ? { ...subNetwork, gates: hiddenLayers(pattern.gates) } : subNetwork;
    }),
  };
}

/** The sub-network of coefficients z (leaf after leaf) on `pattern`, with its norm split evenly between first and last layer. */
export function balancedSubNetwork(pattern: SubNetworkPattern, sign: 1 | -1, z: Float64Array): SubNetwork {
  const root = Math.sqrt(norm2(z));
  const d = z.length / pattern.leaves.length;
  const signs = pattern.gates.inner?.map((layer) => layer.map((weights) => weights.map(signOfWeight)));
  return {
    ...hiddenLayers({
      first: pattern.leaves.map((_, j) => z.slice(j * d, (j + 1) * d).map((value) => value / root)),
      ...(signs && { inner: signs }),
    }),
    output: Float64Array.of(sign * root),
    channel: 0,
  };
}

/** A tree as fully connected layers: each unit has its own weights on its children and 0 on all other units. */
export function hiddenLayers({ first, inner = [] }: GateWeights): HiddenLayers {
  let below = first.length;
  return {
    first,
    inner: inner.map((layer) => {
      const size = below;
      below = layer.length;
      return layer.map((weights, u) => {
        const row = new Float64Array(size);
        row.set(weights, u * weights.length);
        return row;
      });
    }),
  };
}
