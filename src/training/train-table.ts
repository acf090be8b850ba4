import { writeModel, type ModelJson } from '../estimator/model-json.js';
import type { FittedOutput } from '../estimator/output.js';
import { RelucentError } from '../error.js';
import type { ScoreRow, ScoreSummary } from '../report/report-input.js';
import type { Iteration } from '../solver/solve-program.js';
import { describeTable, type TableSummary } from '../table/describe.js';
import { inferSchema } from '../table/schema.js';
import type { Table } from '../table/table.js';
import { chooseBeta, defaultChoice, type BetaChoice, type Candidates, type CvHooks } from './choose-beta.js';
import { candidatesOf, trainChosen, type TrainedModel, type TrainingHooks } from './fit-model.js';
import { nestedEstimate, type NestedEstimate } from './nested.js';
import { prepareTable, type Part, type PreparedTable } from './prepare-table.js';
import { METRICS, predictRows, scorePredictions, type Predictions } from './scores.js';
import { CV_TIME_SHARE, type TrainOptions } from './train-options.js';
import type { Importance } from '../report/report-input.js';
import { importancesOf } from './importances.js';
import { constantPredictor, trainLinear, type LinearYardstick } from './yardsticks.js';

/** Seconds spent, by stage. */
export interface StageSeconds {
  readonly crossValidation: number;
  /** Calibration included. */
  readonly training: number;
  /** Nested cross-validation, where it was asked for. */
  readonly nested?: number;
  readonly yardsticks: number;
  readonly total: number;
}

/** Everything a training run found out. */
export interface TrainOutcome {
  readonly options: TrainOptions;
  readonly table: TableSummary;
  readonly prepared: PreparedTable;
  readonly beta: BetaChoice;
  readonly model: TrainedModel;
  readonly linear: LinearYardstick;
  readonly scores: ScoreSummary;
  /** Of the network, for the test rows, or for the training rows where none is held out. */
  readonly predictions: Predictions;
  /** Share of each column of the table in the path norm of the network, largest first. */
  readonly importances: readonly Importance[];
  /** Nested cross-validation, null unless asked for. */
  readonly nested: NestedEstimate | null;
  readonly seconds: StageSeconds;
  /** Plain sentences on the data and the run, those on the table first. */
  readonly notes: readonly string[];
  /** A caution when a limit stopped the training, else null. */
  readonly warning: string | null;
}

/** What a run reports; `signal` stops it: the promise rejects with `signal.reason`. */
export interface TrainHooks extends TrainingHooks {
  /** The table as understood, before anything is trained. */
  readonly onTable?: (summary: TableSummary) => void;
  /** Rows split and encoded. */
  readonly onPrepared?: (prepared: PreparedTable) => void;
  readonly onCrossValidation?: (done: number, total: number) => void;
  readonly onBeta?: (choice: BetaChoice) => void;
  readonly onIteration?: (output: string, iteration: Iteration) => void;
  /** Outer folds of the nested cross-validation done, and all. */
  readonly onOuterFold?: (done: number, total: number) => void;
  readonly onYardsticks?: () => void;
}

/**
 * The main job: from a table to a trained, certified and honestly scored network.
 *
 * Reads the schema off all rows; splits off a test part (by class in classification); fits the preprocessing on the
 * training rows; chooses β there by cross-validation unless given; trains the network to a duality gap; trains a linear
 * and a constant yardstick on the same rows; scores all three on both parts. Deterministic for a given table and
 * options, except where a time limit stops it.
 *
 * @throws RelucentError for a table or options that do not fit
 */
export async function trainTable(
  table: Table,
  options: TrainOptions,
  hooks: TrainHooks = {},
): Promise<TrainOutcome> {
  const clock = stopwatch();
  const { summary, prepared } = readyTable(table, options, hooks);
  const candidates = candidatesOf(prepared, options);
  const cvClock = stopwatch();
  const { executor, signal } = hooks;
  const beta = await chooseBetaInTime(prepared, candidates, options, {
    onProgress: hooks.onCrossValidation,
    executor,
    signal,
  });
  const crossValidation = cvClock();
  hooks.onBeta?.(beta);

  const trainClock = stopwatch();
  const rounds = Math.ceil(prepared.outputs.length / (executor?.width ?? 1));
  const model = await trainChosen(prepared, beta, options, {
    onIteration: hooks.onIteration,
    executor,
    signal,
    timeLimit: secondsPerOutput(options.timeLimit, clock(), rounds),
  });
  const training = trainClock();

  const nestedClock = stopwatch();
  const nested =
    options.nested === undefined
      ? null
      : await nestedEstimate(
          prepared,
          { ...options, nested: options.nested },
          { executor, signal, onOuterFold: hooks.onOuterFold },
        );
  const nestedSeconds = nestedClock();

  hooks.onYardsticks?.();
  const yardstickClock = stopwatch();
  const linear = await trainLinear(prepared, options, { executor, signal });
  const { scores, predictions } = scoreAll(prepared, model, linear);
  return {
    options,
    table: summary,
    prepared,
    beta,
    model,
    linear,
    scores,
    predictions,
    importances: importancesOf({ model, preprocessing: prepared.preprocessing }),
    nested,
    seconds: {
      crossValidation,
      training,
      ...(nested && { nested: nestedSeconds }),
      yardsticks: yardstickClock(),
      total: clock(),
    },
    notes: notesOf(prepared, beta, linear),
    warning: warningOf(model.outputs),
  };
}

