import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { norm2 } from '../../src/linalg/vector.js';
import { forward, pathNorm, type ParallelNetwork, type SubNetwork } from '../../src/network/network.js';

/** Entries below this share of the largest are rounding: columns that differ by less are taken as dependent. */
const dependent = 1e-9;

/**
 * The same outputs on the n rows and the same Σ φ with at most n + 1 sub-networks, by Carathéodory's argument: with outputs
 * φ_k·u_k of the sub-networks, more than n + 1 of the vectors (u_k, 1) are dependent, and a step along a dependency changes
 * neither Σ φ_k·u_k nor Σ φ_k until one φ_k is 0. Goes on until the vectors left are independent. For one output.
 */
export function reduceNetwork(network: ParallelNetwork, rows: Rows): ParallelNetwork {
  let kept = network.subNetworks
    .map((subNetwork) => ({ subNetwork, norm: pathNorm(subNetwork) }))
    .filter(({ norm }) => norm > 0)
    .map(({ subNetwork, norm }) => ({ subNetwork, norm, share: 1, column: columnOf(subNetwork, norm) }));
  for (;;) {
    const direction = dependency(kept.map(({ column }) => column));
    if (direction === null) break;
    // Norms change by −t·direction: the first to reach 0 leaves.
    const steps = kept.map(({ norm, share }, k) => {
      const change = direction[k] ?? 0;
      return change > 0 ? (norm * share) / change : Infinity;
    });
    const t = Math.min(...steps);
    kept = kept
      .map((one, k) => ({ ...one, share: one.share - (t * (direction[k] ?? 0)) / one.norm }))
      .filter((_, k) => (steps[k] ?? Infinity) > t);
  }
  return { ...network, subNetworks: kept.map(({ subNetwork, share }) => scaledOutput(subNetwork, share)) };

  function columnOf(subNetwork: SubNetwork, norm: number): Float64Array {
    const outputs = forward({ ...network, subNetworks: [subNetwork] }, rows).map((value) => value / norm);
    // ‖u‖ ≤ ‖X‖, and the last entry is of that size too.
    return Float64Array.of(...outputs, norm2(rows.X));
  }
}

function scaledOutput(subNetwork: SubNetwork, factor: number): SubNetwork {
  return { ...subNetwork, output: subNetwork.output.map((weight) => weight * factor) };
}

/** Numbers c, one of them positive, with Σ c_k·column_k = 0 up to rounding; null where the columns are independent. */
function dependency(columns: readonly Float64Array[]): Float64Array | null {
  const reduced = columns.map((column) => Float64Array.from(column));
  const length = columns[0]?.length ?? 0;
  const smallest = dependent * Math.max(0, ...columns.map(norm2));
  const pivots: { readonly row: number; readonly column: number }[] = [];
  for (let k = 0; k < reduced.length; k++) {
    const row = largestFreeRow(reduced[k], pivots, length);
    const pivot = reduced[k]?.[row] ?? 0;
    if (Math.abs(pivot) <= smallest) return combination(reduced[k], pivots, k, columns.length);
    pivots.push({ row, column: k });
    clearRow(reduced, { row, column: k }, pivot);
  }
  return null;
}

/** Gauss–Jordan: with row operations, makes column k a unit vector. */
function clearRow(
  columns: readonly Float64Array[],
  { row, column }: { readonly row: number; readonly column: number },
  pivot: number,
): void {
  const source = Float64Array.from(columns[column] ?? []);
  for (let k = column; k < columns.length; k++) {
    const values = columns[k];
    if (values === undefined) continue;
    const factor = (values[row] ?? 0) / pivot;
    for (let i = 0; i < values.length; i++) {
      values[i] = i === row ? factor : (values[i] ?? 0) - factor * (source[i] ?? 0);
    }
  }
}

function largestFreeRow(
  column: Float64Array | undefined,
  pivots: readonly { readonly row: number }[],
  length: number,
): number {
  const taken = new Set(pivots.map(({ row }) => row));
  let best = -1;
  for (let i = 0; i < length; i++) {
    if (taken.has(i)) continue;
    if (best < 0 || Math.abs(column?.[i] ?? 0) > Math.abs(column?.[best] ?? 0)) best = i;
  }
  return best;
}

/** Column k is, in reduced form, the sum of its entries times the pivot columns. */
function combination(
  reduced: Float64Array | undefined,
  pivots: readonly { readonly row: number; readonly column: number }[],
  k: number,
  count: number,
): Float64Array {
  const numbers = new Float64Array(count);
  numbers[k] = 1;
  for (const { row, column } of pivots) numbers[column] = -(reduced?.[row] ?? 0);
  return numbers;
}
