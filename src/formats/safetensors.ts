import { z } from 'zod';
import { quoteValue, RelucentError } from '../error.js';
import { parseModelText } from './model-text.js';
import type { Tensor } from './weight-batches.js';

// The format of github.com/huggingface/safetensors: 8 bytes with the length of the header, the header in JSON, the data.

/** Longest header that readers of the format accept. */
const MAX_HEADER_BYTES = 100e6;
/** Bytes before the header, and the multiple that header and data begin at. */
const WORD = 8;

const size = z.int().min(0);
const headerSchema = z.record(
  z.string(),
  z.union([
    z.strictObject({
      dtype: z.literal('F64', 'float64 (F64)'),
      shape: z.array(size).max(8),
      data_offsets: z.tuple([size, size]),
    }),
    // `__metadata__`: texts by name.
    z.record(z.string(), z.string()),
  ]),
);

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A safetensors file of float64 tensors. The data begin at a multiple of 8 bytes. O(size). */
export function encodeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, { shape, values }]) => {
    const begin = end;
    end += 8 * values.length;
    return [name, { dtype: 'F64', shape, data_offsets: [begin, end] }] as const;
  });
  const header = JSON.stringify({
    __metadata__: Object.fromEntries(metadata),
    ...Object.fromEntries(entries),
  });
  const headerBytes = new TextEncoder().encode(header);
  const padded = Math.ceil(headerBytes.length / WORD) * WORD;
  const bytes = new Uint8Array(WORD + padded + end).fill(0x20, WORD, WORD + padded);
  bytes.set(headerBytes, WORD);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  let at = WORD + padded;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return bytes;
}

/** Whether bytes begin like a safetensors file: a header length that fits, then `{`. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length <= WORD || bytes[WORD] !== 0x7b) return false;
  return headerLength(bytes) <= BigInt(bytes.length - WORD);
}

/**
 * The tensors and the metadata of a safetensors file of float64 tensors. Sizes are checked against the file before
 * anything of them is allocated.
 * @throws RelucentError `invalid-model`
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  if (!looksLikeSafetensors(bytes)) {
    throw invalid('header', 'expected a safetensors file, got bytes that do not begin like one or break off');
  }
  const length = Number(headerLength(bytes));
  if (length > MAX_HEADER_BYTES) throw invalid('header', `expected at most 100 MB, got ${length} bytes`);
  const data = bytes.subarray(WORD + length);
  const tensors = new Map<string, Tensor>();
  let end = 0;
  const { texts, entries } = headerOf(bytes.subarray(WORD, WORD + length));
  for (const [name, { shape, data_offsets: offsets }] of entries) {
    const [from, to] = offsets;
    const values = shape.reduce((product, count) => product * count, 1);
    // Back to back and to the end of the file: no hole, no overlap.
    if (from !== end || to !== from + 8 * values || to > data.length) {
      throw invalid(
        quoteValue(name),
        `expected data at ${end} for the shape [${shape.join(', ')}] within ${data.length} bytes, got ${from} to ${to}`,
      );
    }
    end = to;
    tensors.set(name, { shape, values: float64(data.subarray(from, to)) });
  }
  if (end !== data.length) throw invalid('data', `expected ${end} bytes, got ${data.length}`);
  return { tensors, metadata: texts };
}

type Header = z.infer<typeof headerSchema>;
type TensorEntry = Exclude<Header[string], Record<string, string>>;

/** The header, its tensors in the order of their data. */
function headerOf(bytes: Uint8Array): {
  readonly texts: ReadonlyMap<string, string>;
  readonly entries: readonly (readonly [name: string, entry: TensorEntry])[];
} {
  let json: unknown;
  try {
    json = parseModelText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof RelucentError) throw error;
    throw invalid('header', 'expected JSON in UTF-8, got text that is none');
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw invalid(quoteValue(where), 'expected a float64 tensor (dtype, shape, data_offsets), got none');
  }
  const texts = new Map<string, string>();
  const entries: [string, TensorEntry][] = [];
  for (const [name, entry] of Object.entries(parsed.data)) {
    if (isTensorEntry(entry)) entries.push([name, entry]);
    else if (name === '__metadata__') for (const [key, text] of Object.entries(entry)) texts.set(key, text);
    else throw invalid(quoteValue(name), 'expected dtype, shape and data_offsets, got none');
  }
  const begin = ([, { data_offsets: offsets }]: [string, TensorEntry]): readonly [number, number] => offsets;
  entries.sort((a, b) => begin(a)[0] - begin(b)[0] || begin(a)[1] - begin(b)[1]);
  return { texts, entries };
}

function isTensorEntry(entry: Header[string]): entry is TensorEntry {
  return Array.isArray(entry['shape']);
}

function float64(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

function headerLength(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, `${message}; the file is damaged or not from relucent`);
}