/**
 * All that {@link trainTable} does before it trains: reads the schema, splits the rows and fits the preprocessing.
 *
 * @throws RelucentError for a table or options that do not fit
 */
export function readyTable(
  table: Table,
  options: TrainOptions,
  hooks: Pick<TrainHooks, 'onTable' | 'onPrepared'>,
): { readonly summary: TableSummary; readonly prepared: PreparedTable } {
  const schema = inferSchema(table, withoutWeights(options));
  const summary = describeTable(table, schema);
  hooks.onTable?.(summary);
  const prepared = prepareTable(table, schema, options);
  hooks.onPrepared?.(prepared);
  return { summary, prepared };
}

/** What model.json holds. */
export function modelFileOf({ model, prepared }: TrainOutcome): ModelJson {
  const { preprocessing } = prepared;
  const { target } = preprocessing;
  return target.task === 'classification'
    ? writeModel('classifier', model, target.classes, preprocessing)
    : writeModel('regressor', model, [], preprocessing);
}

/** Cross-validation that gives way to the default when it uses up its share of the time limit. */
async function chooseBetaInTime(
  prepared: PreparedTable,
  candidates: Candidates,
  options: TrainOptions,
  hooks: CvHooks,
): Promise<BetaChoice> {
  if (options.timeLimit === undefined) return chooseBeta(prepared, candidates, options, hooks);
  const share = CV_TIME_SHARE * options.timeLimit;
  const timeout = AbortSignal.timeout(Math.min(2 ** 31 - 1, Math.ceil(1000 * share)));
  const signal = hooks.signal ? AbortSignal.any([hooks.signal, timeout]) : timeout;
  try {
    return await chooseBeta(prepared, candidates, options, { ...hooks, signal });
  } catch (error) {
    if (error !== timeout.reason) throw error;
    return defaultChoice(
      `Cross-validation did not end within ${share.toPrecision(2)} s of the time limit.`,
      candidates[0].size,
    );
  }
}

/** The column of weights is no input. */
function withoutWeights(options: TrainOptions): TrainOptions {
  const { weights, target, drop = [] } = options;
  if (weights === undefined || drop.includes(weights)) return options;
  if (weights === target) {
    throw new RelucentError(
      'invalid-argument',
      '--weights',
      `expected another column than the target, got ${JSON.stringify(weights)}; leave it out`,
    );
  }
  return { ...options, drop: [...drop, weights] };
}

/**
 * What is left of the time limit for one output, so many of them after another; at least a millisecond, so that a bound is
 * found.
 */
function secondsPerOutput(timeLimit: number | undefined, spent: number, rounds: number): number | undefined {
  return timeLimit === undefined ? undefined : Math.max(1e-3, (timeLimit - spent) / rounds);
}

function scoreAll(
  { train, test, preprocessing }: PreparedTable,
  model: TrainedModel,
  linear: LinearYardstick,
): { scores: ScoreSummary; predictions: Predictions } {
  const { target } = preprocessing;
  const classCount = target.task === 'classification' ? target.classes.length : 0;
  const row = (name: string, role: ScoreRow['role'], predict: (part: Part) => Predictions): ScoreRow => ({
    name,
    role,
    train: scorePredictions(predict(train), train.actual),
    test: test && scorePredictions(predict(test), test.actual),
  });
  return {
    scores: {
      metrics: METRICS[target.task],
      rows: [
        row('network', 'network', (part) => predictRows(model, part)),
        row(linear.name, 'yardstick', (part) => predictRows(linear.model, part)),
        row('constant predictor', 'yardstick', constantPredictor(train.actual, classCount)),
      ],
    },
    predictions: predictRows(model, test ?? train),
  };
}

function notesOf(prepared: PreparedTable, beta: BetaChoice, linear: LinearYardstick): string[] {
  const { status, relativeGap } = linear.model.certificate;
  const notes = [...prepared.preprocessing.notes, ...prepared.notes];
  if (beta.note !== null) notes.push(beta.note);
  if (linear.choice.by === 'default' && beta.by !== 'default') {
    notes.push(`The ${linear.name}: ${linear.choice.note ?? ''}`);
  }
  if (status !== 'optimal') {
    notes.push(
      `The ${linear.name} stopped (${status}) at relative duality gap ${relativeGap.toExponential(1)}.`,
    );
  }
  return notes;
}

/** The one caution a run may give: the output furthest from its tolerance. */
function warningOf(outputs: readonly FittedOutput[]): string | null {
  const missed = outputs.filter(({ certificate }) => certificate.status !== 'optimal');
  const [worst] = missed.sort((a, b) => b.certificate.relativeGap - a.certificate.relativeGap);
  if (!worst) return null;
  const { status, relativeGap, tolerance, beta } = worst.certificate;
  const limit = status === 'time-limit' ? 'the time limit' : 'the limit of iterations';
  const fix =
    beta === 0
      ? 'no bound can be proven at β = 0: choose β > 0'
      : `${status === 'time-limit' ? 'raise the time limit, ' : ''}raise β or relax the tolerance`;
  return (
    `training of ${JSON.stringify(worst.label)} stopped at ${limit} with relative gap ` +
    `${relativeGap.toExponential(1)}, above the tolerance ${tolerance}; ${fix}`
  );
}

function stopwatch(): () => number {
  const started = performance.now();
  return () => (performance.now() - started) / 1000;
}
