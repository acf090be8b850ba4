import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import type { ParallelNetwork } from './network.js';

/** A matrix of weights, no bias: it maps `inputs` numbers to `outputs`. */
export interface LinearLayer {
  readonly outputs: number;
  readonly inputs: number;
  /** outputs × inputs, row-major. */
  readonly weights: Float64Array;
}

/** A plain multilayer perceptron: linear layers with a ReLU between one and the next. */
export interface Mlp {
  /** Length d of an input row, the bias column included. */
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly LinearLayer[];
}

/** Most weights, zeros included, of an MLP or a ResNet that is made: 160 MB. */
const MOST_WEIGHTS = 2e7;

/**
 * One plain MLP of the same function as a parallel ReLU network: all sub-networks side by side, so that its layers are
 * block-diagonal and its last layer adds up. Cost: the product of neighbouring layer widths, zeros included.
 *
 * @throws RelucentError `unsupported` for a gated network, whose units do not gate themselves, and for more than 2e7
 * weights
 */
export function toMlp(network: ParallelNetwork): Mlp {
  const { inputs, outputs, subNetworks, depth } = network;
  refuseGated(network);
  const hiddenWidths = Array.from({ length: depth - 1 }, (_, l) =>
    subNetworks.reduce((sum, { first, inner }) => sum + [first, ...inner][l]!.length, 0),
  );
  const widths = [inputs, ...hiddenWidths, outputs];
  refuseLarge(widths.slice(1).reduce((sum, width, l) => sum + width * widths[l]!, 0));
  const layers = widths.slice(1).map((width, l) => emptyLayer(width, widths[l]!));
  // Units of each layer that belong to the sub-networks placed so far; all of them read the same inputs.
  const placed = new Int32Array(depth);
  for (const { first, inner, output, channel } of subNetworks) {
    const hidden = [first, ...inner];
    hidden.forEach((units, l) => {
      units.forEach((weights, u) => {
        setRow(layers[l]!, placed[l + 1]! + u, placed[l]!, weights);
      });
    });
    setRow(layers[depth - 1]!, channel, placed[depth - 1]!, output);
    hidden.forEach((units, l) => (placed[l + 1]! += units.length));
  }
  return { inputs, outputs, layers };
}

/**
 * Outputs of an MLP on the n rows of X, output-major as those of `forward`. Cost O(n) per non-zero weight.
 * @throws RelucentError `invalid-argument` for rows of another length than `inputs`
 */
export function forwardMlp({ layers, inputs, outputs }: Mlp, rows: Rows): Float64Array {
  let values = columnsOf(rows, inputs);
  layers.forEach((layer, l) => {
    values = applyLayer(layer, values, rows.n);
    if (l < layers.length - 1) values = values.map(relu);
  });
  return joined(values, outputs, rows.n);
}

/** The columns of X, each of length n, which must be as many as the network has inputs. */
export function columnsOf({ X, n, d }: Rows, inputs: number): Float64Array[] {
  if (d !== inputs) {
    throw new RelucentError(
      'invalid-argument',
      'rows',
      `expected ${inputs} columns (with the bias where there is one), got ${d}`,
    );
  }
  return Array.from({ length: d }, (_, t) => Float64Array.from({ length: n }, (_unused, i) => X[i * d + t]!));
}

/** W·values, where values holds one array over the n rows for each input. */
export function applyLayer(
  { outputs, inputs, weights }: LinearLayer,
  values: readonly Float64Array[],
  n: number,
): Float64Array[] {
  return Array.from({ length: outputs }, (_, u) => {
    const out = new Float64Array(n);
    for (let j = 0; j < inputs; j++) {
      const weight = weights[u * inputs + j]!;
      if (weight === 0) continue; // most weights
      const value = values[j]!;
      for (let i = 0; i < n; i++) out[i]! += weight * value[i]!;
    }
    return out;
  });
}

/** (·)₊ of every entry. */
export function relu(values: Float64Array): Float64Array {
  return values.map((value) => Math.max(0, value));
}

/** One array after the other. */
export function joined(values: readonly Float64Array[], count: number, n: number): Float64Array {
  const out = new Float64Array(count * n);
  values.forEach((column, k) => {
    out.set(column, k * n);
  });
  return out;
}

/** A layer of zeros. */
export function emptyLayer(outputs: number, inputs: number): LinearLayer {
  return { outputs, inputs, weights: new Float64Array(outputs * inputs) };
}

/** Throws for a number of weights, zeros included, that is too large to write out. */
export function refuseLarge(weights: number): void {
  if (weights <= MOST_WEIGHTS) return;
  throw new RelucentError(
    'unsupported',
    'network',
    `expected at most ${MOST_WEIGHTS} weights with the zeros of this form, got ${weights}; export it as a parallel network`,
  );
}

function refuseGated({ kind }: ParallelNetwork): void {
  if (kind === 'relu') return;
  throw new RelucentError(
    'unsupported',
    'network',
    'expected a ReLU network, got a gated one, whose gates have no such form; train with --decompose (option decompose) ' +
      'or in the ReLU formulation, or export it as a parallel network',
  );
}

function setRow({ weights, inputs }: LinearLayer, row: number, column: number, values: Float64Array): void {
  weights.set(values, row * inputs + column);
}
