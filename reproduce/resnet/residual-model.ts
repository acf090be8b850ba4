import type { Tensor, Variable } from '@tensorflow/tfjs';
import { normalGenerator } from '../../src/random.js';
import type { Model } from '../baseline/descend.js';
import type { Weights } from '../baseline/shape.js';
import type { TensorFlow } from '../baseline/tensorflow.js';
import { expand, type ResidualNetwork } from './residual.js';

/** Sizes of parallel residual networks. */
export interface ResidualShape {
  /** Length d of a row, the bias column included. */
  readonly inputs: number;
  /** Residual networks C side by side. */
  readonly branches: number;
  /** Units m of each block. */
  readonly block: number;
  /** Units q of the ReLU layer behind each block. */
  readonly units: number;
}

/** Sizes of W, V, w and a of one branch, as tensors and in `Weights`; branches lie along the first axis. */
function sizesOf({ inputs, block, units }: ResidualShape): readonly (readonly number[])[] {
  return [[block, inputs], [block, inputs], [units, inputs], [units]];
}

/**
 * Residual networks for gradient descent on ½‖f(X) − y‖² + β Σ φ, φ the path norms of their expansion. He initialisation;
 * blocks start by adding about as much as they carry, and the output starts of size about 1.
 */
export function residualModel(shape: ResidualShape, beta: number): Model {
  const { branches, inputs, block, units } = shape;
  const sizes = sizesOf(shape);
  const deviations = [2 / inputs, 1 / block, 2 / inputs, 1 / (branches * units)].map(Math.sqrt);
  return {
    variables: (tf, seeds) => {
      const drawn = seeds.map((seed) => {
        const normal = normalGenerator(seed);
        return sizes.map((size, k) =>
          Float32Array.from({ length: branches * product(size) }, () => (deviations[k] ?? NaN) * normal()),
        );
      });
      return sizes.map((size, k) =>
        tf.tidy(() =>
          tf.variable(tf.concat(drawn.map((one) => tf.tensor(one[k] ?? [], [branches, ...size])))),
        ),
      );
    },
    value: (tf) => (variables, X, targets) => {
      const [n, d] = X.shape;
      const [read, write, readout, output] = variables as [Variable, Variable, Variable, Variable];
      const [all] = read.shape as [number, number, number];
      const products = (weights: Tensor, width: number): Tensor =>
        tf.reshape(tf.matMul(X, tf.reshape(weights, [all * width, d]), false, true), [n, all, width]);
      // wᵀV_j, G×q×m: the block as the layer behind it sees it.
      const through = tf.matMul(readout, write, false, true);
      const blocks = tf.relu(products(read, block));
      const added = tf.sum(tf.mul(tf.expandDims(blocks, 2), tf.expandDims(through, 0)), 3);
      const layer = tf.mul(tf.relu(tf.add(products(readout, units), added)), output);
      const f = tf.sum(tf.reshape(layer, [n, all / branches, branches * units]), 2);
      const loss = tf.div(tf.sum(tf.square(tf.sub(f, targets))), 2);
      return tf.add(loss, tf.mul(pathNorms(tf, { read, readout, output, through }), beta));
    },
    weights: (variables, trials) => {
      const values = variables.map((variable) => variable.dataSync() as Float32Array);
      return Array.from({ length: trials }, (_, t) => ({
        layers: values.map((one) => one.slice((t * one.length) / trials, ((t + 1) * one.length) / trials)),
      }));
    },
    network: (weights) => expand(residualNetwork(shape, weights)),
  };
}

/** Σ φ over all trials; 1e-24 as in the parallel objective: a subgradient 0 where the root has no derivative. */
function pathNorms(
  tf: TensorFlow,
  { read, readout, output, through }: Readonly<Record<'read' | 'readout' | 'output' | 'through', Tensor>>,
): Tensor {
  const carried = tf.mul(tf.sum(tf.square(readout), 2), 2);
  const blocks = tf.expandDims(tf.sum(tf.square(read), 2), 1);
  const squares = tf.add(carried, tf.sum(tf.mul(blocks, tf.square(through)), 2));
  return tf.sum(tf.sqrt(tf.add(tf.mul(tf.square(output), squares), 1e-24)));
}

/** The network of one trial's weights. */
export function residualNetwork(shape: ResidualShape, { layers }: Weights): ResidualNetwork {
  const { inputs, branches, block, units } = shape;
  const [read, write, readout, output] = layers;
  const rows = (values: Float32Array | undefined, c: number, count: number): Float64Array[] =>
    Array.from({ length: count }, (_, k) =>
      Float64Array.from({ length: inputs }, (_, t) => values?.[(c * count + k) * inputs + t] ?? NaN),
    );
  return {
    inputs,
    branches: Array.from({ length: branches }, (_, c) => ({
      read: rows(read, c, block),
      write: rows(write, c, block),
      readout: rows(readout, c, units),
      output: Float64Array.from({ length: units }, (_, u) => output?.[c * units + u] ?? NaN),
    })),
  };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
