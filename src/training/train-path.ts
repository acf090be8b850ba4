import { tableFolds } from './table-folds.js';
import { CV_GRID } from '../estimator/select-beta.js';
import { FittedClassifier } from '../estimator/classifier.js';
import type { FittedOutput } from '../estimator/output.js';
import { programFrom } from '../estimator/program-recipe.js';
import { FittedRegressor } from '../estimator/regressor.js';
import { writeModel, type ModelJson } from '../estimator/model-json.js';
import { RelucentError } from '../error.js';

import { inlineExecutor } from '../executor/inline-executor.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaGrid } from '../path/regularisation-path.js';
import type { ConvexProgram } from '../program/convex-program.js';
import { describeTable, type TableSummary } from '../table/describe.js';
import { inferSchema } from '../table/schema.js';
import { foldIds } from '../table/split.js';
import type { Table } from '../table/table.js';
import { networkOptions, networkRecipe, type TrainedModel, type TrainingHooks } from './fit-model.js';
import { pathPart, pointOf, type PathPartInput, type PathValue } from './path-part.js';
import { heldOutCurve, foldCurve, picksOf, type CurvePoint, type Picks } from './path-scores.js';
import { emptyState, fingerprintOf, partEnds, valuesDone, withValue, type PathState } from './path-state.js';
import { prepareTable, type PreparedTable } from './prepare-table.js';
import { predictRows, scorePredictions } from './scores.js';
import { type TrainOptions } from './train-options.js';

/** Options of {@link trainPath}: those of training, but for β. */
export interface PathOptions extends Omit<TrainOptions, 'beta' | 'betaRatio' | 'timeLimit' | 'decompose'> {
  /** Values of β, evenly spaced on a logarithmic scale from β_max down. */
  readonly count: number;
  /** The smallest β as a share of β_max. */
  readonly smallestRatio: number;
  /** Score by k-fold cross-validation instead of on held-out rows. */
  readonly crossValidate: boolean;
}

export interface PathHooks extends TrainingHooks {
  readonly onTable?: (summary: TableSummary) => void;
  readonly onPrepared?: (prepared: PreparedTable) => void;
  /** After every value, with how many are done of all, those of the folds among them. */
  readonly onValue?: (news: PathNews) => void;
  /** After every value, with all that it takes to go on from here. */
  readonly onState?: (state: PathState) => void;
  /** Where an earlier run of the same table and options stopped. */
  readonly resume?: PathState | undefined;
}

export interface PathNews {
  readonly done: number;
  readonly total: number;
  /** Values that this run did not solve itself. */
  readonly resumed: number;
  /** Output whose value it is. */
  readonly label: string;
  /** Fold that was left out, from 0; null for a value on all training rows. */
  readonly fold: number | null;
  readonly value: PathValue;
}

/** Everything found along the path of a table. */
export interface PathOutcome {
  readonly options: PathOptions;
  readonly table: TableSummary;
  readonly prepared: PreparedTable;
  readonly state: PathState;
  /** Shares of β_max, decreasing from 1. */
  readonly ratios: readonly number[];
  /** The network at each share. */
  readonly models: readonly TrainedModel[];
  /** Scores at each share, in the order of METRICS; null without held-out rows. */
  readonly scores: readonly {
    readonly train: readonly number[];
    readonly heldOut: readonly number[] | null;
  }[];
  /** What the picks go by; null with neither held-out rows nor cross-validation. */
  readonly curve: readonly CurvePoint[] | null;
  /** What the curve measures, lower is better. */
  readonly curveName: string;
  readonly picks: Picks | null;
  readonly folds: number | null;
}

/**
 * The regularisation path of a table: one certified network for each of a grid of β from β_max down, each started from the
 * ones before it, scored on held-out rows, or by cross-validation on all rows with the preprocessing fitted on all of them.
 * The outputs of a classifier with several follow the same shares of their own β_max.
 *
 * Deterministic; stopped and resumed at any value it ends with the same bits, but for the seconds.
 *
 * @throws RelucentError for a table or options that do not fit, or a `resume` from other ones
 */
export async function trainPath(
  table: Table,
  options: PathOptions,
  hooks: PathHooks = {},
): Promise<PathOutcome> {
  const schema = inferSchema(table, options);
  const summary = describeTable(table, schema);
  hooks.onTable?.(summary);
  const base: TrainOptions = { ...options, decompose: false };
  const prepared = prepareTable(table, schema, base);
  hooks.onPrepared?.(prepared);
  const ratios = [...betaGrid(1, options.smallestRatio, options.count)];
  const folds = options.crossValidate ? foldCount(prepared, options.folds) : 0;
  const fingerprint = fingerprintOf(prepared, plainOptions(options, folds));
  const labels = prepared.outputs.map(({ label }) => label);
  const start = hooks.resume ?? emptyState(fingerprint, labels, folds);
  checkFits(start, fingerprint);

  const recipe = networkRecipe(prepared, base);
  const parts = partsOf(prepared, options, { recipe, ratios, folds });
  const state = await solveParts(parts, start, hooks, labels);

  const programs = prepared.outputs.map(({ y }) =>
    programFrom(recipe, { rows: prepared.train.rows, y, weights: prepared.weights }),
  );
  const models = ratios.map((ratio, at) => modelAt(prepared, base, programs, state, { at, ratio }));
  const scores = models.map((model) => ({
    train: scorePredictions(predictRows(model, prepared.train), prepared.train.actual),
    heldOut: prepared.test && scorePredictions(predictRows(model, prepared.test), prepared.test.actual),
  }));
  const curve = options.crossValidate
    ? foldCurve(state.folds, folds, ratios.length)
    : prepared.test && models.map((model) => heldOutCurve(model, prepared.test));
  const measured = prepared.learning.loss === 'squared' ? 'squared error' : 'log loss';
  return {
    options,
    table: summary,
    prepared,
    state,
    ratios,
    models,
    scores,
    curve,
    curveName: options.crossValidate
      ? `cross-validated ${prepared.learning.loss === 'squared' ? 'half squared error (standardised)' : 'log loss'} per row${labels.length > 1 ? ', outputs added up' : ''}`
      : `held-out ${measured} per row`,
    picks: curve && picksOf(curve),
    folds: options.crossValidate ? folds : null,
  };
}

