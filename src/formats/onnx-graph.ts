import type { ModelJson } from '../estimator/model-json.js';
import { indicatorLevels, type CategoricalColumn, type NumericColumn } from '../table/preprocessing.js';
import { textsOfLevel } from '../table/cell.js';
import { outputMapping, outputNetworks, type OutputMapping } from './exportable.js';
import { GraphBuilder } from './graph-builder.js';
import { ElementType, type Graph, type Port } from './onnx-proto.js';
import { weightBatches, type StackedLayers, type Tensor, type WeightBatch } from './weight-batches.js';

/** Version of the graph below: one model makes one graph, byte for byte, until this number changes. */
export const GRAPH_VERSION = 1;

/** Operators of the standard domain; 19 is the first in which Equal compares strings. */
export const OPSET = 19;

type Network = ModelJson['outputs'][number]['network'];

/**
 * The graph of a model: preprocessing, networks and output mapping.
 *
 * Inputs: for a model of a table one rows × 1 tensor for each column, under its name, float64 with NaN for a missing cell
 * or strings; for a model of bare numbers `X`, rows × columns, float64. Outputs: `prediction` (rows), or `label` (rows)
 * and `probabilities` (rows × classes). A row with an infinite number, or NaN where nothing is filled in, gets NaN.
 *
 * @throws RelucentError `unsupported` for a model with parts that have no place in it
 */
export function modelGraph(model: ModelJson): Graph {
  const mapping = outputMapping(model);
  const builder = new GraphBuilder((model.preprocessing?.columns ?? []).map(({ name }) => name));
  let x = model.preprocessing
    ? tableInputs(builder, model.preprocessing.columns)
    : builder.input('X', ElementType.double, model.columns);
  if (model.scaling) x = standardised(builder, x, model.scaling, 'scaling');
  // 0 for a row of finite numbers, else NaN: a ReLU may turn a NaN into 0.
  const zero = builder.node('ReduceSum', [builder.node('Sub', [x, x]), builder.integers('axis 1', [1])], {
    keepdims: 1,
  });
  // Before the networks too: onnxruntime fuses a division by one number with the product after it, in float32.
  x = builder.node('Add', [x, zero]);
  const outputs = outputNetworks(model).map((network, k) =>
    networkOutput(builder, network, { x, zero, bias: model.options.bias, name: `outputs.${k}` }),
  );
  addOutputs(builder, outputs, mapping);
  return builder.graph('relucent');
}

function tableInputs(builder: GraphBuilder, columns: readonly (NumericColumn | CategoricalColumn)[]): string {
  const blocks: string[] = [];
  for (let j = 0; j < columns.length;) {
    const column = columns[j];
    if (column?.kind === 'categorical') {
      blocks.push(categoricalInput(builder, column, `columns.${j}`));
      j++;
      continue;
    }
    // Neighbouring columns of numbers are treated at once.
    const run: NumericColumn[] = [];
    const start = j;
    for (let next = columns[j]; next?.kind === 'numeric'; next = columns[++j]) run.push(next);
    blocks.push(numericInputs(builder, run, `columns.${start}`));
  }
  return builder.concat(blocks);
}

function numericInputs(builder: GraphBuilder, run: readonly NumericColumn[], name: string): string {
  const raw = builder.concat(run.map((column) => builder.input(column.name, ElementType.double, 1)));
  const medians = builder.doubles(
    `${name}.median`,
    [1, run.length],
    run.map(({ median }) => median),
  );
  const filled = builder.node('Where', [builder.node('IsNaN', [raw]), medians, raw]);
  const mean = run.map((column) => column.mean);
  return standardised(builder, filled, { mean, scale: run.map(({ scale }) => scale) }, name);
}

/** Rows of the indicator block, picked by comparing with every text of every known level: no match leaves zeros. */
function categoricalInput(builder: GraphBuilder, column: CategoricalColumn, name: string): string {
  const { levels, means, scales } = column;
  const indicators = indicatorLevels(levels);
  const texts = levels.flatMap((level) => textsOfLevel(level).map((text) => ({ level, text })));
  const encodings = texts.flatMap(({ level }) =>
    indicators.map((other, k) => (Number(level === other) - (means[k] ?? 0)) / (scales[k] ?? 1)),
  );
  const cells = builder.input(column.name, ElementType.string, 1);
  const known = builder.strings(
    `${name}.levels`,
    [1, texts.length],
    texts.map(({ text }) => text),
  );
  const isLevel = builder.node('Cast', [builder.node('Equal', [cells, known])], { to: ElementType.double });
  return builder.node('MatMul', [
    isLevel,
    builder.doubles(`${name}.encodings`, [texts.length, indicators.length], encodings),
  ]);
}

function standardised(
  builder: GraphBuilder,
  x: string,
  { mean, scale }: { readonly mean: readonly number[]; readonly scale: readonly number[] },
  name: string,
): string {
  const centred = builder.node('Sub', [x, builder.doubles(`${name}.mean`, [1, mean.length], mean)]);
  return builder.node('Div', [centred, builder.doubles(`${name}.scale`, [1, scale.length], scale)]);
}

