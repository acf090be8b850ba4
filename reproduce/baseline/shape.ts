import type { ParallelNetwork, SubNetwork } from '../../src/network/network.js';
import { normalGenerator } from '../../src/random.js';

/** Parallel networks that gradient descent trains: sub-networks are fully connected. */
export interface Shape {
  /** Length d of an input row, bias column included. */
  readonly inputs: number;
  /** Units of the hidden layers of a sub-network, [m₁ … m_{L−1}]: L − 1 entries. */
  readonly widths: readonly number[];
  /** Sub-networks K of each output. */
  readonly subNetworks: number;
  /** Outputs C; each has sub-networks of its own. */
  readonly outputs: number;
}

/** Sub-networks of one trial. */
export function groupsOf({ subNetworks, outputs }: Shape): number {
  return subNetworks * outputs;
}

/**
 * Weights of one trial, in float32: `layers[0]` is d×(G·m₁), `layers[l]` G×m_l×m_{l+1}, the last one G×m_{L−1}×1, with the
 * G = C·K sub-networks of output c at c·K … c·K + K − 1.
 */
export interface Weights {
  readonly layers: readonly Float32Array[];
}

/**
 * He initialisation (He et al. 2015): normal weights of variance 2 over the number of inputs of their unit; output weights
 * of variance 1/(K·m_{L−1}), so that the output starts of size about 1 for any number of sub-networks.
 */
export function initialWeights(shape: Shape, seed: number): Weights {
  const normal = normalGenerator(seed);
  const groups = groupsOf(shape);
  const { inputs, widths, subNetworks } = shape;
  const drawn = (length: number, deviation: number): Float32Array =>
    Float32Array.from({ length }, () => deviation * normal());
  const layers = widths.map((width, l) => {
    const below = l === 0 ? inputs : (widths[l - 1] ?? 1);
    return drawn(groups * below * width, Math.sqrt(2 / below));
  });
  const last = widths.at(-1) ?? 1;
  layers.push(drawn(groups * last, Math.sqrt(1 / (subNetworks * last))));
  return { layers };
}

/** The same network in the library's form, to be evaluated in float64 by code that shares nothing with the baseline. */
export function networkOf(shape: Shape, { layers }: Weights): ParallelNetwork {
  const groups = groupsOf(shape);
  const subNetworks = Array.from({ length: groups }, (_, g) => subNetworkOf(shape, layers, g));
  return {
    kind: 'relu',
    depth: shape.widths.length + 1,
    inputs: shape.inputs,
    outputs: shape.outputs,
    subNetworks,
  };
}

function subNetworkOf(shape: Shape, layers: readonly Float32Array[], g: number): SubNetwork {
  const { inputs, widths, subNetworks } = shape;
  const groups = groupsOf(shape);
  const [m1 = 1] = widths;
  const column = (
    values: Float32Array | undefined,
    length: number,
    at: (t: number) => number,
  ): Float64Array => Float64Array.from({ length }, (_, t) => values?.[at(t)] ?? NaN);
  const first = Array.from({ length: m1 }, (_, j) =>
    column(layers[0], inputs, (t) => t * groups * m1 + g * m1 + j),
  );
  const inner = widths.slice(1).map((width, l) => {
    const below = widths[l] ?? 1;
    return Array.from({ length: width }, (_, u) =>
      column(layers[l + 1], below, (j) => (g * below + j) * width + u),
    );
  });
  const last = widths.at(-1) ?? 1;
  const output = column(layers.at(-1), last, (j) => g * last + j);
  return { first, inner, output, channel: Math.floor(g / subNetworks) };
}
