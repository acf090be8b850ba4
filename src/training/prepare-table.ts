import { DEFAULT_MULTI_CLASS } from '../estimator/options.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { checkClassWeight, classTargets, rowWeights } from '../estimator/class-targets.js';
import type { Learning } from '../estimator/program-recipe.js';
import { RelucentError } from '../error.js';
import { applyPreprocessing, type DesignMatrix } from '../table/apply-preprocessing.js';
import { encodeTarget, targetClasses, targetNumbers } from '../table/encode-target.js';
import { fitPreprocessing } from '../table/fit-preprocessing.js';
import type { Preprocessing } from '../table/preprocessing.js';
import type { TableSchema } from '../table/schema.js';
import { distinctRowsOf } from '../table/same-rows.js';
import { splitRows, type Split } from '../table/split.js';
import { findColumn, selectRows, type Table } from '../table/table.js';
import { readWeights } from './sample-weights.js';
import { MAX_TRAIN_ROWS, type TrainOptions } from './train-options.js';

/** The target of some rows as the user wrote it: numbers in their units, or indices into the classes. */
export type ActualTarget =
  | { readonly task: 'regression'; readonly values: Float64Array }
  | { readonly task: 'classification'; readonly labels: Int32Array };

/** Rows of a table as the models read them. */
export interface Part {
  readonly rows: Rows;
  readonly actual: ActualTarget;
}

/** One number per row to be learnt: the standardised target, ±1 for a class against the rest, or the number of the class. */
interface OutputTarget {
  readonly label: string;
  readonly y: Float64Array;
}

/** A table split, preprocessed and encoded: everything that network and yardsticks are trained on. */
export interface PreparedTable {
  readonly preprocessing: Preprocessing;
  readonly split: Split;
  readonly train: Part;
  /** Null when no row is held out. */
  readonly test: Part | null;
  /** One per network: a regression target, two classes and softmax have one, K ≥ 3 classes against the rest K. */
  readonly outputs: readonly OutputTarget[];
  readonly learning: Learning;
  /** Weight of each training row, that of its class included; null where all are 1. */
  readonly weights: Float64Array | null;
  /** Class of every training row, or null in regression. */
  readonly labels: Int32Array | null;
  /** Sentences on the split and on what the test rows hold that training did not; not those of the preprocessing. */
  readonly notes: readonly string[];
  /** What it was made of, for folds that have to be made from the raw cells. */
  readonly source: TableSource;
}

interface TableSource {
  readonly table: Table;
  readonly schema: TableSchema;
  /** Weight of each row of the table as given, or null. */
  readonly sampleWeights: Float64Array | null;
}

/**
 * Splits the rows, fits the preprocessing on the training rows only and encodes both parts.
 *
 * @throws RelucentError when too few or too many rows are left to train on, or nothing varies on them
 */
export function prepareTable(table: Table, schema: TableSchema, options: TrainOptions): PreparedTable {
  const split = splitRows(classCodes(table, schema), table.rowCount, options);
  const sampleWeights = options.weights === undefined ? null : readWeights(table, options.weights);
  checkRowCounts(table, split, options);
  return prepareSplit({ table, schema, sampleWeights }, split, options);
}

/** {@link prepareTable} for a split that is given. Training rows of weight 0 are left out. */
export function prepareSplit(source: TableSource, given: Split, options: TrainOptions): PreparedTable {
  const { table, schema, sampleWeights } = source;
  const split = { ...given, train: given.train.filter((row) => sampleWeights?.[row] !== 0) };
  if (split.train.length < given.train.length) checkRowCounts(table, split, options);
  const preprocessing = fitPreprocessing(table, schema, split.train);
  const trainMatrix = applyPreprocessing(table, preprocessing, split.train);
  const testMatrix = split.test.length > 0 ? applyPreprocessing(table, preprocessing, split.test) : null;
  const train = partOf(table, preprocessing, trainMatrix, split.train);
  const labels = train.actual.task === 'classification' ? train.actual.labels : null;
  const { target } = preprocessing;
  const classes = target.task === 'classification' ? target.classes : [];
  checkClassWeight(options.classWeight, classes, '--class-weight');
  const own = sampleWeights && Float64Array.from(split.train, (row) => sampleWeights[row] ?? NaN);
  return {
    preprocessing,
    split,
    train,
    test: testMatrix && partOf(table, preprocessing, testMatrix, split.test),
    outputs: outputTargets(table, preprocessing, split.train, options),
    learning: learningOf(target.task, classes.length, options),
    weights: rowWeights(own, labels, classes, options.classWeight),
    labels,
    notes: [...zeroNotes(given, split), ...testNotes(table, preprocessing, split, testMatrix)],
    source,
  };
}

