import { z } from 'zod';
import { inlineExecutor } from '../executor/inline-executor.js';
import { RelucentError, quoteValue } from '../error.js';
import { foldIds } from '../table/split.js';
import {
  chooseModel,
  missedNote,
  networkSizes,
  sizeScores,
  type NetworkSize,
  type SelectionRule,
  type SizeScore,
} from './choose-model.js';
import { foldRows } from './fold-data.js';
import { taskFolds, type LearningTask } from './learning-task.js';
import { changedOptions, checkOptions, type CheckedOptions } from './options.js';
import type { FitHooks } from './output.js';
import { recipeOf } from './train-task.js';
import { CV_GRID, meanAndError, type CvPoint } from './select-beta.js';

const folds = 'a whole number from 2 to 100';
const foldCount = z.int(folds).min(2, folds).max(100, folds);
const width = 'whole numbers from 1 to 64';

/** Options of `select`, as a schema. */
export const selectionSchema = z.strictObject({
  folds: foldCount.default(5),
  rule: z.enum(['best', 'one-standard-error'], '"best" or "one-standard-error"').default('best'),
  depths: z
    .array(z.union([z.literal(2), z.literal(3)], '2 or 3'))
    .min(1, 'at least one depth')
    .optional(),
  widths: z.array(z.int(width).min(1, width).max(64, width)).min(1, 'at least one width').optional(),
  nested: foldCount.optional(),
});

/** Options of the estimators' `select`. */
export interface SelectionOptions {
  /** Folds, by class in classification, drawn with the estimator's seed; default 5. */
  readonly folds?: number;
  /** `best` (default): the smallest held-out loss. `one-standard-error`: the simplest model within one standard error of it. */
  readonly rule?: SelectionRule;
  /** Depths to choose from; default: that of the estimator. */
  readonly depths?: readonly (2 | 3)[];
  /** Widths to choose from at depth 3; default: that of the estimator, or 2 and 4 with `depths`. */
  readonly widths?: readonly number[];
  /** Outer folds of a nested cross-validation of the whole choice; default none. */
  readonly nested?: number;
}

/** What `select` chose, and by what. */
export interface Selection {
  readonly rule: SelectionRule;
  readonly folds: number;
  readonly size: NetworkSize;
  readonly betaRatio: number;
  /** The curve of the chosen size, with the gap of every fold's solve. */
  readonly curve: readonly CvPoint[];
  /** Each size at its best β. */
  readonly sizes: readonly SizeScore[];
  /** Relative gap that the solves were to reach, and the largest they have. */
  readonly tolerance: number;
  readonly largestGap: number;
  /** That solves missed the tolerance, else null. */
  readonly note: string | null;
}

/** Scores of the outer folds: accuracy or R². */
export interface NestedScore {
  readonly folds: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly standardError: number;
  readonly outer: readonly {
    readonly score: number;
    readonly betaRatio: number;
    readonly size: NetworkSize;
  }[];
}

/**
 * Chooses β, and depth and width where several are given, by cross-validation on the rows of a task.
 * @throws RelucentError `invalid-argument` for wrong options or too few rows
 */
export async function selectTask(
  task: LearningTask,
  options: CheckedOptions,
  selection: SelectionOptions,
  { signal }: Pick<FitHooks, 'signal'>,
): Promise<{ readonly choice: Selection; readonly options: CheckedOptions }> {
  const { folds: count, rule, depths, widths } = checkSelection(selection, options);
  const own = options.depth === 3 ? [options.width] : [2, 4];
  const sizes = networkSizes(depths ?? [options.depth], widths ?? own);
  const sized = sizes.map((size) => withSize(options, size));
  const data = taskFolds(task, { ...options, folds: count });
  const chosen = await chooseModel(
    data.folds,
    sized.map((each) => recipeOf(task, each)),
    { ...CV_GRID, rule, executor: inlineExecutor, signal },
  );
  const { curve, betaRatio } = chosen;
  return {
    choice: {
      rule,
      folds: count,
      size: sizes[chosen.recipe]!,
      betaRatio,
      curve,
      sizes: sizeScores(sizes, chosen.curves),
      tolerance: CV_GRID.tolerance,
      largestGap: curve.reduce((most, { largestGap }) => Math.max(most, largestGap), 0),
      note: missedNote(curve, CV_GRID.tolerance),
    },
    options: { ...sized[chosen.recipe]!, betaRatio },
  };
}

/** Outer folds: rows to choose and train on, and rows to score. The seed is another one than that of the inner folds. */
export function outerFolds(
  { rows, target }: LearningTask,
  { seed }: CheckedOptions,
  count: number,
): { readonly inside: Int32Array; readonly outside: Int32Array }[] {
  const labels = target.kind === 'classes' ? target.labels : null;
  return foldRows(foldIds(labels, rows.n, { folds: count, seed: (seed + 1) % 2 ** 32 }), count);
}

/** Mean and spread of the outer folds. */
export function nestedScore(outer: NestedScore['outer']): NestedScore {
  const { mean, standardError } = meanAndError(outer.map(({ score }) => score));
  const folds = outer.length;
  return { folds, mean, standardDeviation: standardError * Math.sqrt(folds), standardError, outer };
}

/** @throws RelucentError `invalid-argument` */
export function checkSelection(
  selection: SelectionOptions,
  options: CheckedOptions,
): z.infer<typeof selectionSchema> {
  const parsed = selectionSchema.safeParse(selection);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
    const found = (selection as Record<PropertyKey, unknown>)[name ?? ''];
    throw invalid(
      String(name ?? 'selection'),
      issue?.code === 'unrecognized_keys'
        ? `expected one of folds, rule, depths, widths, nested; check the spelling`
        : `expected ${issue?.message ?? 'a valid value'}, got ${quoteValue(found)}`,
    );
  }
  if (options.beta !== undefined) {
    throw invalid(
      'beta',
      `expected it left out where beta is to be chosen, got ${options.beta}; call fit instead`,
    );
  }
  const { depths, widths } = parsed.data;
  if (widths !== undefined && !(depths ?? [options.depth]).includes(3)) {
    throw invalid('widths', `expected depth 3 among the depths, got none; depth 2 has no width`);
  }
  return parsed.data;
}

function withSize(options: CheckedOptions, { depth, width: size }: NetworkSize): CheckedOptions {
  return checkOptions(changedOptions(options, { depth, ...(size === null ? {} : { width: size }) }));
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
