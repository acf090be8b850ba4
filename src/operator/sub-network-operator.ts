import type { StoredRows, SubNetworkPattern } from '../arrangement/sub-network-pattern.js';

/**
 * The linear map of one group, A_c : (z_j)_j ↦ Σ_j s_j D₂D₁ⱼ X z_j, and its adjoint, never materialised.
 *
 * z is stored as one vector of length dims = leaves·d, leaf after leaf.
 */

/** out += alpha · A_c z. Cost O(active rows · d). */
export function addForward(
  out: Float64Array,
  rows: StoredRows,
  pattern: SubNetworkPattern,
  z: Float64Array,
  alpha: number,
): void {
  const { X, d } = rows;
  pattern.leaves.forEach((leaf, j) => {
    const scale = alpha * leaf.sign;
    const base = j * d;
    for (let w = 0; w < leaf.mask.length; w++) {
      for (let word = leaf.mask[w]!; word !== 0; word &= word - 1) {
        const i = (w << 5) + 31 - Math.clz32(word & -word);
        const row = i * d;
        let sum = 0;
        for (let t = 0; t < d; t++) sum += X[row + t]! * z[base + t]!;
        out[i]! += scale * sum;
      }
    }
  });
}

/** out = A_cᵀ v, overwritten. Cost O(active rows · d). */
export function adjointInto(
  out: Float64Array,
  rows: StoredRows,
  pattern: SubNetworkPattern,
  v: Float64Array,
): void {
  const { X, d } = rows;
  out.fill(0);
  pattern.leaves.forEach((leaf, j) => {
    const base = j * d;
    for (let w = 0; w < leaf.mask.length; w++) {
      for (let word = leaf.mask[w]!; word !== 0; word &= word - 1) {
        const i = (w << 5) + 31 - Math.clz32(word & -word);
        const row = i * d;
        const weight = leaf.sign * v[i]!;
        for (let t = 0; t < d; t++) out[base + t]! += weight * X[row + t]!;
      }
    }
  });
}
