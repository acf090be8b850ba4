import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import type { MaskedColumns } from '../kernel/kernel.js';
import type { UpdatableQr } from '../linalg/updatable-qr.js';
import { columnsOf } from '../operator/group-columns.js';

/**
 * What one group adds to the generalised Hessian: A·J·Aᵀ with J = (1 − shrink)·N + shrink·p̂p̂ᵀ, the generalised
 * Jacobian of the group's proximal operator. N projects onto the face the projection p lies in, p̂ = p/‖p‖.
 */
export interface ActiveGroup {
  readonly pattern: SubNetworkPattern;
  /** Output k the group feeds: A maps into the slice k of a vector of length n·K. */
  readonly output: number;
  /** Unit vector p̂, length dims. */
  readonly direction: Float64Array;
  /** σβ/‖p‖, in (0, 1). */
  readonly shrink: number;
  /** Orthonormal basis of the active constraint normals; null without cone (N = I). */
  readonly face: UpdatableQr | null;
}

/** The maps A of groups as columns. A generalised Hessian sees A·J·Aᵀ, whatever the sign of A. */
export function unsignedColumns(groups: readonly ActiveGroup[]): MaskedColumns {
  return columnsOf(groups.map(({ pattern, output }) => ({ pattern, output, sign: 1 })));
}

/** Dimension of the face of the group's projection. */
export function faceRank(group: ActiveGroup): number {
  return group.direction.length - (group.face?.size ?? 0);
}

/** True when the Gram form of A N Aᵀ needs fewer rank-one terms than a basis of the face. */
export function usesGram(group: ActiveGroup): boolean {
  return group.pattern.leaves.length + 1 + (group.face?.size ?? 0) < faceRank(group);
}

/** Rank-one terms that the dense form of A J Aᵀ needs. */
export function denseRank(group: ActiveGroup): number {
  return usesGram(group) ? group.pattern.leaves.length + 1 + (group.face?.size ?? 0) : faceRank(group);
}

/** t = J t in place, with scratch-free removal of the active normals' span. */
export function applyJacobian(group: ActiveGroup, t: Float64Array): void {
  const { direction, shrink, face } = group;
  let along = 0;
  for (let c = 0; c < t.length; c++) along += direction[c]! * t[c]!;
  face?.removeSpanFrom(t);
  for (let c = 0; c < t.length; c++) t[c] = (1 - shrink) * t[c]! + shrink * along * direction[c]!;
}