function learningOf(
  task: ActualTarget['task'],
  classCount: number,
  { multiClass = DEFAULT_MULTI_CLASS }: TrainOptions,
): Learning {
  if (task === 'regression') return { loss: 'squared', outputs: 1 };
  return multiClass === 'softmax' && classCount > 2
    ? { loss: 'softmax', outputs: classCount }
    : { loss: 'logistic', outputs: 1 };
}

function zeroNotes(given: Split, used: Split): string[] {
  const left = given.train.length - used.train.length;
  return left === 0 ? [] : [`${left} training ${left === 1 ? 'row' : 'rows'} of weight 0 left out.`];
}

/** The target column of some rows, in the user's units. */
function actualTarget(table: Table, preprocessing: Preprocessing, rows: Int32Array): ActualTarget {
  const { target } = preprocessing;
  if (target.task === 'regression') {
    const index = findColumn(table, target.name, table.name, 'invalid-table');
    return { task: 'regression', values: targetNumbers(table, index, rows) };
  }
  const encoded = encodeTarget(table, preprocessing, rows);
  return encoded.task === 'classification' ? encoded : { task: 'regression', values: encoded.y };
}

/** Any numbering of the classes serves the stratified split. */
function classCodes(table: Table, { target }: TableSchema): Int32Array | null {
  if (target.task === 'regression') return null;
  const index = findColumn(table, target.name, table.name, 'invalid-table');
  const names = targetClasses(table, index, selectRows(table));
  const codes = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const code = codes.get(name) ?? codes.size;
    codes.set(name, code);
    return code;
  });
}

function checkRowCounts(table: Table, { train }: Split, { testFraction }: TrainOptions): void {
  if (train.length < 2) {
    throw new RelucentError(
      'invalid-table',
      table.name,
      `expected at least 2 rows to train on, got ${train.length} of ${table.rowCount} after the test part ` +
        `(--test-fraction ${testFraction}); add rows or pass --test-fraction 0`,
    );
  }
  if (train.length > MAX_TRAIN_ROWS) {
    throw new RelucentError(
      'unsupported',
      table.name,
      `expected at most ${MAX_TRAIN_ROWS} training rows (time and memory grow with them), got ${train.length}; ` +
        'keep a sample of the rows or raise --test-fraction',
    );
  }
}

function partOf(table: Table, preprocessing: Preprocessing, matrix: DesignMatrix, rows: Int32Array): Part {
  const { X, n, d } = matrix;
  return { rows: { X, n, d }, actual: actualTarget(table, preprocessing, rows) };
}

function outputTargets(
  table: Table,
  preprocessing: Preprocessing,
  rows: Int32Array,
  { multiClass = DEFAULT_MULTI_CLASS }: TrainOptions,
): OutputTarget[] {
  const { target } = preprocessing;
  const encoded = encodeTarget(table, preprocessing, rows);
  if (encoded.task === 'regression' || target.task === 'regression') {
    return [{ label: target.name, y: encoded.task === 'regression' ? encoded.y : new Float64Array(0) }];
  }
  const targets = classTargets(encoded.labels, target.classes.length, multiClass);
  const names = target.classes.length === 2 ? target.classes.slice(1) : target.classes;
  return targets.map((y, k) => ({
    label: targets.length === names.length ? (names[k] ?? '') : target.name,
    y,
  }));
}

function testNotes(
  table: Table,
  preprocessing: Preprocessing,
  { train, test }: Split,
  matrix: DesignMatrix | null,
): string[] {
  if (matrix === null) return ['No row is held out: the scores are those of the training rows only.'];
  const notes = unseenNotes(matrix, 'test');
  const names = [...preprocessing.columns.map(({ name }) => name), preprocessing.target.name];
  const columns = names.map((name) => findColumn(table, name, table.name, 'invalid-table'));
  const known = distinctRowsOf(table, columns, train.length);
  for (const row of train) known.add(row);
  const repeated = test.filter((row) => known.has(row)).length;
  if (repeated > 0) {
    const rows = repeated === 1 ? '1 test row repeats' : `${repeated} test rows repeat`;
    notes.push(`${rows} a training row exactly; the test score is a little flattering.`);
  }
  return notes;
}

/** What was made up for cells that training did not see, one sentence per column. */
export function unseenNotes({ unseen }: DesignMatrix, rowNoun: string): string[] {
  return unseen.map(({ column, count, examples }) => {
    const cells = count === 1 ? `1 ${rowNoun} cell holds` : `${count} ${rowNoun} cells hold`;
    const shown = examples.map((level) => (level.length > 40 ? `${level.slice(0, 39)}…` : level)).join(', ');
    return `Column ${JSON.stringify(column)}: ${cells} categories training did not see (${shown}); they count as average.`;
  });
}
