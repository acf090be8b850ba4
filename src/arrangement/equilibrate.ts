import type { Rows } from './sub-network-pattern.js';

/** Alternations between rows and columns; a few are enough unless most entries are zero. */
const PASSES = 20;

/** Binary orders of magnitude by which scales may still change at the end. */
const SETTLED = 0.5;

/** Rounds of balancing columns by their typical entries. */
const BALANCING = 3;

/** Entries of a column from which its typical size is taken. */
const SAMPLE = 1000;

/**
 * X with rows and columns divided by powers of two, which is exact, so that neither the units of columns nor the
 * lengths of rows matter: exponents ρ_i + γ_j are fitted to log₂|x_ij| by least squares over the non-zero entries
 * (Curtis & Reid 1972, here by alternating means). That follows any change of units but is led astray by entries that
 * are zero but for noise, so the median entry of each column is then brought to [1, 2), with rows of largest entry in
 * [1, 2). Cost O(n·d).
 */
export function equilibrated(rows: Rows): {
  readonly scaled: Float64Array;
  readonly columnScale: Float64Array;
} {
  const { X, n, d } = rows;
  const { rowExponent, columnExponent } = fittedExponents(rows);
  const scaled = new Float64Array(n * d);
  for (let at = 0; at < n * d; at++) {
    // In two steps: the factors may leave float64 where the quotient does not.
    scaled[at] = X[at]! / 2 ** rowExponent[Math.floor(at / d)]! / 2 ** columnExponent[at % d]!;
  }
  const columnScale = columnExponent.map((exponent) => 2 ** exponent);
  for (let round = 0; round < BALANCING; round++) {
    divideRows(scaled, n, d);
    for (let t = 0; t < d; t++) {
      const power = powerBelow(typicalEntry(scaled, { from: t, step: d, length: n }));
      columnScale[t]! *= power;
      for (let at = t; at < n * d; at += d) scaled[at]! /= power;
    }
  }
  divideRows(scaled, n, d);
  return { scaled, columnScale };
}

function fittedExponents({ X, n, d }: Rows): { rowExponent: Float64Array; columnExponent: Float64Array } {
  // −Infinity marks a zero entry.
  const logs = X.map((value) => Math.log2(Math.abs(value)));
  const rowExponent = new Float64Array(n);
  const columnExponent = new Float64Array(d);
  for (let pass = 0, change = Infinity; pass < PASSES && change > SETTLED; pass++) {
    change = 0;
    for (let i = 0; i < n; i++) {
      const mean = meanExcess(logs, { from: i * d, step: 1, length: d }, columnExponent);
      change = Math.max(change, Math.abs(mean - rowExponent[i]!));
      rowExponent[i] = mean;
    }
    for (let t = 0; t < d; t++) {
      const mean = meanExcess(logs, { from: t, step: d, length: n }, rowExponent);
      change = Math.max(change, Math.abs(mean - columnExponent[t]!));
      columnExponent[t] = mean;
    }
  }
  return { rowExponent: rowExponent.map(Math.round), columnExponent: columnExponent.map(Math.round) };
}

/** Every `step`-th entry of a row-major matrix: a row or a column. */
interface Line {
  readonly from: number;
  readonly step: number;
  readonly length: number;
}

/** Mean of logs − other over the non-zero entries of a line, 0 if there are none. */
function meanExcess(logs: Float64Array, { from, step, length }: Line, other: Float64Array): number {
  let sum = 0;
  let entries = 0;
  for (let k = 0; k < length; k++) {
    const value = logs[from + k * step]!;
    if (value === -Infinity) continue;
    sum += value - other[k]!;
    entries++;
  }
  return entries > 0 ? sum / entries : 0;
}

/** Brings the largest entry of each row to [1, 2). */
function divideRows(A: Float64Array, n: number, d: number): void {
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let t = 0; t < d; t++) largest = Math.max(largest, Math.abs(A[i * d + t]!));
    const power = powerBelow(largest);
    for (let t = 0; t < d; t++) A[i * d + t]! /= power;
  }
}

/** Median size of the non-zero entries of a line, 0 if there are none. */
function typicalEntry(A: Float64Array, { from, step, length }: Line): number {
  const sizes: number[] = [];
  const stride = Math.max(1, Math.floor(length / SAMPLE));
  for (let k = 0; k < length; k += stride) {
    const size = Math.abs(A[from + k * step]!);
    if (size > 0) sizes.push(size);
  }
  return sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 0;
}

/** Largest power of two that is not above a size; 1 for 0. */
function powerBelow(size: number): number {
  return size > 0 && Number.isFinite(size) ? 2 ** Math.floor(Math.log2(size)) : 1;
}
