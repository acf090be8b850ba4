import type { ModelJson } from '../estimator/model-json.js';
import { indicatorLevels, type CategoricalColumn, type NumericColumn } from '../table/preprocessing.js';
import { textsOfLevel, MAX_MAGNITUDE, MISSING_LEVEL } from '../table/cell.js';
import { certificateSummary, outputMapping, type OutputMapping } from './exportable.js';

export type SourceLanguage = 'js' | 'ts';

/**
 * The predictor of a model as one ES module without imports, in JavaScript or TypeScript: `predict(row)`, for a classifier
 * `predictProba(row)` and `classes` too. A row of a table model is an object with a value for each column; missing
 * cells and unseen categories are treated as `relucent predict` does.
 *
 * Texts of the data (columns, categories, classes) appear in string literals only, never in comments or names.
 *
 * @throws RelucentError `unsupported` for a model with parts that have no place in it
 */
export function writeSource(model: ModelJson, language: SourceLanguage): string {
  const mapping = outputMapping(model);
  // What only TypeScript says.
  const typed = (text: string): string => (language === 'ts' ? text : '');
  return [
    heading(model),
    ...(model.preprocessing ? tableRow(model.preprocessing.columns, typed) : [bareRow(model.columns, typed)]),
    scalingPart(model, typed),
    networkPart(model, typed),
    outputPart(mapping, typed),
  ].join('\n');
}

type Typed = (text: string) => string;

function heading(model: ModelJson): string {
  const { objective, dualBound, relativeGap, scope } = certificateSummary(model);
  return `// Written by relucent ${/^[\w.+-]*$/.exec(model.relucent)?.[0] ?? ''}. No imports; runs in Node, browsers and workers.
// Training objective ${objective}, dual bound ${dualBound}, relative gap ${relativeGap},
// scope ${scope}.
`;
}

