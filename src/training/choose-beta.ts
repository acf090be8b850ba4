import {
  chooseModel,
  missedNote,
  sizeScores,
  type NetworkSize,
  type SelectionRule,
  type SizeScore,
} from '../estimator/choose-model.js';
import type { FoldData } from '../estimator/fold-data.js';
import type { ProgramRecipe } from '../estimator/program-recipe.js';
import { CV_GRID, type CvPoint } from '../estimator/select-beta.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { RelucentError } from '../error.js';
import { foldIds } from '../table/split.js';
import type { TrainingHooks } from './fit-model.js';
import type { PreparedTable } from './prepare-table.js';
import { tableFolds } from './table-folds.js';
import { FALLBACK_RATIO, type TrainOptions } from './train-options.js';

/** How β, and the size of the network where it was asked for, were chosen. */
export interface BetaChoice {
  readonly by: 'beta' | 'beta-ratio' | 'cross-validation' | 'default';
  /** Strength given as such, else null. */
  readonly beta: number | null;
  /** Share of each output's β_max, null when β was given as such. */
  readonly betaRatio: number | null;
  /** Held-out loss per row and gaps for every share of the grid, outputs added up; null without cross-validation. */
  readonly curve: readonly CvPoint[] | null;
  readonly folds: number | null;
  /** Rule by which the curve was read, and the share with the smallest loss; null without cross-validation. */
  readonly rule: SelectionRule | null;
  readonly bestBetaRatio: number | null;
  /** Relative gap that the solves were to reach, and the largest of any; null without cross-validation. */
  readonly tolerance: number | null;
  readonly largestGap: number | null;
  /** Sizes of network compared, each at its best share; null where one was given. */
  readonly sizes: readonly SizeScore[] | null;
  /** The size to train. */
  readonly size: NetworkSize;
  /** Why the default was taken, that the best β lies at an end of the grid, or that a fold missed its tolerance; else null. */
  readonly note: string | null;
}

/** A size of network and its program. */
export interface Candidate {
  readonly size: NetworkSize;
  readonly recipe: ProgramRecipe;
}

/** At least one, the simplest first. */
export type Candidates = readonly [Candidate, ...Candidate[]];

export interface CvHooks extends TrainingHooks {
  /** Called with the number of solves done and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a cross-validation needs of the options. */
export type CvSettings = Pick<TrainOptions, 'folds' | 'seed' | 'selection' | 'classWeight' | 'multiClass'>;

const notValidated = {
  curve: null,
  folds: null,
  rule: null,
  bestBetaRatio: null,
  tolerance: null,
  largestGap: null,
  sizes: null,
} as const;

/** β and the size as the options give them, else by cross-validation. @param candidates the simplest first, at least one */
export async function chooseBeta(
  prepared: PreparedTable,
  candidates: Candidates,
  options: TrainOptions,
  hooks: CvHooks,
): Promise<BetaChoice> {
  const { beta, betaRatio } = options;
  const none = { ...notValidated, size: candidates[0].size, note: null };
  if (beta !== undefined) return { by: 'beta', beta, betaRatio: null, ...none };
  if (betaRatio !== undefined) return { by: 'beta-ratio', beta: null, betaRatio, ...none };
  return crossValidate(prepared, candidates, options, hooks);
}

/**
 * Chooses one size and one share of β_max for all outputs by the held-out loss added up over the outputs.
 *
 * Without two rows in every class (or four rows in regression), or where nothing varies within a fold, there are no folds to speak
 * of: the default is taken.
 */
export async function crossValidate(
  prepared: PreparedTable,
  candidates: Candidates,
  options: CvSettings,
  { executor = inlineExecutor, onProgress, signal }: CvHooks,
): Promise<BetaChoice> {
  const { folds, reason } = possibleFolds(prepared, options.folds);
  const first = candidates[0].size;
  if (folds < 2) return defaultChoice(reason, first);
  const data = foldsOrReason(prepared, folds, options);
  if (typeof data === 'string') return defaultChoice(data, first);
  const choice = await chooseModel(
    data,
    candidates.map(({ recipe }) => recipe),
    { ...CV_GRID, rule: options.selection ?? 'best', executor, onProgress, signal },
  );
  const { curve, betaRatio } = choice;
  const sizes = candidates.map(({ size }) => size);
  const notes = [
    gridNote(betaRatio, curve),
    missedNote(curve, CV_GRID.tolerance),
    folds < options.folds ? reason : null,
  ].filter((text) => text !== null);
  return {
    by: 'cross-validation',
    beta: null,
    betaRatio,
    curve,
    folds,
    rule: choice.rule,
    bestBetaRatio: choice.best.betaRatio,
    tolerance: CV_GRID.tolerance,
    largestGap: curve.reduce((most, { largestGap }) => Math.max(most, largestGap), 0),
    sizes: candidates.length > 1 ? sizeScores(sizes, choice.curves) : null,
    size: sizes[choice.recipe] ?? first,
    note: notes.join(' ') || null,
  };
}

/** The choice where there is no cross-validation. */
export function defaultChoice(reason: string, size: NetworkSize): BetaChoice {
  return {
    ...notValidated,
    by: 'default',
    beta: null,
    betaRatio: FALLBACK_RATIO,
    size,
    note: `${reason} β is the default, ${FALLBACK_RATIO} of β_max, without cross-validation.`,
  };
}

function foldsOrReason(prepared: PreparedTable, folds: number, options: CvSettings): FoldData[] | string {
  const foldOf = foldIds(prepared.labels, prepared.train.rows.n, { folds, seed: options.seed });
  try {
    return tableFolds(prepared, foldOf, folds, options);
  } catch (error) {
    if (!(error instanceof RelucentError)) throw error;
    return `On the rows within a fold nothing is left to learn (${error.message}).`;
  }
}

/** The most folds that leave every class in each of them. */
export function possibleFolds(
  prepared: Pick<PreparedTable, 'labels' | 'train'>,
  wanted: number,
): { folds: number; reason: string } {
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

function gridNote(betaRatio: number, curve: readonly CvPoint[]): string | null {
  const share = Number(betaRatio.toPrecision(2));
  if (betaRatio === curve.at(-1)?.betaRatio) {
    return `Cross-validation chose the smallest β of its grid (${share} of β_max); a smaller one may do better: --beta-ratio ${Number((betaRatio / 3).toPrecision(1))}.`;
  }
  return betaRatio === curve[0]?.betaRatio
    ? `Cross-validation chose the largest β of its grid (${share} of β_max): the columns say little about the target.`
    : null;
}
