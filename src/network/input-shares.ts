import { pathNorm, type ParallelNetwork, type SubNetwork } from './network.js';

/**
 * Share of each input in the path norm of a network. φ_k² of a sub-network is a sum over paths, and every path starts at one
 * input: φ_k² = Σ_j φ_kj² with φ_kj² the paths that start at input j. The penalty Σ_k φ_k is shared out in that proportion,
 *
 *     s_j = Σ_k φ_kj² / φ_k        so that Σ_j s_j = Σ_k φ_k,
 *
 * the bias left out and the rest scaled to sum 1. An input that no sub-network reads has share 0. Shares are those of
 * standardised inputs where the network was trained on such: they compare columns of different units. Like the size of a linear
 * coefficient they say what the network uses, not what causes the target; columns that tell the same share the credit.
 *
 * @param inputs inputs without the bias: the first ones
 * @returns one share ≥ 0 for each input, sum 1; all 0 for the zero network. Cost O(weights · inputs).
 */
export function inputShares(networks: readonly ParallelNetwork[], inputs: number): Float64Array {
  const shares = new Float64Array(inputs);
  for (const { subNetworks } of networks) {
    for (const subNetwork of subNetworks) {
      const whole = pathNorm(subNetwork);
      if (!(whole > 0)) continue;
      // (φ_kj/φ_k)² first: squares of the norms alone could leave float64.
      for (let j = 0; j < inputs; j++) shares[j]! += whole * (pathNorm(only(subNetwork, j)) / whole) ** 2;
    }
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return total > 0 ? shares.map((share) => share / total) : shares;
}

/** The sub-network with the weights of one input alone. */
function only(subNetwork: SubNetwork, input: number): SubNetwork {
  return { ...subNetwork, first: subNetwork.first.map((w) => Float64Array.of(w[input] ?? 0)) };
}
