import type { HiddenLayers, ParallelNetwork, SubNetwork } from '../network/network.js';
import type { PlainNetwork } from '../network/network-json.js';

/** A tensor of float64, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Weights of K sub-networks of one shape, stacked. m₁, m₂, … are the units of their hidden layers, d their inputs. */
export interface StackedLayers {
  /** K × m₁ × d. */
  readonly first: Tensor;
  /** K × m_{l+1} × m_l for each further hidden layer. */
  readonly inner: readonly Tensor[];
}

/** Sub-networks of one shape. A network that comes from the convex program is one batch, or none when it is zero. */
export interface WeightBatch extends StackedLayers {
  /** Positions of the sub-networks in their network, ascending. */
  readonly members: readonly number[];
  /** [m₁, m₂, …]. */
  readonly widths: readonly number[];
  /** K × units of the last hidden layer. */
  readonly output: Tensor;
  readonly gates: StackedLayers | null;
}

type PlainSubNetwork = PlainNetwork['subNetworks'][number] | SubNetwork;
type PlainLayers = Pick<PlainSubNetwork, 'first' | 'inner'> | HiddenLayers;

/** Units of the hidden layers of a sub-network. */
function widthsOf({ first, inner }: PlainLayers): readonly number[] {
  return [first.length, ...inner.map((layer) => layer.length)];
}

/** The weights of a network, its sub-networks stacked by shape in the order of their first member. O(weights). */
export function weightBatches(network: PlainNetwork | ParallelNetwork): readonly WeightBatch[] {
  const { subNetworks, inputs } = network;
  const byShape = new Map<string, number[]>();
  subNetworks.forEach((subNetwork, s) => {
    const key = widthsOf(subNetwork).join(',');
    const members = byShape.get(key);
    if (members) members.push(s);
    else byShape.set(key, [s]);
  });
  return [...byShape.values()].map((members) => {
    const batch = members.flatMap((s) => subNetworks[s] ?? []);
    const widths = batch[0] ? widthsOf(batch[0]) : [];
    const gates = batch.flatMap((subNetwork) => subNetwork.gates ?? []);
    return {
      members,
      widths,
      ...stacked(batch, widths, inputs),
      output: tensor([batch.length, widths.at(-1) ?? 0], (put) => {
        for (const { output } of batch) put(output);
      }),
      gates: gates.length > 0 ? stacked(gates, widths, inputs) : null,
    };
  });
}

function stacked(batch: readonly PlainLayers[], widths: readonly number[], inputs: number): StackedLayers {
  const count = batch.length;
  return {
    first: tensor([count, widths[0] ?? 0, inputs], (put) => {
      for (const { first } of batch) first.forEach(put);
    }),
    inner: widths.slice(1).map((width, l) =>
      tensor([count, width, widths[l] ?? 0], (put) => {
        for (const { inner } of batch) inner[l]?.forEach(put);
      }),
    ),
  };
}

/** A tensor filled front to back. */
function tensor(shape: readonly number[], fill: (put: (part: ArrayLike<number>) => void) => void): Tensor {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1));
  let at = 0;
  fill((part) => {
    values.set(part, at);
    at += part.length;
  });
  return { shape, values };
}
