import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { RelucentError, quoteValue } from '../error.js';
import type { ModelJson } from '../estimator/model-json.js';
import { certificateSummary } from './exportable.js';
import { GRAPH_VERSION, modelGraph, OPSET } from './onnx-graph.js';
import { parseModelText } from './model-text.js';
import { graphBytes, modelBytes, ModelField } from './onnx-proto.js';

/** Version of the file format around graph and operators; 9 is the one that goes with opset 19. */
const IR_VERSION = 9;

const MODEL_KEY = 'relucent.model';
const GRAPH_KEY = 'relucent.graph';

/**
 * A model as an ONNX file: standard operators only, float64, preprocessing included; the metadata holds the certificate
 * and, unless `withModel` is false, the complete model, from which {@link readOnnx} reads it back. docs/guide/formats.md.
 *
 * @throws RelucentError `unsupported` for a model with parts that have no place in it
 */
export function writeOnnx(model: ModelJson, { withModel = true } = {}): Uint8Array {
  const certificate = certificateSummary(model);
  const metadata = new Map([
    ...Object.entries(certificate).map(
      ([name, value]) => [`relucent.certificate.${name}`, String(value)] as const,
    ),
    [GRAPH_KEY, String(GRAPH_VERSION)] as const,
    ...(withModel ? [[MODEL_KEY, JSON.stringify(model)] as const] : []),
  ]);
  const header = {
    irVersion: IR_VERSION,
    opset: OPSET,
    producerVersion: model.relucent,
    docString:
      `relucent ${model.kind}: objective ${certificate.objective}, dual bound ${certificate.dualBound}, ` +
      `relative gap ${certificate.relativeGap}, scope ${certificate.scope}`,
    metadata,
  };
  return modelBytes(header, graphBytes(modelGraph(model)));
}

/** What an ONNX file of ours holds. */
interface OnnxContent {
  /** The model it was made from, as parsed JSON, not yet checked. */
  readonly model: unknown;
  readonly graph: Uint8Array;
}

/**
 * The model inside an ONNX file, unchecked, and the bytes of its graph. Nothing is allocated by the sizes a file claims.
 * @throws RelucentError `invalid-model` for bytes that are no ONNX, or ONNX that relucent did not write
 */
export function readOnnx(bytes: Uint8Array): OnnxContent {
  const { graph, metadata } = topLevel(bytes);
  const text = metadata.get(MODEL_KEY);
  if (graph === undefined || text === undefined) {
    throw invalid(
      MODEL_KEY,
      'expected a model in the metadata of the ONNX file, got none; only ONNX files that relucent wrote can be read back',
    );
  }
  const version = metadata.get(GRAPH_KEY);
  if (version !== String(GRAPH_VERSION)) {
    throw invalid(
      GRAPH_KEY,
      `expected "${GRAPH_VERSION}", got ${quoteValue(version)}; the file is from another relucent, use its model.json`,
    );
  }
  try {
    return { model: parseModelText(text), graph };
  } catch (error) {
    if (error instanceof RelucentError) throw error;
    throw invalid(MODEL_KEY, 'expected JSON, got text that is none; the file is damaged, export it again');
  }
}

/**
 * Refuses a graph that is not the one its model makes: weights or operators were changed after the export.
 * @throws RelucentError `invalid-model`
 */
export function checkGraph(model: ModelJson, graph: Uint8Array): void {
  const expected = graphBytes(modelGraph(model));
  if (expected.length === graph.length && expected.every((byte, i) => byte === graph[i])) return;
  throw invalid(
    'graph',
    'expected the graph that the model in the metadata makes, got another; the file was changed after the export, ' +
      'use the model.json it came from',
  );
}

function topLevel(bytes: Uint8Array): {
  readonly graph: Uint8Array | undefined;
  readonly metadata: ReadonlyMap<string, string>;
} {
  const metadata = new Map<string, string>();
  let graph: Uint8Array | undefined;
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (field === ModelField.graph && wire === WireType.LengthDelimited) {
        if (graph !== undefined) throw new Error('two graphs');
        graph = reader.bytes();
      } else if (field === ModelField.metadata && wire === WireType.LengthDelimited) {
        const [key, value] = entry(reader.bytes());
        if (metadata.has(key)) throw new Error('a key of the metadata twice');
        metadata.set(key, value);
      } else {
        reader.skip(wire, field);
      }
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw invalid('model', `expected an ONNX file, got bytes that are none (${what}); export it again`);
  }
  return { graph, metadata };
}

function entry(bytes: Uint8Array): readonly [key: string, value: string] {
  const reader = new BinaryReader(bytes);
  let key = '';
  let value = '';
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1 && wire === WireType.LengthDelimited) key = reader.string();
    else if (field === 2 && wire === WireType.LengthDelimited) value = reader.string();
    else reader.skip(wire, field);
  }
  return [key, value];
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
