import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { classTargets } from '../../src/estimator/class-targets.js';
import { rowsAt } from '../../src/estimator/fold-data.js';
import { applyScaling, type Scaling } from '../../src/estimator/scaling.js';
import { lossNamed } from '../../src/loss/index.js';
import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { withBias } from '../../src/problem/matrix-input.js';

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
  return { rows: rowsAt(rows, at), labels: Int32Array.from(at, (row) => labels[row] ?? 0), classes };
}

/** Scaled columns, and one of ones for the bias behind them. */
export function prepared({ rows, labels, classes }: LabelledRows, scaling: Scaling): LabelledRows {
  return { rows: withBias(applyScaling(rows, scaling)), labels, classes };
}

/** Outputs of a network: one for two classes, else one for each class against the rest. */
export function outputsFor(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** ±1 for each row, one vector an output: +1 where the row is of the output's class (the second of two). */
export function targetsByOutput({ labels, classes }: LabelledRows): readonly Float64Array[] {
  return classTargets(labels, classes, 'one-vs-rest');
}

/** {@link targetsByOutput} behind each other. */
export function targetsFor(data: LabelledRows): Float64Array {
  return Float64Array.from(targetsByOutput(data).flatMap((target) => [...target]));
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
