import { z } from 'zod';
import type { HiddenLayers, ParallelNetwork } from './network.js';

const vector = z.array(z.number());
const layersSchema = z.strictObject({
  first: z.array(vector).min(1),
  inner: z.array(z.array(vector).min(1)),
});

/** A parallel network as plain data, as model files hold it. */
export const networkSchema = z.strictObject({
  kind: z.enum(['relu', 'gated']),
  depth: z.int().min(2),
  inputs: z.int().min(1),
  outputs: z.int().min(1),
  subNetworks: z.array(
    z.strictObject({
      ...layersSchema.shape,
      output: vector,
      channel: z.int().min(0),
      gates: layersSchema.optional(),
    }),
  ),
});

/** What {@link plainNetwork} returns. */
export type PlainNetwork = z.infer<typeof networkSchema>;

/** A network as arrays of numbers, for JSON.stringify. */
export function plainNetwork(network: ParallelNetwork): PlainNetwork {
  const { kind, depth, inputs, outputs } = network;
  const layers = ({ first, inner }: HiddenLayers): z.infer<typeof layersSchema> => ({
    first: first.map((w) => [...w]),
    inner: inner.map((layer) => layer.map((weights) => [...weights])),
  });
  return {
    kind,
    depth,
    inputs,
    outputs,
    subNetworks: network.subNetworks.map((subNetwork) => ({
      ...layers(subNetwork),
      output: [...subNetwork.output],
      channel: subNetwork.channel,
      ...(subNetwork.gates ? { gates: layers(subNetwork.gates) } : {}),
    })),
  };
}

/** A network back from plain data whose sizes fit together: see {@link sizeMismatch}. */
export function typedNetwork(network: PlainNetwork): ParallelNetwork {
  const layers = ({ first, inner }: z.infer<typeof layersSchema>): HiddenLayers => ({
    first: first.map((w) => Float64Array.from(w)),
    inner: inner.map((layer) => layer.map((weights) => Float64Array.from(weights))),
  });
  return {
    ...network,
    subNetworks: network.subNetworks.map((subNetwork) => ({
      ...layers(subNetwork),
      output: Float64Array.from(subNetwork.output),
      channel: subNetwork.channel,
      ...(subNetwork.gates ? { gates: layers(subNetwork.gates) } : {}),
    })),
  };
}

/** A field whose length does not fit the rest of its network. */
export interface SizeMismatch {
  /** Path of the field, from the network. */
  readonly where: string;
  readonly found: number;
  readonly expected: number;
}

/** The first field of a network that does not have the length the other fields ask for, or null. */
export function sizeMismatch(network: PlainNetwork): SizeMismatch | null {
  for (const [s, subNetwork] of network.subNetworks.entries()) {
    const where = `subNetworks.${s}`;
    const { gates, first, inner, output, channel } = subNetwork;
    const units = [first, ...inner].map((layer) => layer.length);
    const checks: SizeMismatch[] = [
      { where: `${where}.inner`, found: inner.length, expected: network.depth - 2 },
      { where: `${where}.output`, found: output.length, expected: units.at(-1) ?? 0 },
      // A channel is an index: out of range is as good as a network with more outputs.
      { where: 'outputs', found: network.outputs, expected: Math.max(network.outputs, channel + 1) },
      {
        where: `${where}.gates`,
        found: Number(gates !== undefined),
        expected: Number(network.kind === 'gated'),
      },
      { where: `${where}.gates.inner`, found: (gates ?? subNetwork).inner.length, expected: inner.length },
      ...layerChecks(where, subNetwork, units, network.inputs),
      ...(gates ? layerChecks(`${where}.gates`, gates, units, network.inputs) : []),
    ];
    const wrong = checks.find(({ found, expected }) => found !== expected);
    if (wrong) return wrong;
  }
  return null;
}

function layerChecks(
  where: string,
  { first, inner }: z.infer<typeof layersSchema>,
  units: readonly number[],
  inputs: number,
): SizeMismatch[] {
  const names = ['first', ...inner.map((_, l) => `inner.${l}`)];
  return [first, ...inner].flatMap((layer, l) => {
    const name = `${where}.${names[l] ?? ''}`;
    const expected = l === 0 ? inputs : (units[l - 1] ?? 0);
    return [
      { where: name, found: layer.length, expected: units[l] ?? 0 },
      ...layer.map((weights, u) => ({ where: `${name}.${u}`, found: weights.length, expected })),
    ];
  });
}
