import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { norm2 } from '../../src/linalg/vector.js';
import { pathNorm, type ParallelNetwork } from '../../src/network/network.js';

/** A sub-network is active when its path norm is above this share of the largest one (see `activeCounts`); figures use the first. */
export const thresholds = [1e-3, 1e-2, 1e-4] as const;

/** Active sub-networks at each of {@link thresholds}. */
export type ActiveCounts = readonly number[];

/**
 * Counts active sub-networks. Gradient descent leaves no path norm at exactly 0, so that a count needs a threshold; and it
 * leaves a largest one where all are as good as 0. As ‖outputs‖ ≤ φ·‖X‖, one alone needs φ ≥ ‖y‖/‖X‖ to reproduce y: where the
 * largest is below that, the threshold is a share of it instead.
 */
export function activeCounts(network: ParallelNetwork, { X }: Rows, y: Float64Array): ActiveCounts {
  const norms = network.subNetworks.map(pathNorm);
  const reference = Math.max(...norms, norm2(y) / norm2(X));
  return thresholds.map((threshold) => norms.filter((norm) => norm > threshold * reference).length);
}
