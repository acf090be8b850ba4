import { normalGenerator } from '../random.js';
import {
  groupKey,
  isSilent,
  realisedPattern,
  type GateWeights,
  type StoredRows,
  type SubNetworkPattern,
} from './sub-network-pattern.js';

/** Distinct patterns of one program, and how many candidates they were left from. */
export interface PatternSet {
  readonly patterns: readonly SubNetworkPattern[];
  readonly candidates: number;
}

/**
 * Patterns of gate vectors given at depth 2: 1[X·g ≥ 0], duplicates and silent ones left out, order kept.
 * Gates with equal patterns are one group; for a gated network the first of them is the one used at prediction.
 */
export function patternsOfGates(
  rows: StoredRows,
  gates: readonly (readonly number[] | Float64Array)[],
): PatternSet {
  return distinct(
    rows,
    gates.map((gate) => ({ first: [Float64Array.from(gate)] })),
  );
}

/**
 * Patterns of `count` whole sub-networks with independent normal weights from `seed`, so that every combination of
 * patterns in a group exists; duplicates and silent ones left out.
 *
 * `widths` is [m₁ … m_{L−2}]: a sub-network is a tree whose unit of hidden layer l + 1 reads m_l units of its own, with
 * ∏ m_l first-layer units in all; [] is a single unit (depth 2). First-layer weights are divided by the root mean square
 * of their column of X, so that the patterns found do not depend on the units of a column. Cost O(count·n·d·∏ m_l).
 */
export function samplePatterns(
  rows: StoredRows,
  options: { readonly count: number; readonly seed: number; readonly widths: readonly number[] },
): PatternSet {
  const normal = normalGenerator(options.seed);
  const scale = inverseColumnScale(rows);
  return distinct(
    rows,
    Array.from({ length: options.count }, () => drawTree(options.widths, scale, normal)),
  );
}

/** Layer by layer from the first, unit by unit. */
function drawTree(widths: readonly number[], scale: Float64Array, normal: () => number): GateWeights {
  let units = widths.reduce((product, m) => product * m, 1);
  const first = Array.from({ length: units }, () => scale.map((value) => value * normal()));
  const inner = widths.map((m) => {
    units /= m;
    return Array.from({ length: units }, () => Float64Array.from({ length: m }, normal));
  });
  return { first, inner };
}

function distinct(rows: StoredRows, gates: readonly GateWeights[]): PatternSet {
  const seen = new Set<string>();
  const patterns: SubNetworkPattern[] = [];
  for (const gate of gates) {
    const pattern = realisedPattern(rows, gate);
    if (isSilent(pattern)) continue;
    const key = groupKey(pattern);
    if (seen.has(key)) continue;
    seen.add(key);
    patterns.push(pattern);
  }
  return { patterns, candidates: gates.length };
}

function inverseColumnScale({ X, n, d }: StoredRows): Float64Array {
  const largest = new Float64Array(d);
  for (let i = 0; i < n * d; i++) largest[i % d] = Math.max(largest[i % d]!, Math.abs(X[i]!));
  const squares = new Float64Array(d);
  for (let i = 0; i < n * d; i++) {
    const unit = largest[i % d]!;
    if (unit > 0) squares[i % d]! += (X[i]! / unit) ** 2 / n;
  }
  // A zero column, or one so small that its inverse overflows, keeps weights of size one.
  return squares.map((square, t) => {
    const inverse = 1 / (largest[t]! * Math.sqrt(square));
    return Number.isFinite(inverse) ? inverse : 1;
  });
}
