import type { Rows, SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { isActive } from '../arrangement/pattern.js';
import { choleskyInPlace, choleskySolveInPlace } from '../linalg/cholesky.js';
import { addProductTransposed } from '../linalg/gemm.js';
import { complementBasis, UpdatableQr } from '../linalg/updatable-qr.js';
import { axpyAt, dot, dotAt } from '../linalg/vector.js';
import { addForward, adjointInto } from '../operator/sub-network-operator.js';

/**
 * What one group adds to the generalised Hessian: A·J·Aᵀ with J = (1 − shrink)·N + shrink·p̂p̂ᵀ, the generalised
 * Jacobian of the group's proximal operator. N projects onto the face the projection p lies in, p̂ = p/‖p‖.
 */
export interface ActiveGroup {
  readonly pattern: SubNetworkPattern;
  /** Unit vector p̂, length dims. */
  readonly direction: Float64Array;
  /** σβ/‖p‖, in (0, 1). */
  readonly shrink: number;
  /** Orthonormal basis of the active constraint normals; null without cone (N = I). */
  readonly face: UpdatableQr | null;
}

/**
 * Solves (I + σ S (Σ_g A_g J_g A_gᵀ) S)·q = rhs with S = diag(scale) for the semismooth Newton step.
 *
 * Two exact ways, by the smaller flop count: an n×n Cholesky factorisation, or Woodbury's formula with an r×r one
 * where r is the total dimension of the faces. In the first, a group on a face of large dimension costs only its
 * small rest: A N Aᵀ = (mask maskᵀ) ∘ XXᵀ − (AQ)(AQ)ᵀ.
 */
export class NewtonSystem {
  private readonly rows: Rows;
  private gram: Float64Array | null = null;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** Returns q, length n, for groups none or more and scale ≥ 0. */
  solve(scale: Float64Array, sigma: number, groups: readonly ActiveGroup[], rhs: Float64Array): Float64Array {
    const { n } = this.rows;
    const rank = groups.reduce((sum, group) => sum + faceRank(group), 0);
    if (rank === 0) return Float64Array.from(rhs);
    const dense = groups.reduce((sum, group) => sum + denseRank(group), 0) * n ** 2 + n ** 3 / 3;
    const woodbury = rank ** 2 * n + rank ** 3 / 3;
    return woodbury < dense
      ? this.solveWoodbury(scale, sigma, groups, rhs, rank)
      : this.solveDense(scale, sigma, groups, rhs);
  }

  private solveWoodbury(
    scale: Float64Array,
    sigma: number,
    groups: readonly ActiveGroup[],
    rhs: Float64Array,
    rank: number,
  ): Float64Array {
    const { n } = this.rows;
    const columns = new ColumnStack(this.rows, rank);
    for (const group of groups) pushFace(columns, group, sigma);
    const u = columns.data;
    for (let r = 0; r < rank; r++) for (let i = 0; i < n; i++) u[r * n + i]! *= scale[i]!;
    const small = new Float64Array(rank * rank);
    const block = { data: u, offset: 0, stride: n };
    for (let r = 0; r < rank; r++) small[r * rank + r] = 1;
    addProductTransposed(
      { data: small, offset: 0, stride: rank },
      block,
      block,
      { rows: rank, cols: rank, inner: n },
      1,
      true,
    );
    requirePositive(choleskyInPlace(small, rank));
    const q = Float64Array.from(rhs);
    const weights = new Float64Array(rank);
    for (let r = 0; r < rank; r++) weights[r] = dotAt(u, r * n, q, 0, n);
    choleskySolveInPlace(small, rank, weights);
    for (let r = 0; r < rank; r++) axpyAt(q, 0, -weights[r]!, u, r * n, n);
    return q;
  }

  private solveDense(
    scale: Float64Array,
    sigma: number,
    groups: readonly ActiveGroup[],
    rhs: Float64Array,
  ): Float64Array {
    const { n } = this.rows;
    const h = new Float64Array(n * n);
    const wide = groups.filter(usesGram);
    if (wide.length > 0) this.addMaskedGram(h, sigma, wide);
    const plus = new ColumnStack(
      this.rows,
      groups.reduce((sum, group) => sum + (usesGram(group) ? 1 : faceRank(group)), 0),
    );
    for (const group of groups) {
      if (usesGram(group)) plus.push(group.pattern, group.direction, Math.sqrt(sigma * group.shrink));
      else pushFace(plus, group, sigma);
    }
    addOuterProducts(h, n, plus, 1);
    const minus = new ColumnStack(
      this.rows,
      wide.reduce((sum, group) => sum + (group.face?.size ?? 0), 0),
    );
    for (const { pattern, shrink, face } of wide) {
      for (let c = 0; c < (face?.size ?? 0); c++)
        minus.push(pattern, face!.basis(c), Math.sqrt(sigma * (1 - shrink)));
    }
    addOuterProducts(h, n, minus, -1);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) h[i * n + j]! *= scale[i]! * scale[j]!;
      h[i * n + i]! += 1;
    }
    requirePositive(choleskyInPlace(h, n));
    const q = Float64Array.from(rhs);
    choleskySolveInPlace(h, n, q);
    return q;
  }

  /** h += σ Σ (1 − shrink) (mask maskᵀ) ∘ XXᵀ over the leaves of `groups`, lower triangle. */
  private addMaskedGram(h: Float64Array, sigma: number, groups: readonly ActiveGroup[]): void {
    const { n } = this.rows;
    const leaves = groups.flatMap(({ pattern, shrink }) =>
      pattern.leaves.map((leaf) => ({ mask: leaf.mask, weight: Math.sqrt(sigma * (1 - shrink)) })),
    );
    const weights = new Float64Array(n * leaves.length);
    leaves.forEach(({ mask, weight }, c) => {
      for (let i = 0; i < n; i++) if (isActive(mask, i)) weights[i * leaves.length + c] = weight;
    });
    const block = { data: weights, offset: 0, stride: leaves.length };
    addProductTransposed(
      { data: h, offset: 0, stride: n },
      block,
      block,
      { rows: n, cols: n, inner: leaves.length },
      1,
      true,
    );
    const gram = this.gramMatrix();
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) h[i * n + j]! *= gram[i * n + j]!;
  }

  private gramMatrix(): Float64Array {
    const { X, n, d } = this.rows;
    if (!this.gram) {
      this.gram = new Float64Array(n * n);
      const block = { data: X, offset: 0, stride: d };
      addProductTransposed(
        { data: this.gram, offset: 0, stride: n },
        block,
        block,
        { rows: n, cols: n, inner: d },
        1,
        true,
      );
    }
    return this.gram;
  }
}

