import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import type { MaskedColumns } from '../kernel/kernel.js';

/** One group as a linear map: σ_g A_g of its pattern, into the slice of its output. */
export interface GroupMap {
  readonly pattern: SubNetworkPattern;
  readonly output: number;
  readonly sign: 1 | -1;
}

/**
 * The maps of many groups as one product with X: group after group, leaf after leaf, so that coefficients z_g one after the
 * other are the columns' vectors and the adjoint of all groups is one array of the same layout.
 */
export function columnsOf(groups: readonly GroupMap[]): MaskedColumns {
  const masks: Uint32Array[] = [];
  // Plain arrays: small typed arrays cost more to make than all that is done with them in small problems.
  const scales: number[] = [];
  const outputs: number[] = [];
  for (const { pattern, output, sign } of groups) {
    for (const leaf of pattern.leaves) {
      masks.push(leaf.mask);
      scales.push(sign * leaf.sign);
      outputs.push(output);
    }
  }
  return { masks, scales, outputs };
}
