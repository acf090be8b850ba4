import type { Workspace } from '../kernel/kernel.js';
import { addProductTransposed } from '../kernel/javascript/gemm.js';
import { allActive } from '../arrangement/pattern.js';
import type { StoredRows } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';

/** Squarings of XᵀX: the bound exceeds the norm by a factor of d^(1/2^(SQUARINGS + 1)) at most: 1.06 for d = 50, 1.11 for d = 784. */
const SQUARINGS = 5;
/** Columns above which squaring a d×d matrix costs more than a closer bound saves. */
const LARGEST = 1000;

const known = new WeakMap<StoredRows, number>();

/**
 * Upper bound of ‖X‖₂, once for each `rows`: from the trace of a high power of XᵀX,
 *
 *     ‖X‖₂² = λ_max(G) ≤ tr(G^p)^(1/p) ≤ d^(1/p)·λ_max(G),      G = XᵀX, p = 2^SQUARINGS,
 *
 * with a margin for rounding; ‖X‖_F for more than 1000 columns. Cost 2·n·d² + 2·SQUARINGS·d³ flops.
 */
export function spectralNormBound(rows: StoredRows, workspace: Workspace): number {
  let bound = known.get(rows);
  if (bound === undefined) {
    bound = computeBound(rows, workspace) * (1 + 1e-10);
    known.set(rows, bound);
  }
  return bound;
}

function computeBound({ X, n, d }: StoredRows, workspace: Workspace): number {
  const frobenius = norm2(X);
  if (d > LARGEST || d > n || frobenius === 0) return frobenius;
  let power = gramMatrix({ X, n, d }, workspace);
  // Scaled by its trace, which bounds λ_max, so that no power overflows.
  let logarithm = 0;
  let exponent = 1;
  for (let squaring = 0; ; squaring++) {
    let trace = 0;
    for (let t = 0; t < d; t++) trace += power[t * d + t]!;
    if (!(trace > 0)) return frobenius;
    logarithm += Math.log(trace) / exponent;
    if (squaring === SQUARINGS) return Math.min(frobenius, Math.exp(logarithm / 2));
    for (let at = 0; at < power.length; at++) power[at]! /= trace;
    const next = new Float64Array(d * d);
    const block = { data: power, offset: 0, stride: d };
    addProductTransposed(
      { data: next, offset: 0, stride: d },
      block,
      block,
      { rows: d, cols: d, inner: d },
      1,
    );
    power = next;
    exponent *= 2;
  }
}

/** XᵀX as the adjoints of the columns of X. */
function gramMatrix({ X, n, d }: StoredRows, workspace: Workspace): Float64Array {
  const all = allActive(n);
  const gram = new Float64Array(d * d);
  const width = Math.max(1, Math.min(d, Math.floor(4e6 / n)));
  for (let from = 0; from < d; from += width) {
    const count = Math.min(width, d - from);
    const columns = new Float64Array(count * n);
    for (let i = 0; i < n; i++) for (let c = 0; c < count; c++) columns[c * n + i] = X[i * d + from + c]!;
    const masked = {
      masks: new Array<Uint32Array>(count).fill(all),
      scales: new Float64Array(count).fill(1),
      outputs: Int32Array.from({ length: count }, (_, c) => c),
    };
    workspace.adjointInto(gram.subarray(from * d, (from + count) * d), masked, columns);
  }
  return gram;
}
