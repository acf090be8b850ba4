import { z } from 'zod';
import { quoteValue, RelucentError } from '../error.js';
import type { ModelJson } from '../estimator/model-json.js';
import { certificateSummary, outputMapping } from './exportable.js';
import { parseModelText } from './model-text.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { weightBatches, type StackedLayers, type Tensor } from './weight-batches.js';

const MODEL_KEY = 'relucent.model';

/**
 * A model as a safetensors file. Tensors, float64: for output k and batch b of sub-networks of one shape
 * `outputs.k.batches.b.first` (K × m₁ × d), `….inner.l` (K × m_{l+2} × m_{l+1}), `….output` (K × m_{L−1}), and for gated
 * networks `….gates.first`, `….gates.inner.l`. The metadata hold the certificate, and the model with each sub-network
 * replaced by its batch, so that {@link readModelSafetensors} puts it together again.
 *
 * @throws RelucentError `unsupported` for a model with parts that have no place in it
 */
export function writeModelSafetensors(model: ModelJson): Uint8Array {
  outputMapping(model); // refuses what these tensors would not say
  const tensors = new Map<string, Tensor>();
  const outputs = model.outputs.map((output, k) => {
    const { network } = output;
    const subNetworks = network.subNetworks.map(({ channel }) => ({ batch: 0, channel }));
    weightBatches(network).forEach((batch, b) => {
      const name = batchName(k, b);
      addLayers(tensors, name, batch);
      tensors.set(`${name}.output`, batch.output);
      if (batch.gates) addLayers(tensors, `${name}.gates`, batch.gates);
      for (const s of batch.members) {
        const member = subNetworks[s];
        if (member) member.batch = b;
      }
    });
    return { ...output, network: { ...network, subNetworks } };
  });
  const certificate = certificateSummary(model);
  const metadata = new Map([
    ['format', 'relucent-safetensors'] as const,
    ...Object.entries(certificate).map(
      ([name, value]) => [`relucent.certificate.${name}`, String(value)] as const,
    ),
    [MODEL_KEY, JSON.stringify({ ...model, outputs })] as const,
  ]);
  return encodeSafetensors({ tensors, metadata });
}

const modelSchema = z.looseObject({
  outputs: z.array(
    z.looseObject({
      network: z.looseObject({
        kind: z.enum(['relu', 'gated']),
        depth: z.int().min(2).max(64),
        subNetworks: z.array(z.strictObject({ batch: z.int().min(0), channel: z.int().min(0) })),
      }),
    }),
  ),
});

/**
 * The model of a safetensors file that {@link writeModelSafetensors} wrote, as the JSON of model.json, not yet checked: its
 * checksum covers the weights too.
 * @throws RelucentError `invalid-model`
 */
export function readModelSafetensors(bytes: Uint8Array): unknown {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const text = metadata.get(MODEL_KEY);
  if (text === undefined) {
    throw invalid(
      MODEL_KEY,
      'expected a model in the metadata, got none; only safetensors files that relucent wrote can be read back',
    );
  }
  const model = modelOf(text);
  const left = new Set(tensors.keys());
  const outputs = model.outputs.map((output, k) => {
    const taken = new Map<number, number>();
    const subNetworks = output.network.subNetworks.map(({ batch, channel }) => {
      const position = taken.get(batch) ?? 0;
      taken.set(batch, position + 1);
      const take = (part: string): unknown => {
        const name = `${batchName(k, batch)}.${part}`;
        left.delete(name);
        const tensor = tensors.get(name);
        if (!tensor) throw invalid(name, 'expected a tensor of that name, got none; the file is damaged');
        return nested(tensor, position, name);
      };
      const layers = (prefix: string): object => ({
        first: take(`${prefix}first`),
        inner: Array.from({ length: output.network.depth - 2 }, (_, l) => take(`${prefix}inner.${l}`)),
      });
      return {
        ...layers(''),
        output: take('output'),
        channel,
        ...(output.network.kind === 'gated' ? { gates: layers('gates.') } : {}),
      };
    });
    for (const [batch, count] of taken) {
      const held = tensors.get(`${batchName(k, batch)}.output`)?.shape[0];
      if (held !== count)
        throw invalid(batchName(k, batch), `expected ${count} sub-networks, got ${held ?? 0}`);
    }
    return { ...output, network: { ...output.network, subNetworks } };
  });
  const [unused] = left;
  if (unused !== undefined)
    throw invalid(quoteValue(unused), 'expected a tensor of the model, got one it does not have');
  return { ...model, outputs };
}

function batchName(output: number, batch: number): string {
  return `outputs.${output}.batches.${batch}`;
}

function addLayers(tensors: Map<string, Tensor>, name: string, { first, inner }: StackedLayers): void {
  tensors.set(`${name}.first`, first);
  inner.forEach((tensor, l) => tensors.set(`${name}.inner.${l}`, tensor));
}

function modelOf(text: string): z.infer<typeof modelSchema> {
  let json: unknown;
  try {
    json = parseModelText(text);
  } catch (error) {
    if (error instanceof RelucentError) throw error;
    throw invalid(MODEL_KEY, 'expected JSON, got text that is none');
  }
  const parsed = modelSchema.safeParse(json);
  // As it came, not as zod returns it: the checksum depends on the order of the fields.
  if (parsed.success) return json as z.infer<typeof modelSchema>;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw invalid(`${MODEL_KEY} ${where}`, 'expected a field as relucent writes it, got one that is not');
}

/** Slice `position` of a tensor along its first axis, as nested lists of numbers: of two axes or one. */
function nested({ shape, values }: Tensor, position: number, name: string): number[] | number[][] {
  const [count = 0, rows = 0, columns] = shape;
  if (position >= count || shape.length > 3) {
    throw invalid(name, `expected more than ${position} sub-networks, got the shape [${shape.join(', ')}]`);
  }
  const width = columns ?? 1;
  const at = position * rows * width;
  // A tensor of no numbers may claim any number of rows.
  if (width === 0)
    throw invalid(name, `expected at least one number per unit, got the shape [${shape.join(', ')}]`);
  if (columns === undefined) return [...values.subarray(at, at + rows)];
  return Array.from({ length: rows }, (_, u) => [...values.subarray(at + u * width, at + (u + 1) * width)]);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, `${message}; export the model again`);
}
