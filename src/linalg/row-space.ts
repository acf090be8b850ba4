import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/** Singular values below this many roundings of the largest one count as zero. */
const RANK_ROUNDINGS = 8;

/** The row space of a matrix X (n×d): its singular value decomposition X = U·diag(σ)·Vᵀ, as far as it is needed. */
export interface RowSpace {
  /** Numerical rank r: singular values above 8·max(n, d)·2⁻⁵³·σ₁. */
  readonly rank: number;
  /** All min(n, d) singular values, largest first. */
  readonly singularValues: Float64Array;
  /** Orthonormal basis of the row space, r vectors of length d, row-major: row k is the k-th right singular vector. */
  readonly basis: Float64Array;
}

/** Row space and singular values of a row-major n×d matrix. Cost O(n·d·min(n, d)). */
export function rowSpaceOf(X: Float64Array, n: number, d: number): RowSpace {
  const matrix = Matrix.from1DArray(n, d, X);
  const svd = new SingularValueDecomposition(matrix, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: true,
    autoTranspose: true,
  });
  const singularValues = Float64Array.from(svd.diagonal).slice(0, Math.min(n, d));
  const threshold = RANK_ROUNDINGS * Math.max(n, d) * 2 ** -53 * (singularValues[0] ?? 0);
  const rank = singularValues.filter((value) => value > threshold).length;
  const right = svd.rightSingularVectors; // d × min(n, d)
  const basis = new Float64Array(rank * d);
  for (let k = 0; k < rank; k++) for (let t = 0; t < d; t++) basis[k * d + t] = right.get(t, k);
  return { rank, singularValues, basis };
}

/** Rows in coordinates of a basis of k orthonormal vectors of length d: X·basisᵀ, n×k row-major. */
export function coordinatesIn(
  basis: Float64Array,
  rank: number,
  X: Float64Array,
  n: number,
  d: number,
): Float64Array {
  const out = new Float64Array(n * rank);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      for (let t = 0; t < d; t++) sum += X[i * d + t]! * basis[k * d + t]!;
      out[i * rank + k] = sum;
    }
  }
  return out;
}
