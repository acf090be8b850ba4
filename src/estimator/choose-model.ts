import { crossValidateRecipes, type CvCurve, type CvOptions, type CvPoint } from './select-beta.js';
import type { FoldData } from './fold-data.js';
import type { ProgramRecipe } from './program-recipe.js';

/** `best`: the smallest mean held-out loss. `one-standard-error`: the simplest model within one standard error of it. */
export type SelectionRule = 'best' | 'one-standard-error';

/** Depth and width of the sub-networks. `width` is null at depth 2. */
export interface NetworkSize {
  readonly depth: 2 | 3;
  readonly width: number | null;
}

/** One size of network with the best point of its curve. */
export interface SizeScore extends NetworkSize {
  readonly betaRatio: number;
  readonly mean: number;
  readonly standardError: number;
  readonly largestGap: number;
}

/** What cross-validation chose. */
export interface ModelChoice {
  readonly rule: SelectionRule;
  /** Number of the chosen recipe. */
  readonly recipe: number;
  readonly betaRatio: number;
  /** The curve of the chosen recipe. */
  readonly curve: readonly CvPoint[];
  /** The point of the smallest mean of all recipes; `betaRatio` is another one where the rule prefers a simpler model. */
  readonly best: { readonly recipe: number; readonly betaRatio: number };
  /** All curves, in the order of the recipes. */
  readonly curves: readonly CvCurve[];
}

/**
 * Chooses a recipe and its β by k-fold cross-validation. The recipes come in order of complexity, the simplest first: equal means
 * go to the simpler one. With `one-standard-error` (Breiman et al. 1984, §3.4.3) it is the first recipe whose curve comes within
 * one standard error of the smallest mean, at the largest β that does; the standard error is that of the smallest mean.
 */
export async function chooseModel(
  folds: readonly FoldData[],
  recipes: readonly ProgramRecipe[],
  options: CvOptions & { readonly rule: SelectionRule },
): Promise<ModelChoice> {
  const curves = await crossValidateRecipes(folds, recipes, options);
  const bestRecipe = curves.reduce((at, curve, k) => (curve.best.mean < curves[at]!.best.mean ? k : at), 0);
  const { best } = curves[bestRecipe]!;
  const chosen =
    options.rule === 'best'
      ? { recipe: bestRecipe, point: best }
      : simplest(curves, best.mean + best.standardError);
  return {
    rule: options.rule,
    recipe: chosen.recipe,
    betaRatio: chosen.point.betaRatio,
    curve: curves[chosen.recipe]!.points,
    best: { recipe: bestRecipe, betaRatio: best.betaRatio },
    curves,
  };
}

/** The first recipe with a mean of at most `limit`, at its largest such β: grids run from the largest down. */
function simplest(curves: readonly CvCurve[], limit: number): { recipe: number; point: CvPoint } {
  for (const [recipe, { points }] of curves.entries()) {
    const point = points.find(({ mean }) => mean <= limit);
    if (point) return { recipe, point };
  }
  // NaN losses compare with nothing.
  return { recipe: 0, point: curves[0]!.best };
}

/** The sizes to choose from, the simplest first: depth 2 has no width, depth 3 each of `widths`. */
export function networkSizes(depths: readonly (2 | 3)[], widths: readonly number[]): NetworkSize[] {
  const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  return ascending(depths).flatMap((depth): NetworkSize[] =>
    depth === 2 ? [{ depth: 2, width: null }] : ascending(widths).map((width) => ({ depth: 3, width })),
  );
}

/** The best point of each size. */
export function sizeScores(sizes: readonly NetworkSize[], curves: readonly CvCurve[]): SizeScore[] {
  return sizes.map((size, k) => {
    const { betaRatio, mean, standardError, largestGap } = curves[k]!.best;
    return { ...size, betaRatio, mean, standardError, largestGap };
  });
}

/** A sentence where solves of the chosen curve missed their tolerance, else null. */
export function missedNote(curve: readonly CvPoint[], tolerance: number): string | null {
  const missed = curve.filter((point) => point.missed.length > 0);
  if (missed.length === 0) return null;
  const worst = missed.reduce((a, b) => (b.largestGap > a.largestGap ? b : a));
  const solves = missed.reduce((sum, point) => sum + point.missed.length, 0);
  return (
    `${solves} ${solves === 1 ? 'solve' : 'solves'} of the cross-validation missed the relative gap ${tolerance}: at ` +
    `${Number(worst.betaRatio.toPrecision(2))} of β_max fold ${worst.missed.join(', ')}, largest gap ${worst.largestGap.toExponential(1)}.`
  );
}
