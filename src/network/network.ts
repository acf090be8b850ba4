import { preactivation, type Rows } from '../arrangement/sub-network-pattern.js';
import type { Depth } from '../program/convex-program.js';
import { norm2 } from '../linalg/vector.js';

/**
 * One sub-network. Depth 2 has a single first-layer unit and no `second`; depth 3 has m₁ first-layer units that one
 * second-layer unit adds up with the weights `second`.
 */
export interface SubNetwork {
  /** First-layer weight vectors, m₁ of length d. */
  readonly first: readonly Float64Array[];
  /** Second-layer weights, length m₁ (depth 3 only). */
  readonly second?: Float64Array;
  /** Output weight. */
  readonly output: number;
  /** Fixed gates of a gated network: they decide when a unit is active in place of its own weights. */
  readonly gates?: { readonly first: readonly Float64Array[]; readonly second?: Float64Array };
}

/** K sub-networks summed. A row x of length d goes in (with its bias 1 where there is one), one number comes out. */
export interface ParallelNetwork {
  readonly kind: 'relu' | 'gated';
  readonly depth: Depth;
  /** Length d of an input row, the bias column included. */
  readonly inputs: number;
  readonly subNetworks: readonly SubNetwork[];
}

/** Outputs of the network on the n rows of X. Cost O(n·d) per first-layer unit. */
export function forward(network: ParallelNetwork, rows: Rows): Float64Array {
  const out = new Float64Array(rows.n);
  for (const subNetwork of network.subNetworks) addSubNetwork(out, rows, subNetwork);
  return out;
}

function addSubNetwork(out: Float64Array, rows: Rows, { first, second, output, gates }: SubNetwork): void {
  const values = first.map((w) => preactivation(rows, w));
  const gating = gates ? gates.first.map((g) => preactivation(rows, g)) : values;
  for (let i = 0; i < rows.n; i++) {
    if (!second) {
      if (gating[0]![i]! >= 0) out[i]! += output * values[0]![i]!;
      continue;
    }
    let sum = 0;
    for (let j = 0; j < values.length; j++) {
      if (gating[j]![i]! >= 0) sum += second[j]! * values[j]![i]!;
    }
    let gate = sum;
    if (gates) {
      gate = 0;
      for (let j = 0; j < values.length; j++) gate += Math.max(0, gating[j]![i]!) * gates.second![j]!;
    }
    if (gate >= 0) out[i]! += output * sum;
  }
}

/**
 * Path norm φ_k of a sub-network: the ℓ2 norm over all input→output paths of the product of weights on the path,
 * sqrt(Σ_j ‖w₁ⱼ‖² w₂ⱼ² w₃²) (theory §1).
 */
export function pathNorm({ first, second, output }: SubNetwork): number {
  const units = Float64Array.from(first, (w, j) => norm2(w) * (second?.[j] ?? 1));
  return norm2(units) * Math.abs(output);
}
