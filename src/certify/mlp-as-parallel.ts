import { RelucentError } from '../error.js';
import type { ParallelNetwork, SubNetwork } from '../network/network.js';

/** An MLP as users write it: rows of weights, the first layer perhaps with a bias. */
export interface WrittenMlp {
  readonly inputs?: number | undefined;
  readonly outputs?: number | undefined;
  readonly subNetworks: 'one' | 'blocks';
  readonly layers: readonly {
    readonly inputs?: number | undefined;
    readonly outputs?: number | undefined;
    readonly weights: readonly (readonly number[])[];
    readonly bias?: readonly number[] | undefined;
  }[];
}

/**
 * An MLP as a parallel network of the same function. `one`: for each output one sub-network with all hidden units, so that
 * φ is the path norm of the whole. `blocks`: one sub-network for each set of hidden units that weights other than zero
 * connect; at depth 2 one for each hidden unit, so that Σ φ = Σ_j ‖w_j‖·|α_j| is what weight decay ½Σ(‖w_j‖² + α_j²)
 * penalises once the layers are balanced. Units without a path to an output are left out: they add nothing.
 *
 * @throws RelucentError `invalid-model` for sizes that do not fit, `unsupported` for biases above the first layer
 */
export function mlpAsParallel(mlp: WrittenMlp): ParallelNetwork {
  const matrices = mlp.layers.map((_, l) => matrixOf(mlp, l));
  const last = matrices.at(-1) ?? [];
  const hidden = matrices.slice(0, -1);
  const blocks = mlp.subNetworks === 'one' ? [hidden.map((layer) => [...layer.keys()])] : blocksOf(hidden);
  const inputs = hidden[0]?.[0]?.length ?? 0;
  expectSize('network.inputs', mlp.inputs, mlp.layers[0]?.weights[0]?.length ?? 0);
  expectSize('network.outputs', mlp.outputs, last.length);
  const subNetworks = blocks.flatMap((units) =>
    last
      .map((weights, channel) => subNetworkOf(hidden, units, weights, channel))
      .filter(({ output }) => mlp.subNetworks === 'one' || output.some((weight) => weight !== 0)),
  );
  return { kind: 'relu', depth: matrices.length, inputs, outputs: last.length, subNetworks };
}

/** The sub-network of some units of every hidden layer, feeding one output. */
function subNetworkOf(
  hidden: readonly (readonly Float64Array[])[],
  units: readonly (readonly number[])[],
  output: Float64Array,
  channel: number,
): SubNetwork {
  const [first = [], ...inner] = hidden.map((layer, l) =>
    (units[l] ?? []).map((u) => {
      const weights = layer[u] ?? new Float64Array(0);
      const below = units[l - 1];
      return below === undefined ? weights : Float64Array.from(below, (j) => weights[j] ?? 0);
    }),
  );
  return { first, inner, output: Float64Array.from(units.at(-1) ?? [], (u) => output[u] ?? 0), channel };
}

/** Sets of connected hidden units, layer by layer; those that miss a layer have no path through them. */
function blocksOf(hidden: readonly (readonly Float64Array[])[]): number[][][] {
  const block = hidden.map((layer) => new Int32Array(layer.length).fill(-1));
  let count = 0;
  const spread = (start: readonly [number, number]): void => {
    const open = [start];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [l, u] = next;
      if (block[l]?.[u] !== -1) continue;
      block[l][u] = count;
      if (l > 0) hidden[l]?.[u]?.forEach((weight, j) => weight !== 0 && open.push([l - 1, j]));
      hidden[l + 1]?.forEach((weights, above) => weights[u] !== 0 && open.push([l + 1, above]));
    }
    count++;
  };
  hidden[0]?.forEach((_, u) => {
    if (block[0]?.[u] === -1) spread([0, u]);
  });
  return Array.from({ length: count }, (_, k) =>
    block.map((layer) => [...layer.keys()].filter((u) => layer[u] === k)),
  ).filter((units) => units.every((layer) => layer.length > 0));
}

/** Weights of a layer with its bias as the last column. */
function matrixOf({ layers }: WrittenMlp, l: number): Float64Array[] {
  const { weights = [], bias, inputs, outputs } = layers[l] ?? {};
  const where = `network.layers.${l}`;
  const before = l === 0 ? (weights[0]?.length ?? 0) : (layers[l - 1]?.weights.length ?? 0);
  weights.forEach((row, u) => {
    expectSize(`${where}.weights.${u}`, row.length, before, 'numbers, one for each unit of the layer below');
  });
  expectSize(`${where}.inputs`, inputs, before);
  expectSize(`${where}.outputs`, outputs, weights.length);
  expectSize(`${where}.bias`, bias?.length, weights.length);
  if (l > 0 && bias?.some((value) => value !== 0) === true) {
    throw new RelucentError(
      'unsupported',
      `${where}.bias`,
      'expected no bias above the first layer, got one: the networks of objective (1) have a bias as a column of ones in ' +
        'the data only; train with bias=False in these layers (and scale the target for the output layer)',
    );
  }
  const extra = l === 0 ? bias : undefined;
  return weights.map((row, u) => Float64Array.from(extra ? [...row, extra[u] ?? 0] : row));
}

function expectSize(where: string, found: number | undefined, expected: number, what = ''): void {
  if (found === undefined || found === expected) return;
  throw new RelucentError(
    'invalid-model',
    where,
    `expected ${expected}${what === '' ? '' : ` ${what}`}, got ${found}; make the sizes fit together`,
  );
}
