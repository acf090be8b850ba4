import type { ProgramRecipe } from '../estimator/program-recipe.js';
import { checkOptions, DEFAULT_MULTI_CLASS } from '../estimator/options.js';
import { crossValidate, type BetaChoice, type Candidate, type CvSettings } from './choose-beta.js';
import { fitModel, type TrainedModel, type TrainingHooks } from './fit-model.js';
import type { ActualTarget, Part, PreparedTable } from './prepare-table.js';
import type { Predictions } from './scores.js';

/** Relative duality gap to which the linear model is trained. */
const LINEAR_TOLERANCE = 1e-6;

/** The linear yardstick and how its β was chosen. */
export interface LinearYardstick {
  readonly name: 'linear model' | 'logistic model';
  readonly model: TrainedModel;
  readonly choice: BetaChoice;
}

/**
 * A linear (or logistic) model with penalty β‖v‖, trained on the same rows to its own optimum. Its β is always chosen by
 * cross-validation over the grid that the network uses, whatever the network's β: a yardstick with a bad β is none.
 */
export async function trainLinear(
  prepared: PreparedTable,
  options: Omit<CvSettings, 'selection'>,
  hooks: TrainingHooks,
): Promise<LinearYardstick> {
  const recipe: ProgramRecipe = { kind: 'linear', ...prepared.learning };
  const candidate: Candidate = { size: { depth: 2, width: null } as const, recipe };
  const { folds, seed, classWeight, multiClass } = options;
  // Always the best β: a simpler one would make the yardstick shorter.
  const settings: CvSettings = {
    folds,
    seed,
    ...(classWeight && { classWeight }),
    ...(multiClass && { multiClass }),
  };
  const choice = await crossValidate(prepared, [candidate], settings, hooks);
  const fitOptions = checkOptions({
    formulation: 'gated',
    standardize: false,
    multiClass: multiClass ?? DEFAULT_MULTI_CLASS,
    tolerance: LINEAR_TOLERANCE,
    ...(choice.betaRatio === null ? {} : { betaRatio: choice.betaRatio }),
  });
  const model = await fitModel(prepared, recipe, fitOptions, hooks);
  return { name: prepared.learning.loss === 'squared' ? 'linear model' : 'logistic model', model, choice };
}

/** Predictions of the constant yardstick: the training mean, or the class frequencies and the most frequent class. */
export function constantPredictor(train: ActualTarget, classCount: number): (part: Part) => Predictions {
  if (train.task === 'regression') {
    const mean = train.values.reduce((sum, value) => sum + value / train.values.length, 0);
    return ({ rows }) => ({ task: 'regression', values: new Float64Array(rows.n).fill(mean) });
  }
  const frequencies = new Array<number>(classCount).fill(0);
  for (const label of train.labels) frequencies[label] = (frequencies[label] ?? 0) + 1 / train.labels.length;
  const majority = frequencies.indexOf(Math.max(...frequencies));
  return ({ rows }) => ({
    task: 'classification',
    labels: new Int32Array(rows.n).fill(majority),
    probabilities: Array.from({ length: rows.n }, () => frequencies),
  });
}
