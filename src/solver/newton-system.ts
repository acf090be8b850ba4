import type { Rows } from '../arrangement/sub-network-pattern.js';
import { isActive } from '../arrangement/pattern.js';
import { choleskyInPlace, choleskySolveInPlace } from '../kernel/javascript/cholesky.js';
import { addProductTransposed } from '../kernel/javascript/gemm.js';
import { axpyAt, dot, dotAt } from '../linalg/vector.js';
import type { Curvature } from '../loss/index.js';
import { addForward, adjointInto } from '../operator/sub-network-operator.js';
import { ColumnStack, denseRank, faceRank, pushFace, usesGram, type ActiveGroup } from './active-group.js';

/**
 * The semismooth Newton step Δu of the augmented Lagrangian: with M = Σ_g A_g J_g A_gᵀ and the curvature H of the loss,
 *
 *     (I + σ M H)·Δu = −gradient.
 *
 * Two exact ways, by the smaller flop count:
 * - Woodbury's formula with C Cᵀ = σM, C of r columns, r the total dimension of the faces:
 *   Δu = −gradient + C·(I + CᵀHC)⁻¹·CᵀH·gradient. 8(n·r + r²) bytes, any number of outputs, and up to twice 8·n·r bytes of scratch.
 * - for a diagonal H = S², one n×n matrix: (I + σ S M S)·q = −S·gradient, Δu = −gradient − σ M S q. A group on a face of large
 *   dimension costs only its small rest there: A N Aᵀ = (mask maskᵀ) ∘ XXᵀ − (AQ)(AQ)ᵀ.
 */
export class NewtonSystem {
  private readonly rows: Rows;
  private gram: Float64Array | null = null;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** Returns Δu, length n·K, for groups none or more. */
  step(
    curvature: Curvature,
    sigma: number,
    groups: readonly ActiveGroup[],
    gradient: Float64Array,
  ): Float64Array {
    const { n } = this.rows;
    const rank = groups.reduce((sum, group) => sum + faceRank(group), 0);
    if (rank === 0) return gradient.map((value) => -value);
    const dense = groups.reduce((sum, group) => sum + denseRank(group), 0) * n ** 2 + n ** 3 / 3;
    const woodbury = rank ** 2 * n + rank ** 3 / 3;
    if (curvature.diagonal === null || woodbury < dense)
      return this.stepByWoodbury(curvature, sigma, groups, gradient, rank);
    const scale = curvature.diagonal.map(Math.sqrt);
    const q = this.solveDense(
      scale,
      sigma,
      groups,
      gradient.map((value, i) => -value * scale[i]!),
    );
    const step = gradient.map((value) => -value);
    const weighted = q.map((value, i) => value * scale[i]!);
    addGeneralisedHessian(step, this.rows, groups, weighted, -sigma);
    return step;
  }

  private stepByWoodbury(
    curvature: Curvature,
    sigma: number,
    groups: readonly ActiveGroup[],
    gradient: Float64Array,
    rank: number,
  ): Float64Array {
    const { n } = this.rows;
    const columns = new ColumnStack(this.rows, rank);
    // One output after the other, so that blocks of CᵀHC are pairs of outputs.
    for (const group of [...groups].sort((a, b) => a.output - b.output)) pushFace(columns, group, sigma);
    const { data, outputs } = columns;
    const small = this.woodburyMatrix(curvature, columns);
    requirePositive(choleskyInPlace(small, rank));
    const bent = new Float64Array(gradient.length);
    curvature.multiplyInto(bent, gradient);
    const weights = new Float64Array(rank);
    for (let r = 0; r < rank; r++) weights[r] = dotAt(data, r * n, bent, outputs[r]! * n, n);
    choleskySolveInPlace(small, rank, weights);
    const step = gradient.map((value) => -value);
    for (let r = 0; r < rank; r++) axpyAt(step, outputs[r]! * n, weights[r]!, data, r * n, n);
    return step;
  }

  /** I + CᵀHC, lower triangle. */
  private woodburyMatrix(curvature: Curvature, columns: ColumnStack): Float64Array {
    const { n } = this.rows;
    const { count } = columns;
    const small = new Float64Array(count * count);
    for (let r = 0; r < count; r++) small[r * count + r] = 1;
    const ranges = columns.outputRanges();
    for (const lower of ranges) {
      for (const upper of ranges) {
        if (upper.start > lower.start) break;
        const { left, right, sign } = curvature.block(lower.output, upper.output);
        const a = columns.weighted(lower, left);
        const b = upper === lower && left === right ? a : columns.weighted(upper, right);
        addProductTransposed(
          { data: small, offset: lower.start * count + upper.start, stride: count },
          { data: a, offset: 0, stride: n },
          { data: b, offset: 0, stride: n },
          { rows: lower.end - lower.start, cols: upper.end - upper.start, inner: n },
          sign,
          upper === lower,
        );
      }
    }
    return small;
  }

  /** (I + σ S M S)⁻¹·rhs for one output. */
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
      if (usesGram(group)) plus.push(group, group.direction, Math.sqrt(sigma * group.shrink));
      else pushFace(plus, group, sigma);
    }
    addOuterProducts(h, n, plus, 1);
    const minus = new ColumnStack(
      this.rows,
      wide.reduce((sum, group) => sum + (group.face?.size ?? 0), 0),
    );
    for (const group of wide) {
      for (let c = 0; c < (group.face?.size ?? 0); c++)
        minus.push(group, group.face!.basis(c), Math.sqrt(sigma * (1 - group.shrink)));
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

/** out += alpha · Σ_g A_g J_g A_gᵀ w, without a matrix, for out and w of length n·K. Cost O(n·d) per leaf. */
export function addGeneralisedHessian(
  out: Float64Array,
  rows: Rows,
  groups: readonly ActiveGroup[],
  w: Float64Array,
  alpha: number,
): void {
  const { n } = rows;
  for (const { pattern, output, direction, shrink, face } of groups) {
    const t = new Float64Array(direction.length);
    adjointInto(t, rows, pattern, w.subarray(output * n, (output + 1) * n));
    const along = dot(direction, t);
    face?.removeSpanFrom(t);
    for (let c = 0; c < t.length; c++) t[c] = (1 - shrink) * t[c]! + shrink * along * direction[c]!;
    addForward(out.subarray(output * n, (output + 1) * n), rows, pattern, t, alpha);
  }
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
