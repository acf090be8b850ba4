import { rowSpaceOf } from '../../src/linalg/row-space.js';
import type { FlatMatrix } from '../../src/problem/problem-input.js';
import { normalGenerator } from '../../src/random.js';

/** Size of one problem: n rows of d columns, of rank r. */
export interface Size {
  readonly n: number;
  readonly d: number;
  readonly rank: number;
}

const teacherNeurons = 3;
const noise = 0.5;

/**
 * X = U·V: U normal, n×r, so that its rows are in general position; V has r orthonormal rows of length d. The target depends
 * on U alone (three ReLU neurons and noise), so that for one seed the optimum is the same for every d.
 */
export function dataOf(
  { n, d, rank }: Size,
  seed: number,
): { readonly X: FlatMatrix; readonly y: Float64Array } {
  const normal = normalGenerator(seed);
  const U = Float64Array.from({ length: n * rank }, normal);
  const teacher = Float64Array.from({ length: teacherNeurons * rank }, normal);
  const y = Float64Array.from({ length: n }, (_, i) => {
    let sum = noise * normal();
    for (let k = 0; k < teacherNeurons; k++) {
      let activation = 0;
      for (let t = 0; t < rank; t++) activation += (U[i * rank + t] ?? 0) * (teacher[k * rank + t] ?? 0);
      sum += (k === 1 ? -1 : 1) * Math.max(0, activation);
    }
    return sum;
  });
  const V = rowSpaceOf(Float64Array.from({ length: rank * d }, normal), rank, d).basis;
  const values = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < rank; k++) {
      const along = U[i * rank + k] ?? 0;
      for (let t = 0; t < d; t++) values[i * d + t] = (values[i * d + t] ?? 0) + along * (V[k * d + t] ?? 0);
    }
  }
  return { X: { values, rows: n, columns: d }, y };
}
