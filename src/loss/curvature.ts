/**
 * The curvature H = ∇²𝓛(u) of a loss: one K×K block for each row i, K the number of outputs. Vectors are output-major,
 * w[k·n + i]. Weights stay owned by the curvature.
 */
export interface Curvature {
  /** The entries of H where it is diagonal (always with one output), length n·K, all ≥ 0; else null. */
  readonly diagonal: Float64Array | null;
  /** out = H·w, overwritten. */
  multiplyInto(out: Float64Array, w: Float64Array): void;
  /** Entries (k, l) of all blocks, each of length n: H_i[k][l] = sign · left[i] · right[i]. */
  block(k: number, l: number): CurvatureBlock;
}

export interface CurvatureBlock {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly sign: 1 | -1;
}

/** Curvature of a loss of one output, from its second derivatives, length n. */
export function diagonalCurvature(diagonal: Float64Array): Curvature {
  let root: Float64Array | null = null;
  return {
    diagonal,
    multiplyInto(out, w) {
      for (let i = 0; i < w.length; i++) out[i] = diagonal[i]! * w[i]!;
    },
    block() {
      root ??= diagonal.map(Math.sqrt);
      return { left: root, right: root, sign: 1 };
    },
  };
}

/** H = I, for one output. */
export function identityCurvature(length: number): Curvature {
  const ones = new Float64Array(length).fill(1);
  const block: CurvatureBlock = { left: ones, right: ones, sign: 1 };
  return {
    diagonal: ones,
    multiplyInto(out, w) {
      out.set(w);
    },
    block: () => block,
  };
}
