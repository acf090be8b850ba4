import type { HiddenLayers, ParallelNetwork } from './network.js';

/**
 * The same function with m units in place of each unit of the last hidden layers, copies of it, and output weights divided
 * by m (theory §2, "Width m₂ > 1"): the path norm of every sub-network is divided by √m. An optimal network of that width
 * is such a copy, so that its problem with β is that of single units with β/√m. Gates are copied along.
 */
export function widenLastLayer(network: ParallelNetwork, m: number): ParallelNetwork {
  if (m === 1) return network;
  return {
    ...network,
    subNetworks: network.subNetworks.map((subNetwork) => ({
      ...subNetwork,
      ...copied(subNetwork, m),
      ...(subNetwork.gates ? { gates: copied(subNetwork.gates, m) } : {}),
      output: Float64Array.from(repeated(subNetwork.output, m), (weight) => weight / m),
    })),
  };
}

function copied({ first, inner }: HiddenLayers, m: number): HiddenLayers {
  const last = inner.at(-1);
  return last
    ? { first, inner: [...inner.slice(0, -1), repeated(last, m)] }
    : { first: repeated(first, m), inner };
}

/** Every value m times in a row. */
function repeated<T>(values: Iterable<T>, m: number): T[] {
  return [...values].flatMap((value) => Array.from({ length: m }, () => value));
}
