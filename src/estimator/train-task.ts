import { inlineExecutor } from '../executor/inline-executor.js';
import { betaMax } from '../path/beta-max.js';
import { betaGrid, regularisationPath } from '../path/regularisation-path.js';
import { cooperativePause } from '../solver/pause.js';
import type { Iteration } from '../solver/solve-program.js';
import { CALIBRATION_FOLDS, type Calibration } from './calibration.js';
import type { LearningRows } from './fold-data.js';
import { encodeRows, fitEncoding, taskFolds, type Encoding, type LearningTask } from './learning-task.js';
import type { ModelState } from './model-state.js';
import type { CheckedOptions } from './options.js';
import { calibrate } from './out-of-fold.js';
import {
  fitOutput,
  fittedOutput,
  fitWarning,
  shareOf,
  teller,
  type FitHooks,
  type FittedOutput,
} from './output.js';
import { programFrom, type ProgramRecipe } from './program-recipe.js';
import { CV_GRID, dataOf } from './select-beta.js';

/** The program of an estimator's options for a task. */
export function recipeOf({ learning }: LearningTask, options: CheckedOptions): ProgramRecipe {
  return { kind: 'network', ...learning, options };
}

/** Trains every output, and calibrates where the options say so. */
export async function trainTask(
  task: LearningTask,
  options: CheckedOptions,
  hooks: FitHooks,
): Promise<ModelState> {
  const { encoding, encoded } = encodeAll(task, options);
  const tell = teller(hooks);
  const pause = cooperativePause(hooks.signal);
  const recipe = recipeOf(task, options);
  // Patterns do not depend on the target: the outputs share one program but for y.
  const base = programFrom(recipe, dataOf(encoded, 0));
  const outputs: FittedOutput[] = [];
  for (const [k, label] of task.outputLabels.entries()) {
    const onIteration = (iteration: Iteration): void => {
      hooks.onProgress?.(label, iteration);
      tell(2, iterationLine(label, iteration));
    };
    const { y } = dataOf(encoded, k);
    const output = await fitOutput(label, { ...base, y }, options, { onIteration, pause });
    tell(1, outputLine(output));
    outputs.push(output);
  }
  const warning = fitWarning(outputs, options);
  if (warning !== null) hooks.onWarning?.(warning);
  const calibration = await calibrationOf(task, options, outputs, hooks);
  if (calibration) tell(1, `calibrated (${calibration.method}) on ${calibration.folds} folds`);
  return stateOf(task, options, { encoding, encoded }, outputs, calibration);
}

/** Values of β for a path. */
export interface PathGrid {
  /** Decreasing values > 0, the same for all outputs; in place of the grid. */
  readonly betas?: readonly number[];
  /** Points of the grid, default 100. */
  readonly count?: number;
  /** The grid runs from β_max down to this share of it, default 1e-3. */
  readonly smallestRatio?: number;
}

/**
 * The models along β, each with its certificate, warm-started from the ones before. With several outputs the grid is one of shares of
 * each output's own β_max.
 */
export async function* taskPath(
  task: LearningTask,
  options: CheckedOptions,
  { betas, count = 100, smallestRatio = 1e-3 }: PathGrid,
  hooks: FitHooks,
): AsyncGenerator<ModelState> {
  const { encoding, encoded } = encodeAll(task, options);
  const pause = cooperativePause(hooks.signal);
  const tell = teller(hooks);
  const base = programFrom(recipeOf(task, options), dataOf(encoded, 0));
  const paths = task.outputLabels.map((label, k) => {
    const program = { ...base, y: dataOf(encoded, k).y };
    const largest = betaMax(program);
    const { tolerance, maxIterations, timeLimit } = options;
    const grid = betas ?? betaGrid(largest, smallestRatio, count);
    const limits = { tolerance, maxIterations, ...(timeLimit === undefined ? {} : { timeLimit }) };
    return { label, largest, steps: regularisationPath(program, grid, { ...limits, pause }) };
  });
  const missed: FittedOutput[] = [];
  for (;;) {
    const outputs: FittedOutput[] = [];
    for (const { label, largest, steps } of paths) {
      const step = await steps.next();
      if (step.done === true) {
        const warning = fitWarning(missed, options);
        if (warning !== null) hooks.onWarning?.(warning);
        return;
      }
      const output = fittedOutput(label, step.value.program, step.value.solution, {
        ...options,
        betaMax: largest,
      });
      tell(1, outputLine(output));
      if (output.certificate.status !== 'optimal') missed.push(output);
      outputs.push(output);
    }
    yield stateOf(task, options, { encoding, encoded }, outputs, null);
  }
}

function encodeAll(
  task: LearningTask,
  options: CheckedOptions,
): { readonly encoding: Encoding; readonly encoded: LearningRows } {
  const all = Int32Array.from({ length: task.rows.n }, (_, i) => i);
  const encoding = fitEncoding(task, all, options);
  return { encoding, encoded: encodeRows(task, all, encoding, options) };
}

function stateOf(
  { rows }: LearningTask,
  options: CheckedOptions,
  { encoding: { scaling, target }, encoded }: ReturnType<typeof encodeAll>,
  outputs: readonly FittedOutput[],
  calibration: Calibration | null,
): ModelState {
  return {
    options,
    scaling,
    columns: rows.d,
    target,
    outputs,
    weighted: encoded.weights !== null,
    calibration,
  };
}

async function calibrationOf(
  task: LearningTask,
  options: CheckedOptions,
  outputs: readonly FittedOutput[],
  { signal }: FitHooks,
): Promise<Calibration | null> {
  const { target } = task;
  if (options.calibration === undefined || target.kind !== 'classes') return null;
  const { folds, outside } = taskFolds(task, { ...options, folds: CALIBRATION_FOLDS });
  return calibrate({
    method: options.calibration,
    folds,
    labels: outside.map((at) => at.map((i) => target.labels[i] ?? 0)),
    classCount: target.names.length,
    recipe: recipeOf(task, options),
    betaRatios: outputs.map(({ certificate }) => shareOf(certificate)),
    tolerance: CV_GRID.tolerance,
    seed: options.seed,
    executor: inlineExecutor,
    signal,
  });
}

function iterationLine(label: string, { iteration, relativeGap, activeGroups, seconds }: Iteration): string {
  return `${label}: iteration ${iteration}, relative gap ${relativeGap.toExponential(1)}, ${activeGroups} active groups, ${seconds.toFixed(2)} s`;
}

function outputLine({ label, certificate }: FittedOutput): string {
  const { status, objective, relativeGap, beta, activeGroups, groups, seconds } = certificate;
  return (
    `${label}: ${status}, beta ${beta.toPrecision(4)}, objective ${objective.toPrecision(6)}, relative gap ` +
    `${relativeGap.toExponential(1)}, ${activeGroups} of ${groups} groups active, ${seconds.toFixed(2)} s`
  );
}
