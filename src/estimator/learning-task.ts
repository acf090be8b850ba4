import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError, quoteValue } from '../error.js';
import { readVector } from '../problem/matrix-input.js';
import type { NumberVector } from '../problem/problem-input.js';
import { foldIds } from '../table/split.js';
import { classTargets, rowWeights } from './class-targets.js';
import { entriesAt, foldRows, rowsAt, type FoldData, type LearningRows } from './fold-data.js';
import type { CheckedOptions } from './options.js';
import type { Learning } from './program-recipe.js';
import { applyScaling, fitScaling, type Scaling } from './scaling.js';

/** What an estimator was given, checked: raw rows and what to learn of them. */
export interface LearningTask {
  readonly rows: Rows;
  /** Weight > 0 of each row, or null. */
  readonly sampleWeights: Float64Array | null;
  readonly target:
    | { readonly kind: 'numbers'; readonly values: Float64Array }
    | { readonly kind: 'classes'; readonly labels: Int32Array; readonly names: readonly string[] };
  /** What each output is called. */
  readonly outputLabels: readonly string[];
  readonly learning: Learning;
}

/** The scales fitted on some rows. */
export interface Encoding {
  readonly scaling: Scaling | null;
  /** Centre and scale of a regression target; null for classes. */
  readonly target: { readonly mean: number; readonly scale: number } | null;
}

type EncodingOptions = Pick<CheckedOptions, 'standardize' | 'multiClass' | 'classWeight'>;

/** Scales of X and of a regression target, fitted on the given rows; weighted rows count by their weight. */
export function fitEncoding(
  { rows, sampleWeights, target }: LearningTask,
  at: Int32Array,
  { standardize }: EncodingOptions,
): Encoding {
  const weights = sampleWeights && entriesAt(sampleWeights, at);
  const scaling = standardize ? fitScaling(rowsAt(rows, at), weights) : null;
  if (target.kind === 'classes') return { scaling, target: null };
  if (!standardize) return { scaling, target: { mean: 0, scale: 1 } };
  const { mean, scale } = fitScaling({ X: entriesAt(target.values, at), n: at.length, d: 1 }, weights);
  return { scaling, target: { mean: mean[0] ?? 0, scale: scale[0] ?? 1 } };
}

/** Some rows as the programs read them. */
export function encodeRows(
  { rows, sampleWeights, target }: LearningTask,
  at: Int32Array,
  { scaling, target: moments }: Encoding,
  { multiClass, classWeight }: EncodingOptions,
): LearningRows {
  const raw = rowsAt(rows, at);
  const own = sampleWeights && entriesAt(sampleWeights, at);
  const standardised = scaling ? applyScaling(raw, scaling) : raw;
  if (target.kind === 'classes') {
    const labels = at.map((i) => target.labels[i] ?? 0);
    return {
      rows: standardised,
      targets: classTargets(labels, target.names.length, multiClass),
      weights: rowWeights(own, labels, target.names, classWeight),
    };
  }
  const { mean, scale } = moments ?? { mean: 0, scale: 1 };
  const y = entriesAt(target.values, at).map((value) => (value - mean) / scale);
  return { rows: standardised, targets: [y], weights: own };
}

/** Rows within and without of each fold, with everything fitted on those within. */
export interface TaskFolds {
  readonly folds: readonly FoldData[];
  /** Numbers of the held-out rows of each fold. */
  readonly outside: readonly Int32Array[];
}

/** Seeded folds, by class in classification. */
export function taskFolds(
  task: LearningTask,
  options: EncodingOptions & { readonly folds: number; readonly seed: number },
): TaskFolds {
  const { target, rows } = task;
  const labels = target.kind === 'classes' ? target.labels : null;
  refuseFolds(labels, rows.n, options.folds);
  const parts = foldRows(foldIds(labels, rows.n, options), options.folds);
  const whole = fitEncoding(
    task,
    Int32Array.from({ length: rows.n }, (_, i) => i),
    options,
  );
  return {
    folds: parts.map(({ inside, outside }) => {
      const encoding = fitEncoding(task, inside, options);
      const unit = encoding.target && whole.target ? (encoding.target.scale / whole.target.scale) ** 2 : 1;
      return {
        inside: encodeRows(task, inside, encoding, options),
        outside: encodeRows(task, outside, encoding, options),
        unit,
      };
    }),
    outside: parts.map(({ outside }) => outside),
  };
}

/** Some rows of a task, as a task of its own. */
export function taskOf(task: LearningTask, at: Int32Array): LearningTask {
  const { target } = task;
  return {
    ...task,
    rows: rowsAt(task.rows, at),
    sampleWeights: task.sampleWeights && entriesAt(task.sampleWeights, at),
    target:
      target.kind === 'classes'
        ? { ...target, labels: at.map((i) => target.labels[i] ?? 0) }
        : { ...target, values: entriesAt(target.values, at) },
  };
}

function refuseFolds(labels: Int32Array | null, n: number, folds: number): void {
  const counts = new Map<number, number>();
  for (const label of labels ?? []) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = labels ? Math.min(...counts.values()) : Math.floor(n / 2);
  if (folds <= most) return;
  const why = labels ? `the rarest class has ${most} rows` : `there are ${n} rows`;
  throw new RelucentError(
    'invalid-argument',
    'folds',
    `expected at most ${most} folds (${why}), got ${folds}; ${most < 2 ? 'add rows' : 'lower it'}`,
  );
}

/**
 * Weights of rows: finite numbers ≥ 0, not all 0.
 * @throws RelucentError `invalid-argument`
 */
export function readSampleWeights(weights: NumberVector | undefined, n: number): Float64Array | null {
  if (weights === undefined) return null;
  const values = readVector(weights, n, 'sampleWeight');
  const negative = values.findIndex((value) => !(value >= 0));
  if (negative >= 0) {
    throw new RelucentError(
      'invalid-argument',
      `sampleWeight[${negative}]`,
      `expected a number ≥ 0, got ${quoteValue(values[negative])}; 0 leaves a row out`,
    );
  }
  if (values.every((value) => value === 0)) {
    throw new RelucentError('invalid-argument', 'sampleWeight', 'expected a weight above 0, got only 0');
  }
  return values;
}

/** Rows that count: those of weight above 0, or all. */
export function weightedRows(weights: Float64Array | null, n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => weights === null || weights[i]! > 0);
}
