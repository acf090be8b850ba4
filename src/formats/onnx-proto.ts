import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Tensor } from './weight-batches.js';

// The messages of ONNX that a model here needs, by the field numbers of onnx.proto (github.com/onnx/onnx, Apache-2.0).

/** Values of TensorProto.DataType. */
export const ElementType = { int64: 7, string: 8, double: 11 } as const;

export type ElementTypeCode = (typeof ElementType)[keyof typeof ElementType];

/** A constant of the graph. */
export type Initializer =
  | (Tensor & { readonly type: 'double' })
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly values: readonly number[] }
  | { readonly type: 'string'; readonly shape: readonly number[]; readonly values: readonly string[] };

/** Attributes of a node: whole numbers and lists of them are all that is used. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** An input or output of the graph; a size of null is the number of rows. */
export interface Port {
  readonly name: string;
  readonly type: ElementTypeCode;
  readonly shape: readonly (number | null)[];
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly { readonly name: string; readonly value: Initializer }[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Name of the dimension that runs over the rows. */
const ROWS = 'rows';

/** Field numbers of ModelProto, for the reader too. */
export const ModelField = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  docString: 6,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
} as const;

/** What a model file holds around its graph. */
export interface ModelHeader {
  readonly irVersion: number;
  readonly opset: number;
  readonly producerVersion: string;
  readonly docString: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A GraphProto. */
export function graphBytes(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  for (const node of graph.nodes)
    message(writer, 1, (inner) => {
      writeNode(inner, node);
    });
  string(writer, 2, graph.name);
  for (const { name, value } of graph.initializers) {
    message(writer, 5, (inner) => {
      writeTensor(inner, name, value);
    });
  }
  for (const port of graph.inputs)
    message(writer, 11, (inner) => {
      writePort(inner, port);
    });
  for (const port of graph.outputs)
    message(writer, 12, (inner) => {
      writePort(inner, port);
    });
  return writer.finish();
}

/** A ModelProto around the bytes of a graph. */
export function modelBytes(header: ModelHeader, graph: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, ModelField.irVersion, header.irVersion);
  string(writer, ModelField.producerName, 'relucent');
  string(writer, ModelField.producerVersion, header.producerVersion);
  string(writer, ModelField.docString, header.docString);
  writer.tag(ModelField.graph, WireType.LengthDelimited).bytes(graph);
  // The empty domain, left out, is the standard one.
  message(writer, ModelField.opsetImport, (inner) => {
    integer(inner, 2, header.opset);
  });
  for (const [key, value] of header.metadata) {
    message(writer, ModelField.metadata, (inner) => {
      string(inner, 1, key);
      string(inner, 2, value);
    });
  }
  return writer.finish();
}

function writeNode(writer: BinaryWriter, { op, inputs, output, attributes }: Node): void {
  for (const input of inputs) string(writer, 1, input);
  string(writer, 2, output);
  string(writer, 3, output);
  string(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, (inner) => {
      string(inner, 1, name);
      if (typeof value === 'number') {
        integer(inner, 3, value);
        integer(inner, 20, 2); // AttributeType.INT
      } else {
        for (const entry of value) integer(inner, 8, entry);
        integer(inner, 20, 7); // AttributeType.INTS
      }
    });
  }
}

function writeTensor(writer: BinaryWriter, name: string, tensor: Initializer): void {
  for (const size of tensor.shape) integer(writer, 1, size);
  integer(writer, 2, ElementType[tensor.type]);
  if (tensor.type === 'string') for (const text of tensor.values) string(writer, 6, text);
  string(writer, 8, name);
  if (tensor.type !== 'string') writer.tag(9, WireType.LengthDelimited).bytes(littleEndian(tensor));
}

function littleEndian(tensor: Exclude<Initializer, { type: 'string' }>): Uint8Array {
  const bytes = new Uint8Array(8 * tensor.values.length);
  const view = new DataView(bytes.buffer);
  tensor.values.forEach((value: number, i: number) => {
    if (tensor.type === 'double') view.setFloat64(8 * i, value, true);
    else view.setBigInt64(8 * i, BigInt(value), true);
  });
  return bytes;
}

function writePort(writer: BinaryWriter, { name, type, shape }: Port): void {
  string(writer, 1, name);
  message(writer, 2, (typeProto) => {
    message(typeProto, 1, (tensorType) => {
      integer(tensorType, 1, type);
      message(tensorType, 2, (shapeProto) => {
        for (const size of shape) {
          message(shapeProto, 1, (dimension) => {
            if (size === null) string(dimension, 2, ROWS);
            else integer(dimension, 1, size);
          });
        }
      });
    });
  });
}

function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function string(writer: BinaryWriter, field: number, text: string): void {
  writer.tag(field, WireType.LengthDelimited).string(text);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
