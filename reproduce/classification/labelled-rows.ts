import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { applyScaling, type Scaling } from '../../src/estimator/scaling.js';
import { lossNamed } from '../../src/loss/index.js';
import { forward, type ParallelNetwork } from '../../src/network/network.js';

/** Rows with a class each. */
export interface LabelledRows {
  readonly rows: Rows;
  /** Class of each row, from 0. */
  readonly labels: Int32Array;
  /** How many classes there are, whether or not each of them has a row here. */
  readonly classes: number;
}

/** The rows of a selection, in its order. */
export function selectLabelled({ rows, labels, classes }: LabelledRows, at: Int32Array): LabelledRows {
  const { d } = rows;
  const X = new Float64Array(at.length * d);
  at.forEach((row, i) => {
    X.set(rows.X.subarray(row * d, (row + 1) * d), i * d);
  });
  return { rows: { X, n: at.length, d }, labels: Int32Array.from(at, (row) => labels[row] ?? 0), classes };
}

/** Scaled columns, and one of ones for the bias behind them. */
export function prepared({ rows, labels, classes }: LabelledRows, scaling: Scaling): LabelledRows {
  const scaled = applyScaling(rows, scaling);
  const d = rows.d + 1;
  const X = new Float64Array(rows.n * d).fill(1);
  for (let i = 0; i < rows.n; i++) X.set(scaled.X.subarray(i * rows.d, (i + 1) * rows.d), i * d);
  return { rows: { X, n: rows.n, d }, labels, classes };
}

/** Outputs of a network: one for two classes, else one for each class against the rest. */
export function outputsFor(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** ±1 for each output and row, output-major: +1 where the row is of the output's class (the second of two). */
export function targetsFor({ labels, classes }: LabelledRows): Float64Array {
  const n = labels.length;
  const first = classes === 2 ? 1 : 0;
  return Float64Array.from({ length: n * outputsFor(classes) }, (_, at) =>
    labels[at % n] === first + Math.floor(at / n) ? 1 : -1,
  );
}

/** How a network does on labelled rows. */
export type Scores = {
  /** Share of rows whose class has the largest output. */
  readonly accuracy: number;
  /** Logistic loss of all outputs, mean over rows. */
  readonly loss: number;
};

export function scoresOf(network: ParallelNetwork, data: LabelledRows): Scores {
  const { labels, classes, rows } = data;
  const n = labels.length;
  const f = forward(network, rows);
  let right = 0;
  labels.forEach((label, i) => {
    let predicted = classes === 2 && (f[i] ?? 0) > 0 ? 1 : 0;
    for (let k = 1; k < outputsFor(classes); k++) {
      if ((f[k * n + i] ?? 0) > (f[predicted * n + i] ?? 0)) predicted = k;
    }
    if (predicted === label) right += 1;
  });
  return { accuracy: right / n, loss: lossNamed('logistic').value(f, targetsFor(data)) / n };
}
