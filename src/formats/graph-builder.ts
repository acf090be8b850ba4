import type { Attributes, Graph, Initializer, Node, Port } from './onnx-proto.js';

/** Collects a graph; its own names never meet those of columns. */
export class GraphBuilder {
  readonly #prefix: string;
  readonly #taken: ReadonlySet<string>;
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];

  constructor(columns: readonly string[]) {
    this.#taken = new Set(columns);
    let prefix = 'relucent/';
    while (columns.some((name) => name.startsWith(prefix))) prefix += '/';
    this.#prefix = prefix;
  }

  /** An input of the graph, rows × columns. */
  input(name: string, type: Port['type'], columns: number): string {
    this.#inputs.push({ name, type, shape: [null, columns] });
    return name;
  }

  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = `${this.#prefix}${this.#nodes.length}/${op}`;
    this.#nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** An output of the graph; a column of the same name pushes it aside: `label` becomes `label_`. */
  output(op: string, inputs: readonly string[], port: Port, attributes: Attributes = {}): void {
    let { name } = port;
    while (this.#taken.has(name)) name += '_';
    this.#nodes.push({ op, inputs, output: name, attributes });
    this.#outputs.push({ ...port, name });
  }

  /** Side by side along the columns. */
  concat(parts: readonly string[]): string {
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : this.node('Concat', parts, { axis: 1 });
  }

  doubles(name: string, shape: readonly number[], values: Iterable<number>): string {
    return this.#constant(name, { type: 'double', shape, values: Float64Array.from(values) });
  }

  zeros(name: string, shape: readonly number[]): string {
    return this.doubles(name, shape, new Float64Array(shape.reduce((product, size) => product * size, 1)));
  }

  integers(name: string, values: readonly number[]): string {
    return this.#constant(name, { type: 'int64', shape: [values.length], values });
  }

  strings(name: string, shape: readonly number[], values: readonly string[]): string {
    return this.#constant(name, { type: 'string', shape, values });
  }

  graph(name: string): Graph {
    return {
      name,
      nodes: this.#nodes,
      initializers: [...this.#initializers].map(([key, value]) => ({ name: key, value })),
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** Constants of one name are one and the same. */
  #constant(name: string, value: Initializer): string {
    const key = this.#prefix + name;
    if (!this.#initializers.has(key)) this.#initializers.set(key, value);
    return key;
  }
}
