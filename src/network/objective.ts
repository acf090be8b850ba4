import type { StoredRows } from '../arrangement/sub-network-pattern.js';
import type { Loss } from '../loss/index.js';
import { forward, totalPathNorm, type ParallelNetwork } from './network.js';

/**
 * The non-convex training objective (1) of theory §1 evaluated on weights: 𝓛(f(X), y) + β Σ_k φ_k. Shares no code with
 * the solver, so its agreement with the convex objective checks the whole reconstruction.
 */
export function networkObjective(
  network: ParallelNetwork,
  problem: {
    readonly rows: StoredRows;
    readonly y: Float64Array;
    readonly loss: Loss;
    readonly beta: number;
  },
): number {
  return (
    problem.loss.value(forward(network, problem.rows), problem.y) + problem.beta * totalPathNorm(network)
  );
}
