import type { ProgramRecipe } from '../estimator/program-recipe.js';
import { selectBetaRatios, type CvPoint } from '../estimator/select-beta.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { foldIds } from '../table/split.js';
import type { TrainingHooks } from './fit-model.js';
import type { PreparedTable } from './prepare-table.js';
import { CV_GRID, FALLBACK_RATIO, type TrainOptions } from './train-options.js';

/** How β was chosen. */
export interface BetaChoice {
  readonly by: 'beta' | 'beta-ratio' | 'cross-validation' | 'default';
  /** Strength given as such, else null. */
  readonly beta: number | null;
  /** Share of each output's β_max, null when β was given as such. */
  readonly betaRatio: number | null;
  /** Held-out loss per row for every share of the grid, outputs added up; null without cross-validation. */
  readonly curve: readonly CvPoint[] | null;
  readonly folds: number | null;
  /** Why the default was taken, or that the best β lies at an end of the grid; else null. */
  readonly note: string | null;
}

export interface CvHooks extends TrainingHooks {
  /** Called with the number of solves done and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** β as the options give it, else by cross-validation. */
export async function chooseBeta(
  prepared: PreparedTable,
  recipe: ProgramRecipe,
  options: TrainOptions,
  hooks: CvHooks,
): Promise<BetaChoice> {
  const { beta, betaRatio } = options;
  const none = { curve: null, folds: null, note: null };
  if (beta !== undefined) return { by: 'beta', beta, betaRatio: null, ...none };
  if (betaRatio !== undefined) return { by: 'beta-ratio', beta: null, betaRatio, ...none };
  return crossValidate(prepared, recipe, options, hooks);
}

/**
 * Chooses one share of β_max for all outputs: the one with the smallest held-out loss added up over the outputs.
 *
 * The standard error of that sum is bounded by the sum of the outputs' standard errors, which is what the curve holds.
 * Without two rows in every class (or four rows in regression) there are no folds to speak of: the default is taken.
 */
export async function crossValidate(
  prepared: PreparedTable,
  recipe: ProgramRecipe,
  { folds: wanted, seed }: Pick<TrainOptions, 'folds' | 'seed'>,
  { executor = inlineExecutor, onProgress, signal }: CvHooks,
): Promise<BetaChoice> {
  const { rows } = prepared.train;
  const { folds, reason } = possibleFolds(prepared, wanted);
  if (folds < 2) return defaultChoice(reason);
  const foldOf = foldIds(prepared.labels, rows.n, { folds, seed });
  const targets = prepared.outputs.map(({ y }) => y);
  const results = await selectBetaRatios(rows, targets, recipe, {
    ...CV_GRID,
    foldOf,
    folds,
    executor,
    onProgress,
    signal,
  });
  const curve = addCurves(results.map(({ points }) => points));
  const best = curve.reduce((a, b) => (b.mean < a.mean ? b : a));
  return {
    by: 'cross-validation',
    beta: null,
    betaRatio: best.betaRatio,
    curve,
    folds,
    note:
      [gridNote(best, curve), folds < wanted ? reason : null].filter((text) => text !== null).join(' ') ||
      null,
  };
}

/** The choice where there is no cross-validation. */
export function defaultChoice(reason: string): BetaChoice {
  return {
    by: 'default',
    beta: null,
    betaRatio: FALLBACK_RATIO,
    curve: null,
    folds: null,
    note: `${reason} β is the default, ${FALLBACK_RATIO} of β_max, without cross-validation.`,
  };
}

function possibleFolds(prepared: PreparedTable, wanted: number): { folds: number; reason: string } {
  const { labels, train } = prepared;
  if (labels === null) {
    const folds = Math.min(wanted, Math.floor(train.rows.n / 2));
    return { folds, reason: `There are only ${train.rows.n} training rows for ${wanted} folds.` };
  }
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const smallest = Math.min(...counts.values());
  const rows = smallest === 1 ? '1 training row' : `${smallest} training rows`;
  return {
    folds: Math.min(wanted, smallest),
    reason: `The rarest class has only ${rows} for ${wanted} folds.`,
  };
}

function addCurves(curves: readonly (readonly CvPoint[])[]): CvPoint[] {
  return (curves[0] ?? []).map(({ betaRatio }, k) => ({
    betaRatio,
    mean: curves.reduce((sum, points) => sum + (points[k]?.mean ?? NaN), 0),
    standardError: curves.reduce((sum, points) => sum + (points[k]?.standardError ?? NaN), 0),
  }));
}

function gridNote(best: CvPoint, curve: readonly CvPoint[]): string | null {
  const share = Number(best.betaRatio.toPrecision(2));
  if (best === curve.at(-1)) {
    return `Cross-validation chose the smallest β of its grid (${share} of β_max); a smaller one may do better: --beta-ratio ${Number((best.betaRatio / 3).toPrecision(1))}.`;
  }
  return best === curve[0]
    ? `Cross-validation chose the largest β of its grid (${share} of β_max): the columns say little about the target.`
    : null;
}
