import type { ModelJson } from '../estimator/model-json.js';
import type { OutputMapping } from './exportable.js';

/** Text that only TypeScript has: empty in JavaScript. */
export type Typed = (text: string) => string;

/** A text as a string literal that holds no end of line, comment or tag, wherever the module is put. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[<>/\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Numbers as an array literal. */
export function list(values: Iterable<number>): string {
  return `[${Array.from(values, (value) => (Object.is(value, -0) ? '0' : String(value))).join(', ')}]`;
}

/** The weights and their evaluation: `rawOutputs(row)`, which needs `encoded(row)`. */
export function networkPart({ outputs }: ModelJson, typed: Typed): string {
  const isGated = outputs.some(({ network }) => network.kind === 'gated');
  const layerText = ({ first, inner }: { first: number[][]; inner: number[][][] }): string =>
    `[${[first, ...inner].map((layer) => `[${layer.map(list).join(', ')}]`).join(', ')}]`;
  const networks = outputs.map(({ network }) => {
    const lines = network.subNetworks.map(
      ({ output, gates, ...layers }) =>
        `    { layers: ${layerText(layers)}, output: ${list(output)}${gates ? `, gates: ${layerText(gates)}` : ''} },\n`,
    );
    return `  [\n${lines.join('')}  ],\n`;
  });
  return `${typed(`type Layers = readonly (readonly (readonly number[])[])[];

interface SubNetwork {
  /** Hidden layers: the weights of each unit over the units, or inputs, below it. */
  readonly layers: Layers;
  readonly output: readonly number[];
${isGated ? '  /** They decide when a unit is active in place of its weights. */\n  readonly gates?: Layers;\n' : ''}}

`)}/** One network for each output: sub-networks that are added up. */
const networks${typed(': readonly (readonly SubNetwork[])[]')} = [
${networks.join('')}];

function product(layer${typed(': readonly (readonly number[])[]')}, x${typed(': readonly number[]')})${typed(': number[]')} {
  return layer.map((weights) => weights.reduce((sum, weight, j) => sum + weight * (x[j] ?? 0), 0));
}

/** What active units hand on. */
function passed(values${typed(': readonly number[]')}, gating${typed(': readonly number[]')})${typed(': number[]')} {
  return values.map((value, u) => ((gating[u] ?? 0) >= 0 ? value : 0));
}

function subNetworkOutput(${isGated ? '{ layers, output, gates }' : '{ layers, output }'}${typed(': SubNetwork')}, x${typed(': readonly number[]')})${typed(': number')} {
  let values${typed(': readonly number[]')} = x;
${
  isGated
    ? `  let gating${typed(': readonly number[]')} = x;
  layers.forEach((layer, l) => {
    values = product(layer, values);
    const gate = gates?.[l];
    const open = gate ? product(gate, gating) : values;
    values = passed(values, open);
    gating = passed(open, open);
  });`
    : `  for (const layer of layers) {
    const below = product(layer, values);
    values = passed(below, below);
  }`
}
  return output.reduce((sum, weight, u) => sum + weight * (values[u] ?? 0), 0);
}

function rawOutputs(row${typed(': Row')})${typed(': number[]')} {
  const x = encoded(row);
  return networks.map((network) => network.reduce((sum, part) => sum + subNetworkOutput(part, x), 0));
}
`;
}

/** What the module exports beside the row type. */
export function outputPart(mapping: OutputMapping, typed: Typed): string {
  if (mapping.kind === 'number') {
    return `/** The prediction for a row, in the units of the target. */
export function predict(row${typed(': Row')})${typed(': number')} {
  return ${mapping.mean} + ${mapping.scale} * (rawOutputs(row)[0] ?? NaN);
}
`;
  }
  const { classes, kind } = mapping;
  const isText = classes.some((label) => typeof label === 'string');
  const type = isText ? 'string' : 'number';
  const label = (text: string): string => (typed(' ') ? `${text} ?? ${isText ? "''" : 'NaN'}` : text);
  const names = classes.map((name) => (typeof name === 'string' ? literal(name) : String(name)));
  const sigmoid = `function sigmoid(t${typed(': number')})${typed(': number')} {
  return t < 0 ? Math.exp(t) / (1 + Math.exp(t)) : 1 / (1 + Math.exp(-t));
}
`;
  const binary = `  const p = sigmoid(rawOutputs(row)[0] ?? NaN);
  return [1 - p, p];`;
  const several = `  const sigmoids = rawOutputs(row).map(sigmoid);
  const total = sigmoids.reduce((sum, p) => sum + p, 0);
  return sigmoids.map((p) => (total > 0 ? p / total : 1 / sigmoids.length));`;
  const best =
    kind === 'log-odds'
      ? `(rawOutputs(row)[0] ?? NaN) > 0 ? 1 : 0`
      : `((values) => values.indexOf(Math.max(...values)))(rawOutputs(row))`;
  return `/** Class names, in the order of the probabilities. */
export const classes${typed(`: readonly ${type}[]`)} = [${names.join(', ')}];

${sigmoid}
/** The probability of each class, in the order of \`classes\`. */
export function predictProba(row${typed(': Row')})${typed(': number[]')} {
${kind === 'log-odds' ? binary : several}
}

/** The most probable class of a row. */
export function predict(row${typed(': Row')})${typed(`: ${type}`)} {
  return ${label(`classes[${best}]`)};
}
`;
}