interface NetworkContext {
  /** rows × columns, standardised, without the bias. */
  readonly x: string;
  /** rows × 1. */
  readonly zero: string;
  readonly bias: boolean;
  /** Prefix of the initializers. */
  readonly name: string;
}

/** rows × 1. */
function networkOutput(builder: GraphBuilder, network: Network, context: NetworkContext): string {
  return weightBatches(network).reduce((sum, batch, b) => {
    const name = `${context.name}.batches.${b}`;
    return builder.node('Add', [sum, batchOutput(builder, batch, { ...context, name })]);
  }, context.zero);
}

function batchOutput(builder: GraphBuilder, batch: WeightBatch, context: NetworkContext): string {
  const { gates, inner, output } = batch;
  const { name } = context;
  let values = firstLayer(builder, batch, context);
  // A ReLU unit is its own gate.
  let gating = gates ? firstLayer(builder, gates, { ...context, name: `${name}.gates` }) : values;
  const passed = (of: string, gate: string): string => {
    if (of === gate) return builder.node('Relu', [of]);
    const zero = builder.zeros('zero', []);
    return builder.node('Where', [builder.node('GreaterOrEqual', [gate, zero]), of, zero]);
  };
  const [count = 0, width = 0] = batch.first.shape;
  if (inner.length === 0) {
    const weights = builder.doubles(`${name}.output`, [count * width, 1], output.values);
    return builder.node('MatMul', [passed(values, gating), weights]);
  }
  // From rows × (sub-networks · units) to sub-networks × rows × units.
  const split = (of: string): string =>
    builder.node(
      'Transpose',
      [builder.node('Reshape', [of, builder.integers(`${name}.split`, [0, count, width])])],
      {
        perm: [1, 0, 2],
      },
    );
  const own = values === gating;
  values = split(values);
  gating = own ? values : split(gating);
  inner.forEach((layer, l) => {
    const next = innerLayer(builder, passed(values, gating), layer, `${name}.inner.${l}`);
    const gateLayer = gates?.inner[l];
    gating = gateLayer
      ? innerLayer(builder, passed(gating, gating), gateLayer, `${name}.gates.inner.${l}`)
      : next;
    values = next;
  });
  const weights = builder.doubles(`${name}.output`, [count, output.shape[1] ?? 0, 1], output.values);
  const each = builder.node('MatMul', [passed(values, gating), weights]);
  return builder.node('ReduceSum', [each, builder.integers('axis 0', [0])], { keepdims: 0 });
}

/** rows × (sub-networks · units). */
function firstLayer(
  builder: GraphBuilder,
  { first }: StackedLayers,
  { x, bias, name }: NetworkContext,
): string {
  const [count = 0, width = 0, inputs = 0] = first.shape;
  const units = count * width;
  const columns = bias ? inputs - 1 : inputs;
  const weights = new Float64Array(columns * units);
  for (let u = 0; u < units; u++) {
    for (let t = 0; t < columns; t++) weights[t * units + u] = first.values[u * inputs + t] ?? 0;
  }
  const product = builder.node('MatMul', [x, builder.doubles(`${name}.first`, [columns, units], weights)]);
  if (!bias) return product;
  const biases = Float64Array.from({ length: units }, (_, u) => first.values[u * inputs + columns] ?? 0);
  return builder.node('Add', [product, builder.doubles(`${name}.bias`, [1, units], biases)]);
}

/** sub-networks × rows × units. */
function innerLayer(builder: GraphBuilder, below: string, layer: Tensor, name: string): string {
  const [count = 0, units = 0, inputs = 0] = layer.shape;
  const turned = new Float64Array(layer.values.length);
  for (let k = 0; k < count; k++) {
    for (let u = 0; u < units; u++) {
      for (let j = 0; j < inputs; j++) {
        turned[(k * inputs + j) * units + u] = layer.values[(k * units + u) * inputs + j] ?? 0;
      }
    }
  }
  return builder.node('MatMul', [below, builder.doubles(name, [count, inputs, units], turned)]);
}

