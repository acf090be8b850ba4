import type { Rows } from '../arrangement/sub-network-pattern.js';
import {
  applyLayer,
  columnsOf,
  emptyLayer,
  joined,
  refuseLarge,
  relu,
  toMlp,
  type LinearLayer,
} from './mlp.js';
import type { ParallelNetwork } from './network.js';

/** A residual network without biases: h = (x, 0, …, 0), then h ← h + write·(read·h)₊ block by block, then readout·h. */
export interface ResNet {
  /** Length d of an input row, the bias column included. */
  readonly inputs: number;
  readonly outputs: number;
  /** Length of the state h, at least `inputs`. */
  readonly width: number;
  readonly blocks: readonly { readonly read: LinearLayer; readonly write: LinearLayer }[];
  readonly readout: LinearLayer;
}

/**
 * A residual network of the same function as a parallel ReLU network. The skip connections carry the input and every
 * hidden layer along; block l reads the coordinates that block l − 1 wrote, the first one the input, and adds its hidden
 * layer into fresh coordinates. Cost: twice the width of the state times the hidden units, zeros included.
 *
 * @throws RelucentError `unsupported` as {@link toMlp}
 */
export function toResNet(network: ParallelNetwork): ResNet {
  const { inputs, outputs, layers } = toMlp(network);
  const hidden = layers.slice(0, -1);
  const units = hidden.reduce((sum, layer) => sum + layer.outputs, 0);
  const width = inputs + units;
  refuseLarge((2 * units + outputs) * width);
  let from = 0;
  let to = inputs;
  const blocks = hidden.map((layer) => {
    const read = onState(layer, from, width);
    const write = emptyLayer(width, layer.outputs);
    for (let u = 0; u < layer.outputs; u++) write.weights[(to + u) * layer.outputs + u] = 1;
    from = to;
    to += layer.outputs;
    return { read, write };
  });
  return { inputs, outputs, width, blocks, readout: onState(layers.at(-1)!, from, width) };
}

/** The layer reading its inputs at a position of the state. */
function onState(layer: LinearLayer, position: number, width: number): LinearLayer {
  const wide = emptyLayer(layer.outputs, width);
  for (let u = 0; u < layer.outputs; u++) {
    const row = layer.weights.subarray(u * layer.inputs, (u + 1) * layer.inputs);
    wide.weights.set(row, u * width + position);
  }
  return wide;
}

/**
 * Outputs of a residual network on the n rows of X, output-major as those of `forward`. Cost O(n) per non-zero weight and
 * O(n · width) per block.
 * @throws RelucentError `invalid-argument` for rows of another length than `inputs`
 */
export function forwardResNet(network: ResNet, rows: Rows): Float64Array {
  const { blocks, readout, width, inputs, outputs } = network;
  let state = columnsOf(rows, inputs);
  while (state.length < width) state.push(new Float64Array(rows.n));
  for (const { read, write } of blocks) {
    const added = applyLayer(write, applyLayer(read, state, rows.n).map(relu), rows.n);
    state = state.map((column, s) => column.map((value, i) => value + added[s]![i]!));
  }
  return joined(applyLayer(readout, state, rows.n), outputs, rows.n);
}
