import type {
  ClassificationField,
  DecisionSurface,
  Importance,
  RegressionField,
  SurfaceAxis,
  SurfacePoint,
} from '../report/report-input.js';
import { featureNamesOf, indicatorLevels, type CategoricalColumn } from '../table/preprocessing.js';
import type { LoadedModel } from './predict-table.js';
import type { Part } from './prepare-table.js';
import { predictRows, type Predictions } from './scores.js';

const COLUMNS = 72;
const ROWS = 60;
/** Without rows to tell a range from: so many deviations to both sides of the mean. */
const DEVIATIONS = 2.5;
/** Most points kept: they are stored in result.json. */
const MOST_POINTS = 1000;

/** A numeric input: value = mean + scale · (number that the model reads). */
interface NumericInput {
  readonly name: string;
  /** Its place among the columns of the model. */
  readonly at: number;
  readonly mean: number;
  readonly scale: number;
}

interface Inputs {
  readonly numeric: readonly NumericInput[];
  /** The row at which the other inputs are held. */
  readonly base: Float64Array;
  /** Names of the categorical columns with the level that they are held at. */
  readonly categories: readonly { readonly name: string; readonly level: string }[];
}

/**
 * Predictions of a model over its two numeric inputs with the largest shares of the path norm, the other numbers held at
 * their training mean and the categories at their most frequent level. Null with fewer than two numeric inputs.
 *
 * @param part rows whose range is drawn and that are drawn as points; null: the mean ± 2.5 deviations, and no points
 */
export function decisionSurfaceOf(
  loaded: LoadedModel,
  importances: readonly Importance[],
  part: { readonly part: Part; readonly predictions: Predictions; readonly from: 'test' | 'train' } | null,
): DecisionSurface | null {
  const inputs = inputsOf(loaded);
  const rank = new Map(importances.map(({ name }, k) => [name, k]));
  const rankOf = ({ name }: NumericInput): number => rank.get(name) ?? Infinity;
  const [first, second] = [...inputs.numeric].sort((a, b) => rankOf(a) - rankOf(b) || a.at - b.at);
  if (!first || !second) return null;
  const x = axisOf(first, part?.part);
  const y = axisOf(second, part?.part);
  return {
    x,
    y,
    columns: COLUMNS,
    rows: ROWS,
    held: heldTexts(inputs),
    field: fieldOf(loaded, inputs, [first, x], [second, y]),
    points: part === null ? [] : pointsOf(loaded, first, second, part),
    pointsFrom: part?.from ?? 'train',
  };
}

function inputsOf({ model, preprocessing }: LoadedModel): Inputs {
  const base = new Float64Array(model.columns);
  if (preprocessing === null) {
    const numeric = Array.from(base, (_, at) => ({
      name: `input ${at + 1}`,
      at,
      mean: model.scaling?.mean[at] ?? 0,
      scale: model.scaling?.scale[at] ?? 1,
    }));
    // The model standardises by itself: it reads the user's numbers.
    numeric.forEach(({ at, mean }) => (base[at] = mean));
    return { numeric, base, categories: [] };
  }
  const numeric: NumericInput[] = [];
  const categories: { name: string; level: string }[] = [];
  let at = 0;
  for (const column of preprocessing.columns) {
    if (column.kind === 'numeric') numeric.push({ ...column, at });
    else categories.push({ name: column.name, level: holdCategory(column, base, at) });
    at += featureNamesOf(column).length;
  }
  return { numeric, base, categories };
}

/** Writes the most frequent level of a column into the row and returns its name. */
function holdCategory(
  { levels, means, scales }: CategoricalColumn,
  base: Float64Array,
  offset: number,
): string {
  const shares = levels.length === 2 ? [1 - (means[0] ?? 0), means[0] ?? 0] : means;
  const level = levels[shares.indexOf(Math.max(...shares))] ?? '';
  indicatorLevels(levels).forEach((other, k) => {
    base[offset + k] = (Number(other === level) - (means[k] ?? 0)) / (scales[k] ?? 1);
  });
  return level;
}

function heldTexts({ numeric, categories }: Inputs): string[] {
  const others = numeric.length - 2;
  return [
    ...(others === 0
      ? []
      : [
          others === 1
            ? 'the other number at its training mean'
            : `the other ${others} numbers at their training means`,
        ]),
    ...(categories.length === 0
      ? []
      : [
          `every category at its most frequent level: ${categories.map(({ name, level }) => `${name} = ${level}`).join(', ')}`,
        ]),
  ];
}

/** Range of the rows, 3 % wider on both sides. */
function axisOf({ name, at, mean, scale }: NumericInput, part: Part | undefined): SurfaceAxis {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; part && i < part.rows.n; i++) {
    const value = mean + scale * (part.rows.X[i * part.rows.d + at] ?? NaN);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high > low)) return { name, low: mean - DEVIATIONS * scale, high: mean + DEVIATIONS * scale };
  const pad = 0.03 * (high - low);
  return { name, low: low - pad, high: high + pad };
}

function fieldOf(
  loaded: LoadedModel,
  { base }: Inputs,
  [first, x]: readonly [NumericInput, SurfaceAxis],
  [second, y]: readonly [NumericInput, SurfaceAxis],
): RegressionField | ClassificationField {
  const d = base.length;
  const n = COLUMNS * ROWS;
  const X = new Float64Array(n * d);
  const read = readBy(loaded);
  for (let cell = 0; cell < n; cell++) {
    X.set(base, cell * d);
    const across = ((cell % COLUMNS) + 0.5) / COLUMNS;
    const up = (Math.floor(cell / COLUMNS) + 0.5) / ROWS;
    X[cell * d + first.at] = read(first, x.low + across * (x.high - x.low));
    X[cell * d + second.at] = read(second, y.low + up * (y.high - y.low));
  }
  const predictions = predictRows(loaded.model, { rows: { X, n, d } });
  if (predictions.task === 'regression') {
    return { kind: 'regression', values: Array.from(predictions.values, (value) => short(value, 5)) };
  }
  return {
    kind: 'classification',
    classes: loaded.classes,
    probability: loaded.classes.map((_, k) =>
      predictions.probabilities.map((row) => short(row[k] ?? NaN, 4)),
    ),
  };
}

/** What the model reads for a value in the user's units. */
function readBy({ preprocessing }: LoadedModel): (input: NumericInput, value: number) => number {
  return preprocessing ? ({ mean, scale }, value) => (value - mean) / scale : (_, value) => value;
}

function pointsOf(
  loaded: LoadedModel,
  first: NumericInput,
  second: NumericInput,
  { part, predictions }: { readonly part: Part; readonly predictions: Predictions },
): SurfacePoint[] {
  const { X, n, d } = part.rows;
  const { actual } = part;
  const stride = Math.max(1, Math.ceil(n / MOST_POINTS));
  const points: SurfacePoint[] = [];
  for (let i = 0; i < n; i += stride) {
    const label = actual.task === 'classification' ? (actual.labels[i] ?? -1) : null;
    points.push({
      x: short(first.mean + first.scale * (X[i * d + first.at] ?? NaN), 6),
      y: short(second.mean + second.scale * (X[i * d + second.at] ?? NaN), 6),
      actual: label === null ? null : (loaded.classes[label] ?? ''),
      isRight: predictions.task === 'classification' ? predictions.labels[i] === label : null,
    });
  }
  return points;
}

/** Fewer digits than anyone sees in a picture: they are stored. */
function short(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
