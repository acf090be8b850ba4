import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { norm2 } from '../../src/linalg/vector.js';
import { pathNorm, type ParallelNetwork } from '../../src/network/network.js';

/** A sub-network is active when its path norm is above this share of the largest one; the first is the one that figures use. */
export const thresholds = [1e-3, 1e-2, 1e-4] as const;

/** Active sub-networks at each of {@link thresholds}. */
export type ActiveCounts = readonly number[];

/**
 * Counts active sub-networks. Gradient descent leaves no path norm at exactly 0, so that a count needs a threshold; and it
 * leaves a largest one where all are as good as 0. A sub-network moves the outputs by at most φ·‖X‖: where the largest cannot
 * move them by 1e-3 of ‖y‖, the threshold is a share of the φ that could.
 */
export function activeCounts(network: ParallelNetwork, { X }: Rows, y: Float64Array): ActiveCounts {
  const norms = network.subNetworks.map(pathNorm);
  const reference = Math.max(...norms, (1e-3 * norm2(y)) / norm2(X));
  return thresholds.map((threshold) => norms.filter((norm) => norm > threshold * reference).length);
}
