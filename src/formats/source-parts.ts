import type { ModelJson } from '../estimator/model-json.js';
import { outputNetworks, type OutputMapping } from './exportable.js';

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
export function networkPart(model: ModelJson, typed: Typed): string {
  const outputs = outputNetworks(model);
  const isGated = outputs.some(({ kind }) => kind === 'gated');
  const layerText = ({ first, inner }: { first: number[][]; inner: number[][][] }): string =>
    `[${[first, ...inner].map((layer) => `[${layer.map(list).join(', ')}]`).join(', ')}]`;
  const networks = outputs.map((network) => {
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
  const { maps } = mapping;
  const scores = kind === 'softmax' ? 'logOdds(rawOutputs(row))' : 'rawOutputs(row)';
  const binary = `  const p = ${maps ? 'calibrated(rawOutputs(row)[0] ?? NaN, 0)' : 'sigmoid(rawOutputs(row)[0] ?? NaN)'};
  return [1 - p, p];`;
  const several = `  const each = ${scores}.map(${maps ? '(score, k) => calibrated(score, k)' : 'sigmoid'});
  const total = each.reduce((sum, p) => sum + p, 0);
  return each.map((p) => (total > 0 ? p / total : 1 / each.length));`;
  const softmax = `  const outputs = rawOutputs(row);
  const most = Math.max(...outputs);
  const each = outputs.map((value) => Math.exp(value - most));
  const total = each.reduce((sum, p) => sum + p, 0);
  return each.map((p) => p / total);`;
  const body = kind === 'log-odds' ? binary : kind === 'softmax' && !maps ? softmax : several;
  const largest =
    kind === 'log-odds'
      ? `(rawOutputs(row)[0] ?? NaN) > 0 ? 1 : 0`
      : `((values) => values.indexOf(Math.max(...values)))(rawOutputs(row))`;
  const best = maps ? 'mostProbable(row)' : largest;
  const needsSigmoid = maps ? maps.some((map) => 'slope' in map) : kind !== 'softmax';
  const helpers = [
    ...(needsSigmoid ? [sigmoid] : []),
    ...(maps ? [calibrationPart(maps, typed), mostProbablePart(kind === 'log-odds', typed)] : []),
    ...(maps && kind === 'softmax' ? [logOddsPart(typed)] : []),
  ];
  return `/** Class names, in the order of the probabilities. */
export const classes${typed(`: readonly ${type}[]`)} = [${names.join(', ')}];

${helpers.join('\n')}
/** The probability of each class, in the order of \`classes\`. */
export function predictProba(row${typed(': Row')})${typed(': number[]')} {
${body}
}

/** The most probable class of a row. */
export function predict(row${typed(': Row')})${typed(`: ${type}`)} {
  return ${label(`classes[${best}]`)};
}
`;
}

type Maps = NonNullable<Extract<OutputMapping, { readonly classes: unknown }>['maps']>;

/** `calibrated(score, k)`: the probability of class k from its log-odds. */
function calibrationPart(maps: Maps, typed: Typed): string {
  const entries = maps.map((map) =>
    'slope' in map
      ? `  { slope: ${map.slope}, intercept: ${map.intercept} },\n`
      : `  { scores: ${list(map.scores)}, probabilities: ${list(map.probabilities)} },\n`,
  );
  const isSigmoid = maps.every((map) => 'slope' in map);
  const type = isSigmoid
    ? '{ readonly slope: number; readonly intercept: number }'
    : '{ readonly scores: readonly number[]; readonly probabilities: readonly number[] }';
  const body = isSigmoid
    ? `  return map ? sigmoid(map.slope * score + map.intercept) : NaN;`
    : `  if (!map) return NaN;
  const { scores, probabilities } = map;
  const above = scores.findIndex((value) => value >= score);
  if (above <= 0) return probabilities.at(above === 0 ? 0 : -1) ?? NaN;
  const left = scores[above - 1] ?? NaN;
  const low = probabilities[above - 1] ?? NaN;
  return low + ((score - left) / ((scores[above] ?? NaN) - left)) * ((probabilities[above] ?? NaN) - low);`;
  return `/** How log-odds become probabilities, for each class, or for the second of two. */
const maps${typed(`: readonly ${type}[]`)} = [
${entries.join('')}];

function calibrated(score${typed(': number')}, k${typed(': number')})${typed(': number')} {
  const map = maps[k];
${body}
}
`;
}

/** `mostProbable(row)`: the index of the class predicted; of equally probable ones that of the largest output. */
function mostProbablePart(isBinary: boolean, typed: Typed): string {
  const tie = isBinary
    ? `  const [output = NaN] = rawOutputs(row);
  const scores = output > 0 ? [0, 1] : [1, 0];`
    : '  const scores = rawOutputs(row);';
  return `function mostProbable(row${typed(': Row')})${typed(': number')} {
  const probabilities = predictProba(row);
  const most = Math.max(...probabilities);
${tie}
  const tied = scores.map((score, k) => (probabilities[k] === most ? score : -Infinity));
  return tied.indexOf(Math.max(...tied));
}
`;
}

/** `logOdds(outputs)` of each class from the outputs of softmax. */
function logOddsPart(typed: Typed): string {
  return `function logOdds(outputs${typed(': readonly number[]')})${typed(': number[]')} {
  return outputs.map((own, k) => {
    const others = outputs.filter((_, j) => j !== k);
    const largest = Math.max(...others);
    return own - largest - Math.log(others.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  });
}
`;
}
