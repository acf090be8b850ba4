import { z } from 'zod';
import { quoteValue, RelucentError } from '../error.js';
import { networkSchema, typedNetwork } from '../network/network-json.js';
import type { ParallelNetwork } from '../network/network.js';
import { numberFields } from '../problem/number-fields.js';
import { lossNames } from '../problem/problem-input.js';
import { mlpAsParallel } from './mlp-as-parallel.js';

/** Version of the network file below. */
const NETWORK_FILE_VERSION = 1;

const finite = z.number('a finite number');
const vector = z.array(finite, 'an array of numbers');
const scales = z.array(z.number('a number > 0').positive('a number > 0'), 'an array of numbers > 0');
const size = z.int('a whole number ≥ 1').min(1, 'a whole number ≥ 1');
const names = z
  .array(z.string('a column name'), 'an array of column names')
  .min(1, 'at least one column name');
/** The head that `relucent export` writes; it may be left out. */
const head = { format: z.literal('relucent-network').optional(), version: z.literal(1).optional() };

const mlpSchema = z.strictObject({
  ...head,
  architecture: z.literal('mlp'),
  inputs: size.optional(),
  outputs: size.optional(),
  /** What the path norms are summed over: the whole MLP as one sub-network, or each block of units that see one another. */
  subNetworks: z.enum(['one', 'blocks'], '"one" or "blocks"').default('one'),
  layers: z
    .array(
      z.strictObject({
        inputs: size.optional(),
        outputs: size.optional(),
        /** One row of weights for each output, as PyTorch keeps them. */
        weights: z.array(vector, 'rows of numbers').min(1, 'at least one row'),
        /** Only in the first layer, where it is the weight of the column of ones. */
        bias: vector.optional(),
      }),
      'an array of layers',
    )
    .min(2, 'at least two layers, the hidden ones and the output layer'),
});

const parallelSchema = z.strictObject({
  ...head,
  architecture: z.literal('parallel'),
  network: networkSchema,
});

/**
 * A network from elsewhere with all that its objective needs: docs/guide/certify.md. The messages say what was expected;
 * {@link readNetworkFile} adds the field and the value found.
 */
export const networkFileSchema = z.strictObject({
  format: z.literal('relucent-certify', '"relucent-certify"'),
  version: z.literal(NETWORK_FILE_VERSION, String(NETWORK_FILE_VERSION)),
  loss: z.enum(lossNames, `one of ${lossNames.map((name) => `"${name}"`).join(', ')}`),
  huberDelta: numberFields.huberDelta.optional(),
  epsilon: numberFields.epsilon.optional(),
  beta: numberFields.beta.optional(),
  target: z.string('the name of a column').min(1, 'the name of a column').optional(),
  /** Columns the network reads, in its order; default: all but the target, in the order of the table. */
  inputs: names.optional(),
  /** Whether a column of ones is appended to them; default: whether the first layer has a `bias`. */
  bias: z.boolean('true or false').optional(),
  /** The network reads (x − mean)/scale. */
  input: z.strictObject({ mean: vector, scale: scales }).optional(),
  /** The network returns (y − mean)/scale; the loss is that of the scaled target. */
  output: z
    .strictObject({ mean: finite, scale: z.number('a number > 0').positive('a number > 0') })
    .optional(),
  /** For −1 and +1, or, with softmax, of each output; default: those of the table, sorted. */
  classes: z
    .array(z.union([z.string(), finite], 'class names or numbers'), 'an array of classes')
    .min(2, 'at least two classes')
    .optional(),
  /** Widths of the family, as in a problem; default: those of the network. */
  widths: z.array(numberFields.units, 'an array of whole numbers').optional(),
  network: z.discriminatedUnion(
    'architecture',
    [mlpSchema, parallelSchema],
    'a network with "architecture": "mlp" or "parallel"',
  ),
});

/** A network file as it was written. */
export type NetworkFile = z.infer<typeof networkFileSchema>;

/** A network file that was read. */
export interface ReadNetworkFile {
  readonly file: NetworkFile;
  readonly network: ParallelNetwork;
  /** Whether the last input of the network is the column of ones. */
  readonly bias: boolean;
}

/**
 * The network in parsed JSON.
 * @throws RelucentError `invalid-model` naming the field, what was expected and what was found; `unsupported` for a ResNet
 * and for biases above the first layer
 */
export function readNetworkFile(json: unknown): ReadNetworkFile {
  refuseResNet(json);
  const parsed = networkFileSchema.safeParse(json);
  if (!parsed.success) throw issueError(parsed.error.issues[0], json);
  const file = parsed.data;
  const { network } = file;
  if (network.architecture === 'parallel') {
    return { file, network: typedNetwork(network.network), bias: file.bias ?? false };
  }
  const first = network.layers[0];
  const hasBias = first?.bias !== undefined;
  if (hasBias && file.bias === false) {
    throw invalid('bias', 'expected true with a bias in the first layer, got false; leave the field out');
  }
  return { file, network: mlpAsParallel(network), bias: file.bias ?? hasBias };
}

function refuseResNet(json: unknown): void {
  const network = (json as { readonly network?: { readonly architecture?: unknown } } | null)?.network;
  if (network?.architecture !== 'resnet') return;
  throw new RelucentError(
    'unsupported',
    'network.architecture',
    'expected "mlp" or "parallel", got "resnet", whose paths have different numbers of layers; write it as a parallel ' +
      'network (relucent export --as parallel)',
  );
}

function issueError(issue: z.core.$ZodIssue | undefined, json: unknown): RelucentError {
  if (!issue) return invalid('network file', 'expected another form, got this one');
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const where = [...path, (issue.keys[0] ?? '').replace(/\s+/g, ' ')].join('.');
    return invalid(
      where,
      'expected a field of docs/guide/certify.md, got an unknown one; check the spelling',
    );
  }
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    json,
  );
  const expected = issue.message
    .replace(/^(?:Invalid input|Too small|Too big): expected /, '')
    .replace(/, received .*$/s, '');
  const got = typeof found === 'object' && found !== null ? describe(found) : quoteValue(found);
  const fix = 'see docs/guide/certify.md for the fields';
  return invalid(
    path.length === 0 ? 'network file' : path.join('.'),
    `expected ${expected}, got ${got}; ${fix}`,
  );
}

function describe(found: object): string {
  if (Array.isArray(found)) return `an array of ${found.length}`;
  const keys = Object.keys(found).slice(0, 6);
  return `an object with ${keys.length === 0 ? 'no fields' : keys.join(', ')}`;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