/** out += alpha · Σ_g A_g J_g A_gᵀ w, without a matrix. Cost O(n·d) per leaf. */
export function addGeneralisedHessian(
  out: Float64Array,
  rows: Rows,
  groups: readonly ActiveGroup[],
  w: Float64Array,
  alpha: number,
): void {
  for (const { pattern, direction, shrink, face } of groups) {
    const t = new Float64Array(direction.length);
    adjointInto(t, rows, pattern, w);
    const along = dot(direction, t);
    face?.removeSpanFrom(t);
    for (let c = 0; c < t.length; c++) t[c] = (1 - shrink) * t[c]! + shrink * along * direction[c]!;
    addForward(out, rows, pattern, t, alpha);
  }
}

/** Images A·b of vectors b, one after the other: row r of `data` is the r-th image, length n. */
class ColumnStack {
  readonly data: Float64Array;
  readonly count: number;
  private readonly rows: Rows;
  private filled = 0;

  constructor(rows: Rows, count: number) {
    this.rows = rows;
    this.count = count;
    this.data = new Float64Array(count * rows.n);
  }

  push(pattern: SubNetworkPattern, vector: Float64Array, weight: number): void {
    const { n } = this.rows;
    const image = this.data.subarray(this.filled * n, (this.filled + 1) * n);
    addForward(image, this.rows, pattern, vector, weight);
    this.filled++;
  }
}

function dimension(group: ActiveGroup): number {
  return group.direction.length;
}

/** Dimension of the face of the group's projection. */
function faceRank(group: ActiveGroup): number {
  return dimension(group) - (group.face?.size ?? 0);
}

/** True when the Gram form of A N Aᵀ needs fewer rank-one terms than a basis of the face. */
function usesGram(group: ActiveGroup): boolean {
  return group.pattern.leaves.length + 1 + (group.face?.size ?? 0) < faceRank(group);
}

function denseRank(group: ActiveGroup): number {
  return usesGram(group) ? group.pattern.leaves.length + 1 + (group.face?.size ?? 0) : faceRank(group);
}

/** Pushes the columns of A·[p̂, √(1 − shrink)·(rest of an orthonormal basis of the face)], times √σ. */
function pushFace(columns: ColumnStack, group: ActiveGroup, sigma: number): void {
  const dims = dimension(group);
  columns.push(group.pattern, group.direction, Math.sqrt(sigma));
  if (faceRank(group) === 1) return;
  const span = group.face ?? new UpdatableQr(dims);
  span.append(group.direction);
  const basis = complementBasis(span);
  span.remove(span.size - 1);
  const weight = Math.sqrt(sigma * (1 - group.shrink));
  for (let at = 0; at < basis.length; at += dims)
    columns.push(group.pattern, basis.subarray(at, at + dims), weight);
}

/** h += sign · Σ_r c_r c_rᵀ over the stacked columns, lower triangle. */
function addOuterProducts(h: Float64Array, n: number, columns: ColumnStack, sign: 1 | -1): void {
  const { data, count } = columns;
  if (count === 0) return;
  const byRow = new Float64Array(n * count);
  for (let r = 0; r < count; r++) for (let i = 0; i < n; i++) byRow[i * count + r] = data[r * n + i]!;
  const block = { data: byRow, offset: 0, stride: count };
  addProductTransposed(
    { data: h, offset: 0, stride: n },
    block,
    block,
    { rows: n, cols: n, inner: count },
    sign,
    true,
  );
}

function requirePositive(failedPivot: number): void {
  if (failedPivot >= 0) throw new Error(`Newton matrix is not positive definite at pivot ${failedPivot}`);
}
