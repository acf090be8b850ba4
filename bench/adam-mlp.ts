import { integerGenerator, normalGenerator } from '../src/random.js';

/** What the baseline learns: K outputs with softmax, or one number with the squared loss. */
export interface MlpTask {
  /** Row-major n×d, standardised. */
  readonly X: Float64Array;
  readonly d: number;
  /** Class indices, or numbers. */
  readonly y: ArrayLike<number>;
  /** Classes; 0 for numbers. */
  readonly classes: number;
}

export interface MlpSettings {
  readonly width: number;
  readonly rate: number;
  readonly decay: number;
  readonly epochs: number;
  readonly seed: number;
}

/** Outputs of a trained network for a row-major matrix of n rows: n×K. */
export type Mlp = (X: Float64Array, n: number) => Float64Array;

/**
 * A plain MLP with one hidden ReLU layer, trained by Adam (Kingma & Ba 2015) with mini-batches of 32 and decoupled weight decay:
 * the baseline that certified networks are compared with.
 */
export function trainMlp({ X, d, y, classes }: MlpTask, settings: MlpSettings): Mlp {
  const { width: m, rate, decay, epochs, seed } = settings;
  const n = y.length;
  const K = Math.max(1, classes);
  const normal = normalGenerator(seed);
  const integer = integerGenerator(seed);
  // First layer with bias (m×(d + 1)), second with bias (K×(m + 1)).
  const first = m * (d + 1);
  const theta = Float64Array.from({ length: first + K * (m + 1) }, (_, at) =>
    at < first ? normal() * Math.sqrt(2 / (d + 1)) : normal() * Math.sqrt(1 / (m + 1)),
  );
  const forward = (row: Float64Array, hidden: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < m; j++) {
      let sum = theta[j * (d + 1) + d]!;
      for (let t = 0; t < d; t++) sum += theta[j * (d + 1) + t]! * row[t]!;
      hidden[j] = Math.max(0, sum);
    }
    for (let k = 0; k < K; k++) {
      let sum = theta[first + k * (m + 1) + m]!;
      for (let j = 0; j < m; j++) sum += theta[first + k * (m + 1) + j]! * hidden[j]!;
      out[k] = sum;
    }
  };
  const moment = new Float64Array(theta.length);
  const square = new Float64Array(theta.length);
  const gradient = new Float64Array(theta.length);
  const hidden = new Float64Array(m);
  const out = new Float64Array(K);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let from = 0; from < n; from += 32) {
      const batch = order.subarray(from, from + 32);
      gradient.fill(0);
      for (const i of batch) {
        const row = X.subarray(i * d, (i + 1) * d);
        forward(row, hidden, out);
        residualInto(out, y[i]!, classes);
        for (let k = 0; k < K; k++) {
          const slope = out[k]! / batch.length;
          for (let j = 0; j < m; j++) gradient[first + k * (m + 1) + j]! += slope * hidden[j]!;
          gradient[first + k * (m + 1) + m]! += slope;
        }
        for (let j = 0; j < m; j++) {
          if (hidden[j] === 0) continue;
          let slope = 0;
          for (let k = 0; k < K; k++) slope += (out[k]! / batch.length) * theta[first + k * (m + 1) + j]!;
          for (let t = 0; t < d; t++) gradient[j * (d + 1) + t]! += slope * row[t]!;
          gradient[j * (d + 1) + d]! += slope;
        }
      }
      step++;
      for (let at = 0; at < theta.length; at++) {
        moment[at] = 0.9 * moment[at]! + 0.1 * gradient[at]!;
        square[at] = 0.999 * square[at]! + 0.001 * gradient[at]! ** 2;
        const change =
          moment[at]! / (1 - 0.9 ** step) / (Math.sqrt(square[at]! / (1 - 0.999 ** step)) + 1e-8);
        theta[at]! -= rate * (change + decay * theta[at]!);
      }
    }
  }
  return (rows, count) => {
    const all = new Float64Array(count * K);
    for (let i = 0; i < count; i++)
      forward(rows.subarray(i * d, (i + 1) * d), hidden, all.subarray(i * K, (i + 1) * K));
    return all;
  };
}

/** Derivative of the loss of one row by its outputs, in place. */
function residualInto(out: Float64Array, target: number, classes: number): void {
  if (classes === 0) {
    out[0]! -= target;
    return;
  }
  const most = Math.max(...out);
  let total = 0;
  for (let k = 0; k < out.length; k++) total += out[k] = Math.exp(out[k]! - most);
  for (let k = 0; k < out.length; k++) out[k] = out[k]! / total - (k === target ? 1 : 0);
}
