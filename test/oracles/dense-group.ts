import type { GateWeights, StoredRows } from '../../src/arrangement/sub-network-pattern.js';

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
function inner({ X, d }: StoredRows, i: number, w: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < d; t++) sum += X[i * d + t]! * w[t]!;
  return sum;
}

/** Row i of X, times factor j, as the block of leaf j in a row of length leaves · d. */
function blockRow(rows: StoredRows, i: number, factors: readonly number[]): number[] {
  return factors.flatMap((factor) =>
    Array.from({ length: rows.d }, (_, t) => (factor === 0 ? 0 : factor * rows.X[i * rows.d + t]!)),
  );
}

/**
 * Operator and constraints of the group that `gates` realise, from the definitions and by plain loops, one row of X at a
 * time: a unit's pattern is D = 1[Σ_j (value of child j)₊ w_j ≥ 0], its pre-activation Σ_j s_j · (what child j hands on),
 * what it hands on D · (its pre-activation); a first-layer unit's pre-activation is X z_j.
 */
export function denseGroup(rows: StoredRows, gates: GateWeights): DenseGroup {
  const A: number[][] = [];
  const B: number[][] = [];
  for (let i = 0; i < rows.n; i++) {
    let values = gates.first.map((w) => inner(rows, i, w));
    // A unit's pre-activation as the factor of X z_j in it, for every leaf j.
    let factors: number[][] = values.map((_, j) => values.map((_unused, k) => (k === j ? 1 : 0)));
    for (let l = -1; l < (gates.inner?.length ?? 0); l++) {
      if (l >= 0) {
        const layer = gates.inner![l]!;
        const below = { values, factors };
        values = layer.map((weights, u) => {
          let sum = 0;
          for (let j = 0; j < weights.length; j++) {
            const child = below.values[u * weights.length + j]!;
            if (child > 0) sum += child * weights[j]!;
          }
          return sum;
        });
        factors = layer.map((weights, u) => {
          const sum = gates.first.map(() => 0);
          for (let j = 0; j < weights.length; j++) {
            const child = u * weights.length + j;
            if (below.values[child]! < 0) continue;
            below.factors[child]!.forEach((factor, k) => {
              sum[k]! += weights[j]! < 0 ? -factor : factor;
            });
          }
          return sum;
        });
      }
      factors.forEach((unit, u) => {
        const sign = values[u]! >= 0 ? 1 : -1;
        B.push(
          blockRow(
            rows,
            i,
            unit.map((factor) => sign * factor),
          ),
        );
      });
    }
    A.push(
      blockRow(
        rows,
        i,
        factors[0]!.map((factor) => (values[0]! >= 0 ? factor : 0)),
      ),
    );
  }
  return { A, B };
}

/** The coefficients z that `gates` themselves are, leaf after leaf: w_p times the sizes of the weights above it. */
export function witnessOf(gates: GateWeights): Float64Array {
  const scale = gates.first.map(() => 1);
  for (let p = 0; p < scale.length; p++) {
    let unit = p;
    for (const layer of gates.inner ?? []) {
      const m = layer[0]!.length;
      scale[p]! *= Math.abs(layer[Math.floor(unit / m)]![unit % m]!);
      unit = Math.floor(unit / m);
    }
  }
  return Float64Array.from(gates.first.flatMap((w, p) => Array.from(w, (value) => value * scale[p]!)));
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
