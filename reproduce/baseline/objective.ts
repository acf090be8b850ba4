import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { lossNamed, type LossName } from '../../src/loss/index.js';
import { forward, totalPathNorm, type ParallelNetwork } from '../../src/network/network.js';
import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { groupsOf, type Shape } from './shape.js';
import type { TensorFlow } from './tensorflow.js';

/** What a baseline minimises: 𝓛(f(X), y) + β Σ φ, problem (1), or 𝓛(f(X), y) + ½β Σ w², weight decay. */
export interface Objective {
  /** A sum over rows and outputs, theory §5; Huber with δ = 1, absolute with ε = 0. */
  readonly loss: LossName;
  readonly beta: number;
  readonly penalty: 'path-norm' | 'weight-decay';
}

/** Rows of length d, and for each output n targets, output-major: numbers, ±1 (logistic, squared hinge), or 0/1 (softmax). */
export interface TrainingData {
  readonly rows: Rows;
  /** Length n·C. */
  readonly targets: Float64Array;
}

/** The objective of a network in float64, by the library's evaluation of weights; infinite where training diverged. */
export function objectiveOf(network: ParallelNetwork, data: TrainingData, objective: Objective): number {
  const value =
    lossOf(network, data, objective.loss) + objective.beta * penaltyOf(network, objective.penalty);
  return Number.isFinite(value) ? value : Infinity;
}

function lossOf(network: ParallelNetwork, { rows, targets }: TrainingData, name: LossName): number {
  const f = forward(network, rows);
  const loss = lossNamed(name);
  if (name !== 'softmax') return loss.value(f, targets);
  const { n } = rows;
  // The library's softmax takes the class of each row.
  const classes = Float64Array.from({ length: n }, (_, i) => {
    for (let k = 0; k < network.outputs; k++) if (targets[k * n + i] === 1) return k;
    return NaN;
  });
  return loss.value(f, classes);
}

function penaltyOf(network: ParallelNetwork, penalty: Objective['penalty']): number {
  if (penalty === 'path-norm') return totalPathNorm(network);
  let squares = 0;
  for (const { first, inner, output } of network.subNetworks) {
    for (const weights of [...first, ...inner.flat(), output]) {
      for (const weight of weights) squares += weight * weight;
    }
  }
  return squares / 2;
}

/**
 * The sum of the objectives of T networks of one shape, as tensors: their gradients do not see each other, so that one pass
 * serves T trials. `layers` are those of `Weights`, trial after trial along the axis of the groups. `betas` has a β for each
 * trial where they differ.
 */
export function batchObjective(
  tf: TensorFlow,
  shape: Shape,
  objective: Objective,
  betas?: readonly number[],
): (layers: readonly Tensor[], X: Tensor2D, targets: Tensor2D, share: number) => Tensor {
  const { outputs, subNetworks, widths } = shape;
  return (layers, X, targets, share) => {
    const [n] = X.shape;
    const all = layers.at(-1)?.shape[0] ?? 0;
    const trials = all / groupsOf(shape);
    const [first, ...above] = layers;
    if (first === undefined) throw new TypeError('layers: expected at least two');
    let units: Tensor = tf.reshape(tf.relu(tf.matMul(X, first as Tensor2D)), [n, all, widths[0] ?? 1]);
    above.forEach((layer, l) => {
      units = readLayer(tf, units as Tensor3D, layer as Tensor3D);
      if (l < above.length - 1) units = tf.relu(units);
    });
    // n×(T·C·K)×1 → n×(T·C): the sub-networks of each output added up.
    const f = tf.sum(tf.reshape(units, [n, trials * outputs, subNetworks]), 2);
    const loss = lossTensor(tf, f as Tensor2D, targets, objective.loss, outputs);
    const penalties = penaltyTensor(tf, layers, objective.penalty, trials);
    const strengths = betas === undefined ? objective.beta : tf.tensor1d([...betas]);
    return tf.add(tf.div(loss, share), tf.sum(tf.mul(penalties, strengths)));
  };
}

/** n×G×m units read by G×m×u weights: n×G×u. One reader a group is a sum of products, several are G small products. */
function readLayer(tf: TensorFlow, units: Tensor3D, weights: Tensor3D): Tensor {
  const [groups, below, width] = weights.shape;
  if (width === 1) return tf.sum(tf.mul(units, tf.reshape(weights, [1, groups, below])), 2, true);
  return tf.transpose(tf.matMul(tf.transpose(units, [1, 0, 2]), weights), [1, 0, 2]);
}

/** Sum over rows, outputs and trials; `targets` is n×C. */
function lossTensor(tf: TensorFlow, f: Tensor2D, targets: Tensor2D, loss: LossName, outputs: number): Tensor {
  const [n, columns] = f.shape;
  const byTrial = tf.reshape(f, [n, columns / outputs, outputs]);
  const wanted = tf.expandDims(targets, 1);
  switch (loss) {
    case 'squared':
      return tf.div(tf.sum(tf.square(tf.sub(byTrial, wanted))), 2);
    case 'logistic':
      return tf.sum(tf.softplus(tf.neg(tf.mul(byTrial, wanted))));
    case 'squared-hinge':
      return tf.sum(tf.square(tf.relu(tf.sub(1, tf.mul(byTrial, wanted)))));
    case 'huber': {
      const size = absolute(tf, tf.sub(byTrial, wanted));
      // ½r² up to δ = 1, and a line of slope 1 beyond it.
      const beyond = tf.relu(tf.sub(size, 1));
      return tf.sum(tf.add(tf.div(tf.square(tf.sub(size, beyond)), 2), beyond));
    }
    case 'absolute':
      return tf.sum(absolute(tf, tf.sub(byTrial, wanted)));
    case 'softmax':
      return tf.sub(tf.sum(tf.logSumExp(byTrial, 2)), tf.sum(tf.mul(byTrial, wanted)));
  }
}

/** |t|, of derivative 0 at 0: the subgradient that the library takes. */
function absolute(tf: TensorFlow, t: Tensor): Tensor {
  return tf.add(tf.relu(t), tf.relu(tf.neg(t)));
}

/** Σ φ or ½ Σ w² of each of T trials. */
function penaltyTensor(
  tf: TensorFlow,
  layers: readonly Tensor[],
  penalty: Objective['penalty'],
  trials: number,
): Tensor {
  const [first, ...above] = layers;
  if (first === undefined) throw new TypeError('layers: expected at least two');
  const ofTrials = (values: Tensor): Tensor => tf.sum(tf.reshape(values, [trials, -1]), 1);
  const columns = tf.sum(tf.square(first), 0);
  if (penalty === 'weight-decay') {
    return tf.div(tf.addN([ofTrials(columns), ...above.map((layer) => ofTrials(tf.square(layer)))]), 2);
  }
  const [groups = 1, m1 = 1] = above[0]?.shape ?? [];
  let squares: Tensor = tf.reshape(columns, [1, groups, m1]);
  for (const layer of above) squares = readLayer(tf, squares as Tensor3D, tf.square(layer) as Tensor3D);
  // The root has no derivative at 0; 1e-24 moves no value that float32 can tell, and gives the subgradient 0 there.
  return ofTrials(tf.sqrt(tf.add(squares, 1e-24)));
}