/** A text as a string literal that holds no end of line, comment or tag, wherever the module is put. */
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[<>/\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function list(values: Iterable<number>): string {
  return `[${Array.from(values, (value) => (Object.is(value, -0) ? '0' : String(value))).join(', ')}]`;
}

function tableRow(columns: readonly (NumericColumn | CategoricalColumn)[], typed: Typed): string[] {
  const types = columns.map(
    ({ name, kind }) =>
      `  readonly ${literal(name)}: ${kind === 'numeric' ? 'number' : 'string | number'} | null;`,
  );
  const readers = columns.map((column) =>
    column.kind === 'numeric'
      ? `  numeric(row, ${literal(column.name)}, ${column.median}, ${column.mean}, ${column.scale}, x);`
      : `  categorical(row, ${literal(column.name)}, levels${columns.indexOf(column)}, ${column.means.length}, x);`,
  );
  const isKind = (kind: string): boolean => columns.some((column) => column.kind === kind);
  return [
    typed(`/** One row: null, or NaN for a number, is a missing cell. */
export interface Row {
${types.join('\n')}
}
`),
    `function cell(row${typed(': Row')}, name${typed(': string')})${typed(': unknown')} {
  if (!Object.hasOwn(row, name)) throw new TypeError('expected a value for the column ' + JSON.stringify(name) + ', got none');
  return ${typed('(')}row${typed(' as unknown as Record<string, unknown>)')}[name];
}
`,
    ...(isKind('numeric') ? [numericReader(typed)] : []),
    ...(isKind('categorical') ? [categoricalReader(typed)] : []),
    ...columns.flatMap((column, j) =>
      column.kind === 'categorical' ? [levelsConstant(column, j, typed)] : [],
    ),
    `/** The standardised inputs of a row: numbers, and indicators of the levels of categories. */
function inputs(row${typed(': Row')})${typed(': number[]')} {
  const x${typed(': number[]')} = [];
${readers.join('\n')}
  return x;
}
`,
  ];
}

function numericReader(typed: Typed): string {
  return `/** A missing number is the median of the training rows. */
function numeric(row${typed(': Row')}, name${typed(': string')}, median${typed(': number')}, mean${typed(': number')}, scale${typed(': number')}, x${typed(': number[]')})${typed(': void')} {
  const value = cell(row, name) ?? NaN;
  if (typeof value !== 'number' || Math.abs(value) > ${MAX_MAGNITUDE}) {
    throw new TypeError('expected a finite number or null in the column ' + JSON.stringify(name) + ', got ' + String(value));
  }
  x.push(((Number.isNaN(value) ? median : value) - mean) / scale);
}
`;
}

function categoricalReader(typed: Typed): string {
  const missing = textsOfLevel(MISSING_LEVEL)
    .slice(1)
    .filter((text) => text === text.toLowerCase());
  return `const missing${typed(': ReadonlySet<string>')} = new Set([${missing.map(literal).join(', ')}]);

/** Plain decimals count by value: 8, +8 and 8.0 are one level. */
function levelOf(value${typed(': unknown')})${typed(': string')} {
  if (value !== null && value !== undefined && typeof value !== 'string' && typeof value !== 'number') {
    throw new TypeError('expected a text, a number or null as a category, got ' + typeof value);
  }
  const text = String(value ?? '').trim();
  if (missing.has(text.toLowerCase())) return ${literal(MISSING_LEVEL)};
  const match = ${'/^([+-]?)(0|[1-9]\\d*)(?:\\.(\\d*))?$/'}.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.replace(/0+$/, '');
  const magnitude = kept === '' ? whole : whole + '.' + kept;
  return sign === '-' && magnitude !== '0' ? '-' + magnitude : magnitude;
}

/** A level that training did not see stands at the mean of the training rows: zeros. */
function categorical(row${typed(': Row')}, name${typed(': string')}, levels${typed(': ReadonlyMap<string, readonly number[]>')}, width${typed(': number')}, x${typed(': number[]')})${typed(': void')} {
  const known = levels.get(levelOf(cell(row, name)));
  for (let k = 0; k < width; k++) x.push(known?.[k] ?? 0);
}
`;
}

function levelsConstant({ levels, means, scales }: CategoricalColumn, j: number, typed: Typed): string {
  const indicators = indicatorLevels(levels);
  const rows = levels.map((level) => {
    const encoding = indicators.map(
      (other, k) => (Number(level === other) - (means[k] ?? 0)) / (scales[k] ?? 1),
    );
    return `  [${literal(level)}, ${list(encoding)}],\n`;
  });
  return `const levels${j}${typed(': ReadonlyMap<string, readonly number[]>')} = new Map([\n${rows.join('')}]);\n`;
}

function bareRow(columns: number, typed: Typed): string {
  return `${typed(`/** The ${columns} numbers of a row, in the order of training. */
export type Row = readonly number[];

`)}function inputs(row${typed(': Row')})${typed(': number[]')} {
  if (row.length !== ${columns} || !row.every(Number.isFinite)) throw new TypeError('expected ${columns} finite numbers');
  return [...row];
}
`;
}

function scalingPart({ scaling, options }: ModelJson, typed: Typed): string {
  const constants = scaling
    ? `const mean${typed(': readonly number[]')} = ${list(scaling.mean)};
const scale${typed(': readonly number[]')} = ${list(scaling.scale)};

`
    : '';
  const scaled = scaling
    ? `inputs(row).map((value, t) => (value - (mean[t] ?? 0)) / (scale[t] ?? 1))`
    : 'inputs(row)';
  return `${constants}/** What the networks read${options.bias ? ': the inputs and a 1 for the bias' : ''}. */
function encoded(row${typed(': Row')})${typed(': number[]')} {
  return ${options.bias ? `[...${scaled}, 1]` : scaled};
}
`;
}

function networkPart({ outputs }: ModelJson, typed: Typed): string {
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

function outputPart(mapping: OutputMapping, typed: Typed): string {
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
