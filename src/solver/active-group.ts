import type { Rows, SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { complementBasis, UpdatableQr } from '../linalg/updatable-qr.js';
import { addForward } from '../operator/sub-network-operator.js';

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

/** Columns start … end − 1 of a {@link ColumnStack}, all of one output. */
export interface OutputRange {
  readonly output: number;
  readonly start: number;
  readonly end: number;
}

/** Images A·b of vectors b, one after the other: row r of `data` is the r-th image, length n, of output `outputs[r]`. */
export class ColumnStack {
  readonly data: Float64Array;
  readonly outputs: Int32Array;
  readonly count: number;
  private readonly rows: Rows;
  private filled = 0;

  constructor(rows: Rows, count: number) {
    this.rows = rows;
    this.count = count;
    this.data = new Float64Array(count * rows.n);
    this.outputs = new Int32Array(count);
  }

  push(group: ActiveGroup, vector: Float64Array, weight: number): void {
    const { n } = this.rows;
    const image = this.data.subarray(this.filled * n, (this.filled + 1) * n);
    addForward(image, this.rows, group.pattern, vector, weight);
    this.outputs[this.filled] = group.output;
    this.filled++;
  }

  /** Runs of columns of the same output. */
  outputRanges(): OutputRange[] {
    const ranges: OutputRange[] = [];
    for (let start = 0, end = 0; start < this.count; start = end) {
      const output = this.outputs[start]!;
      while (end < this.count && this.outputs[end] === output) end++;
      ranges.push({ output, start, end });
    }
    return ranges;
  }

  /** A copy of the columns of `range` with entry i of each times weights[i]. */
  weighted({ start, end }: OutputRange, weights: Float64Array): Float64Array {
    const { n } = this.rows;
    const copy = this.data.slice(start * n, end * n);
    for (let at = 0; at < copy.length; at += n) for (let i = 0; i < n; i++) copy[at + i]! *= weights[i]!;
    return copy;
  }
}

function dimension(group: ActiveGroup): number {
  return group.direction.length;
}

/** Dimension of the face of the group's projection. */
export function faceRank(group: ActiveGroup): number {
  return dimension(group) - (group.face?.size ?? 0);
}

/** True when the Gram form of A N Aᵀ needs fewer rank-one terms than a basis of the face. */
export function usesGram(group: ActiveGroup): boolean {
  return group.pattern.leaves.length + 1 + (group.face?.size ?? 0) < faceRank(group);
}

/** Rank-one terms that the dense form of A J Aᵀ needs. */
export function denseRank(group: ActiveGroup): number {
  return usesGram(group) ? group.pattern.leaves.length + 1 + (group.face?.size ?? 0) : faceRank(group);
}

/** Pushes the columns of A·[p̂, √(1 − shrink)·(rest of an orthonormal basis of the face)], times √σ. */
export function pushFace(columns: ColumnStack, group: ActiveGroup, sigma: number): void {
  const dims = dimension(group);
  columns.push(group, group.direction, Math.sqrt(sigma));
  if (faceRank(group) === 1) return;
  const span = group.face ?? new UpdatableQr(dims);
  span.append(group.direction);
  const basis = complementBasis(span);
  span.remove(span.size - 1);
  const weight = Math.sqrt(sigma * (1 - group.shrink));
  for (let at = 0; at < basis.length; at += dims) columns.push(group, basis.subarray(at, at + dims), weight);
}
