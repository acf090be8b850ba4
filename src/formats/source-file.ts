import type { ModelJson } from '../estimator/model-json.js';
import { indicatorLevels, type CategoricalColumn, type NumericColumn } from '../table/preprocessing.js';
import { textsOfLevel, MAX_MAGNITUDE, MISSING_LEVEL } from '../table/cell.js';
import { certificateSummary, outputMapping } from './exportable.js';
import { list, literal, networkPart, outputPart, type Typed } from './source-parts.js';

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

function heading(model: ModelJson): string {
  const { objective, dualBound, relativeGap, scope } = certificateSummary(model);
  return `// Written by relucent ${/^[\w.+-]*$/.exec(model.relucent)?.[0] ?? ''}. No imports; runs in Node, browsers and workers.
// Training objective ${objective}, dual bound ${dualBound}, relative gap ${relativeGap},
// scope ${scope}.
`;
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
  const match = /^([+-]?)(0|[1-9]\\d*)(?:\\.(\\d*))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = ''] = match;
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === '0') end--;
  const kept = fraction.slice(0, end);
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
