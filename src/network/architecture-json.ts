import { z } from 'zod';
import { quoteValue, RelucentError } from '../error.js';
import type { LinearLayer, Mlp } from './mlp.js';
import { networkSchema, plainNetwork, sizeMismatch, typedNetwork } from './network-json.js';
import type { ParallelNetwork } from './network.js';
import type { ResNet } from './resnet.js';

/** Version of the plain-data forms below. */
const FORMAT_VERSION = 1;

const size = z.int().min(0);
const head = { format: z.literal('relucent-network'), version: z.literal(FORMAT_VERSION) };
const layerSchema = z.strictObject({
  inputs: size,
  outputs: size,
  /** One row of `inputs` numbers for each output. */
  weights: z.array(z.array(z.number())),
});
const parallelSchema = z.strictObject({
  ...head,
  architecture: z.literal('parallel'),
  network: networkSchema,
});
const mlpSchema = z.strictObject({
  ...head,
  architecture: z.literal('mlp'),
  inputs: size,
  outputs: size,
  layers: z.array(layerSchema).min(1),
});
const resNetSchema = z.strictObject({
  ...head,
  architecture: z.literal('resnet'),
  inputs: size,
  outputs: size,
  width: size,
  blocks: z.array(z.strictObject({ read: layerSchema, write: layerSchema })),
  readout: layerSchema,
});

/** The forms a network is exported in, as plain data for JSON.stringify: docs/guide/architectures.md. */
export type ParallelJson = z.infer<typeof parallelSchema>;
export type MlpJson = z.infer<typeof mlpSchema>;
export type ResNetJson = z.infer<typeof resNetSchema>;

const written = { format: 'relucent-network', version: FORMAT_VERSION } as const;

/** A parallel network as plain data. */
export function parallelToJson(network: ParallelNetwork): ParallelJson {
  return { ...written, architecture: 'parallel', network: plainNetwork(network) };
}

/** An MLP as plain data. */
export function mlpToJson({ inputs, outputs, layers }: Mlp): MlpJson {
  return { ...written, architecture: 'mlp', inputs, outputs, layers: layers.map(plainLayer) };
}

/** A residual network as plain data. */
export function resNetToJson({ inputs, outputs, width, blocks, readout }: ResNet): ResNetJson {
  return {
    ...written,
    architecture: 'resnet',
    inputs,
    outputs,
    width,
    blocks: blocks.map(({ read, write }) => ({ read: plainLayer(read), write: plainLayer(write) })),
    readout: plainLayer(readout),
  };
}

/**
 * The network that {@link parallelToJson} wrote.
 * @throws RelucentError `invalid-model` naming the field, as for {@link mlpFromJson} and {@link resNetFromJson}
 */
export function parallelFromJson(json: unknown): ParallelNetwork {
  const { network } = checked(parallelSchema, json);
  const wrong = sizeMismatch(network);
  if (wrong) expectSize(`network.${wrong.where}`, wrong.found, wrong.expected);
  return typedNetwork(network);
}

/** The MLP that {@link mlpToJson} wrote. */
export function mlpFromJson(json: unknown): Mlp {
  const { inputs, outputs, layers } = checked(mlpSchema, json);
  const last = layers.reduce((before, layer, l) => {
    expectSize(`layers.${l}.inputs`, layer.inputs, before);
    return layer.outputs;
  }, inputs);
  expectSize('outputs', outputs, last);
  return { inputs, outputs, layers: layers.map((layer, l) => typedLayer(layer, `layers.${l}`)) };
}

/** The residual network that {@link resNetToJson} wrote. */
export function resNetFromJson(json: unknown): ResNet {
  const { inputs, outputs, width, blocks, readout } = checked(resNetSchema, json);
  expectSize('width', width, Math.max(width, inputs));
  blocks.forEach(({ read, write }, b) => {
    expectSize(`blocks.${b}.read.inputs`, read.inputs, width);
    expectSize(`blocks.${b}.write.inputs`, write.inputs, read.outputs);
    expectSize(`blocks.${b}.write.outputs`, write.outputs, width);
  });
  expectSize('readout.inputs', readout.inputs, width);
  expectSize('readout.outputs', readout.outputs, outputs);
  return {
    inputs,
    outputs,
    width,
    blocks: blocks.map(({ read, write }, b) => ({
      read: typedLayer(read, `blocks.${b}.read`),
      write: typedLayer(write, `blocks.${b}.write`),
    })),
    readout: typedLayer(readout, 'readout'),
  };
}

function plainLayer({ inputs, outputs, weights }: LinearLayer): z.infer<typeof layerSchema> {
  const row = (u: number): number[] => [...weights.subarray(u * inputs, (u + 1) * inputs)];
  return { inputs, outputs, weights: Array.from({ length: outputs }, (_, u) => row(u)) };
}

function typedLayer({ inputs, outputs, weights }: z.infer<typeof layerSchema>, where: string): LinearLayer {
  expectSize(`${where}.weights`, weights.length, outputs);
  weights.forEach((row, u) => {
    expectSize(`${where}.weights.${u}`, row.length, inputs);
  });
  return { inputs, outputs, weights: Float64Array.from(weights.flat()) };
}

function checked<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw invalid(
    where === '' ? 'network' : where,
    `expected a field as relucent writes it, got one that is not (${issue?.message ?? 'not valid'}); export the network again`,
  );
}

function expectSize(where: string, found: number, expected: number): void {
  if (found === expected) return;
  throw invalid(where, `expected ${expected}, got ${quoteValue(found)}; export the network again`);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