/** What model.json holds for one value of a path. @param at its place on the grid */
export function pathModelFile({ models, prepared }: PathOutcome, at: number): ModelJson {
  const { preprocessing } = prepared;
  const { target } = preprocessing;
  const model = models[at];
  if (!model) throw new RangeError(`trainPath: expected a value of the path, got number ${at}`);
  return target.task === 'classification'
    ? writeModel('classifier', model, target.classes, preprocessing)
    : writeModel('regressor', model, [], preprocessing);
}

async function solveParts(
  parts: readonly PathPartInput[],
  start: PathState,
  { executor = inlineExecutor, signal, onValue, onState }: PathHooks,
  labels: readonly string[],
): Promise<PathState> {
  let state = start;
  const ends = partEnds(start);
  // Parts that an earlier run has finished are not sent anywhere.
  const open = parts
    .map((part, k) => ({ input: { ...part, after: ends[k] ?? null }, k }))
    .filter(({ input }) => (input.after?.done ?? 0) < input.ratios.length);
  const total = parts.reduce((sum, { ratios }) => sum + ratios.length, 0);
  const resumed = valuesDone(start);
  await executor.run(
    pathPart,
    open.map(({ input }) => input),
    {
      signal,
      onProgress: (at, value) => {
        const part = open[at]?.k ?? 0;
        state = withValue(state, part, value);
        const fold = state.folds[part - state.outputs.length];
        onState?.(state);
        onValue?.({
          done: valuesDone(state),
          total,
          resumed,
          label: labels[fold?.output ?? part] ?? '',
          fold: fold?.fold ?? null,
          value,
        });
      },
    },
  );
  return state;
}

/** The outputs on all training rows, then each without each of the folds. */
function partsOf(
  prepared: PreparedTable,
  options: PathOptions,
  {
    recipe,
    ratios,
    folds,
  }: { readonly recipe: PathPartInput['recipe']; readonly ratios: readonly number[]; readonly folds: number },
): PathPartInput[] {
  const { tolerance, seed } = options;
  const { rows } = prepared.train;
  const { weights } = prepared;
  const shared = { recipe, ratios, after: null };
  const whole = prepared.outputs.map(({ y }) => ({
    ...shared,
    rows,
    y,
    weights,
    tolerance,
    unit: 1,
    heldOut: null,
  }));
  if (folds === 0) return whole;
  const foldOf = foldIds(prepared.labels, rows.n, { folds, seed });
  const data = tableFolds(prepared, foldOf, folds, options);
  const parts = prepared.outputs.flatMap((_, k) =>
    data.map(({ inside, outside, unit }) => ({
      ...shared,
      tolerance: Math.max(tolerance, CV_GRID.tolerance),
      rows: inside.rows,
      y: inside.targets[k] ?? new Float64Array(0),
      weights: inside.weights,
      unit,
      heldOut: { rows: outside.rows, y: outside.targets[k] ?? new Float64Array(0) },
    })),
  );
  return [...whole, ...parts];
}

function modelAt(
  prepared: PreparedTable,
  options: TrainOptions,
  programs: readonly ConvexProgram[],
  { outputs: paths }: PathState,
  { at, ratio }: { readonly at: number; readonly ratio: number },
): TrainedModel {
  const outputs = paths.flatMap(({ label, values }, k): FittedOutput[] => {
    const value = values[at];
    const program = programs[k];
    if (!value || !program) return [];
    const point = pointOf(program, value.point);
    return [
      {
        label,
        network: reconstructNetwork(point.program, point.coefficients),
        certificate: value.certificate,
        decomposition: null,
        history: [],
      },
    ];
  });
  const { target } = prepared.preprocessing;
  const state = {
    options: networkOptions(options, { betaRatio: ratio }),
    scaling: null,
    columns: prepared.train.rows.d,
    outputs,
    weighted: prepared.weights !== null,
    calibration: null,
  };
  return target.task === 'classification'
    ? new FittedClassifier({ ...state, target: null }, target.classes)
    : new FittedRegressor({ ...state, target: { mean: target.mean, scale: target.scale } });
}

function foldCount({ labels, train }: PreparedTable, wanted: number): number {
  const counts = new Map<number, number>();
  for (const label of labels ?? []) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = labels === null ? Math.floor(train.rows.n / 2) : Math.min(...counts.values());
  if (most >= wanted) return wanted;
  const what = labels === null ? 'two rows for each fold' : 'a row of every class for each fold';
  throw new RelucentError(
    'invalid-argument',
    'folds',
    `expected at most ${most}, which is ${what}, got ${wanted}; ${most >= 2 ? `pass --folds ${most}` : 'leave --cv out'}`,
  );
}

/** The options that values depend on. */
function plainOptions(options: PathOptions, folds: number): object {
  const { count, smallestRatio, depth, width, formulation, sample, seed, tolerance } = options;
  return { count, smallestRatio, depth, width, formulation, sample, seed, tolerance, folds };
}

function checkFits({ fingerprint }: PathState, expected: string): void {
  if (fingerprint === expected) return;
  throw new RelucentError(
    'invalid-argument',
    '--resume',
    'expected the state of this table and these options, got that of others; give the same options, or start anew without --resume',
  );
}
