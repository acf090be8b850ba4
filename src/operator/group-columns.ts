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
  const leaves = groups[0]?.pattern.leaves.length ?? 0;
  const masks: Uint32Array[] = [];
  const scales = new Float64Array(groups.length * leaves);
  const outputs = new Int32Array(groups.length * leaves);
  for (const { pattern, output, sign } of groups) {
    for (const leaf of pattern.leaves) {
      scales[masks.length] = sign * leaf.sign;
      outputs[masks.length] = output;
      masks.push(leaf.mask);
    }
  }
  return { masks, scales, outputs };
}