function addOutputs(builder: GraphBuilder, outputs: readonly string[], mapping: OutputMapping): void {
  const axis = builder.integers('axis 1', [1]);
  if (mapping.kind === 'number') {
    const scaled = builder.node('Mul', [
      builder.doubles('target.scale', [], [mapping.scale]),
      outputs[0] ?? '',
    ]);
    const prediction = builder.node('Add', [builder.doubles('target.mean', [], [mapping.mean]), scaled]);
    builder.output('Squeeze', [prediction, axis], {
      name: 'prediction',
      type: ElementType.double,
      shape: [null],
    });
    return;
  }
  const { classes, kind } = mapping;
  const texts = classes.map(String);
  const isText = classes.some((label) => typeof label === 'string');
  const names = isText
    ? builder.strings('classes', [texts.length], texts)
    : builder.doubles('classes', [texts.length], classes.map(Number));
  const label: Port = {
    name: 'label',
    type: isText ? ElementType.string : ElementType.double,
    shape: [null],
  };
  const probabilities: Port = {
    name: 'probabilities',
    type: ElementType.double,
    shape: [null, classes.length],
  };
  const f = builder.concat(outputs);
  const one = builder.doubles('one', [], [1]);
  if (kind === 'log-odds') {
    const own = eachProbability(builder, f, mapping);
    const rest = builder.node('Sub', [one, own]);
    const positive = builder.node('Greater', [f, builder.zeros('zero', [])]);
    const isSecond = mapping.maps
      ? builder.node('Or', [
          builder.node('Greater', [own, rest]),
          builder.node('And', [builder.node('Equal', [own, rest]), positive]),
        ])
      : positive;
    const index = builder.node('Squeeze', [
      builder.node('Cast', [isSecond], { to: ElementType.int64 }),
      axis,
    ]);
    builder.output('Gather', [names, index], label);
    builder.output('Concat', [rest, own], probabilities, { axis: 1 });
    return;
  }
  if (kind === 'softmax' && !mapping.maps) {
    builder.output('Gather', [names, builder.node('ArgMax', [f], { axis: 1, keepdims: 0 })], label);
    builder.output('Softmax', [f], probabilities, { axis: 1 });
    return;
  }
  const each = eachProbability(
    builder,
    kind === 'softmax' ? softmaxLogOdds(builder, f, classes.length) : f,
    mapping,
  );
  const total = builder.node('ReduceSum', [each, axis], { keepdims: 1 });
  const vanish = builder.node('Equal', [total, builder.zeros('zero', [])]);
  const even = builder.doubles('even', [], [1 / classes.length]);
  const normalised = [vanish, even, builder.node('Div', [each, total])];
  let deciding = f;
  if (mapping.maps) {
    const most = builder.node('ReduceMax', [builder.node('Where', normalised), axis], { keepdims: 1 });
    const isMost = builder.node('Equal', [builder.node('Where', normalised), most]);
    deciding = builder.node('Where', [isMost, f, builder.doubles('minus infinity', [], [-Infinity])]);
  }
  builder.output('Gather', [names, builder.node('ArgMax', [deciding], { axis: 1, keepdims: 0 })], label);
  builder.output('Where', normalised, probabilities);
}

type ClassMapping = Exclude<OutputMapping, { readonly kind: 'number' }>;

/** Log-odds, rows × K, to probabilities that need not add up to 1. */
function eachProbability(builder: GraphBuilder, scores: string, { maps }: ClassMapping): string {
  if (!maps) return builder.node('Sigmoid', [scores]);
  const mapped = maps.map((map, k) => {
    const name = `calibration.${k}`;
    const score = builder.node('Gather', [scores, builder.integers(`${name}.column`, [k])], { axis: 1 });
    if ('slope' in map) {
      const turned = builder.node('Mul', [score, builder.doubles(`${name}.slope`, [], [map.slope])]);
      return builder.node('Sigmoid', [
        builder.node('Add', [turned, builder.doubles(`${name}.intercept`, [], [map.intercept])]),
      ]);
    }
    return piecewiseLinear(builder, score, map, name);
  });
  return builder.concat(mapped);
}

/** p₀ + Σ_j slope_j · (clamp(s, s_j, s_{j+1}) − s_j): linear between the points, constant beyond them. */
function piecewiseLinear(
  builder: GraphBuilder,
  score: string,
  {
    scores,
    probabilities,
  }: { readonly scores: readonly number[]; readonly probabilities: readonly number[] },
  name: string,
): string {
  const pieces = Math.max(1, scores.length - 1);
  const left = scores.slice(0, pieces);
  const right = scores.length > 1 ? scores.slice(1) : left;
  const slopes = left.map((from, j) => {
    const length = (right[j] ?? from) - from;
    return length > 0 ? ((probabilities[j + 1] ?? 0) - (probabilities[j] ?? 0)) / length : 0;
  });
  const lefts = builder.doubles(`${name}.left`, [1, pieces], left);
  const rights = builder.doubles(`${name}.right`, [1, pieces], right);
  const within = builder.node('Min', [builder.node('Max', [score, lefts]), rights]);
  const rise = builder.node('MatMul', [
    builder.node('Sub', [within, lefts]),
    builder.doubles(`${name}.slopes`, [pieces, 1], slopes),
  ]);
  return builder.node('Add', [rise, builder.doubles(`${name}.start`, [], [probabilities[0] ?? 0])]);
}

/** f_k − log Σ_{j≠k} exp f_j, rows × K. */
function softmaxLogOdds(builder: GraphBuilder, f: string, count: number): string {
  const all = Array.from({ length: count }, (_, k) => k);
  const odds = all.map((k) => {
    const own = builder.node('Gather', [f, builder.integers(`class ${k}`, [k])], { axis: 1 });
    const rest = builder.integers(
      `but class ${k}`,
      all.filter((j) => j !== k),
    );
    const others = builder.node('Gather', [f, rest], { axis: 1 });
    const sum = builder.node('ReduceLogSumExp', [others, builder.integers('axis 1', [1])], { keepdims: 1 });
    return builder.node('Sub', [own, sum]);
  });
  return builder.concat(odds);
}
