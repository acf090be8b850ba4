import type { GateWeights, Rows } from '../../src/arrangement/sub-network-pattern.js';

/** A matrix as a list of rows. */
export type Matrix = readonly (readonly number[])[];

/** One group of the convex program as explicit matrices (theory §2). */
export interface DenseGroup {
  /** A_c, n × dims: the group's outputs are A_c z. */
  readonly A: Matrix;
  /** Cone constraints B z ≥ 0: one row per unit of the sub-network and row of X, none left out, none scaled. */
  readonly B: Matrix;
}

/** ⟨x_i, w⟩. */
function inner({ X, d }: Rows, i: number, w: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < d; t++) sum += X[i * d + t]! * w[t]!;
  return sum;
}

/** Row i of X, times `factor`, as the block of leaf j in a row of length leaves · d. */
function blockRow(rows: Rows, i: number, blocks: readonly number[]): number[] {
  return blocks.flatMap((factor) =>
    Array.from({ length: rows.d }, (_, t) => (factor === 0 ? 0 : factor * rows.X[i * rows.d + t]!)),
  );
}

/**
 * Operator and constraints of the group that `gates` realise, from the definitions and by plain loops: first-layer
 * patterns D₁ⱼ = 1[Xwⱼ ≥ 0], second-layer pattern D₂ = 1[Σ_j (Xwⱼ)₊ w₂ⱼ ≥ 0], A z = D₂ Σ_j s_j D₁ⱼ X z_j.
 */
export function denseGroup(rows: Rows, gates: GateWeights): DenseGroup {
  const { n } = rows;
  const units = gates.first.length;
  const A: number[][] = [];
  const B: number[][] = [];
  const signs = gates.first.map((_, j) => (gates.second && gates.second[j]! < 0 ? -1 : 1));
  for (let i = 0; i < n; i++) {
    const values = gates.first.map((w) => inner(rows, i, w));
    const lower = values.map((value) => (value >= 0 ? 1 : 0));
    for (let j = 0; j < units; j++) {
      const only = lower.map((active, k) => (k === j ? 2 * active - 1 : 0));
      B.push(blockRow(rows, i, only));
    }
    const signed = lower.map((active, j) => active * signs[j]!);
    if (!gates.second) {
      A.push(blockRow(rows, i, signed));
      continue;
    }
    let sum = 0;
    for (let j = 0; j < units; j++) if (values[j]! > 0) sum += values[j]! * gates.second[j]!;
    const upper = sum >= 0 ? 1 : 0;
    A.push(
      blockRow(
        rows,
        i,
        signed.map((factor) => upper * factor),
      ),
    );
    B.push(
      blockRow(
        rows,
        i,
        signed.map((factor) => (2 * upper - 1) * factor),
      ),
    );
  }
  return { A, B };
}

/** A z. */
export function times(A: Matrix, z: ArrayLike<number>): number[] {
  return A.map((row) => row.reduce((sum, value, t) => sum + value * z[t]!, 0));
}

/** Aᵀ v. */
export function transposedTimes(A: Matrix, v: ArrayLike<number>): number[] {
  const out = new Array<number>(A[0]?.length ?? 0).fill(0);
  A.forEach((row, i) => {
    row.forEach((value, t) => (out[t]! += value * v[i]!));
  });
  return out;
}
