import type { ScoreSummary } from '../report/report-input.js';
import type { TableSummary } from '../table/describe.js';
import { readTableInput, type TableInput } from '../table/table-input.js';
import type { BetaChoice } from './choose-beta.js';
import { loadModel } from './predict-table.js';
import { TableModel } from './table-model.js';
import { TRAIN_DEFAULTS, type TrainOptions } from './train-options.js';
import { modelFileOf, trainTable, type TrainHooks } from './train-table.js';

/** Options of {@link train}: the column to predict, and whatever is not to be the default. */
export type TrainSettings = Partial<TrainOptions> & Pick<TrainOptions, 'target'>;

/** A trained model and what there is to say about it. */
export interface Trained {
  readonly model: TableModel;
  /** Of the network, a linear model and the constant predictor, on the training rows and the rows held out. */
  readonly scores: ScoreSummary;
  /** The table as understood. */
  readonly table: TableSummary;
  /** How β was chosen. */
  readonly beta: BetaChoice;
  /** Plain sentences on what was done to the data and on the run. */
  readonly notes: readonly string[];
  /** A caution when a limit stopped the training, else null. */
  readonly warning: string | null;
}

/**
 * From a table to a trained and certified network, as `relucent train` does it: infers column types, holds out test rows,
 * fits the preprocessing on the others (median, one-hot, standardisation), chooses β by cross-validation unless given, and
 * trains to a duality gap.
 *
 * @param data records, arrays by column, or a {@link Table}
 * @throws RelucentError for a table or options that do not fit
 */
export async function train(
  data: TableInput,
  settings: TrainSettings,
  hooks: TrainHooks = {},
): Promise<Trained> {
  const outcome = await trainTable(readTableInput(data), { ...TRAIN_DEFAULTS, ...settings }, hooks);
  const { scores, table, beta, notes, warning } = outcome;
  // What is predicted now is what the file will predict.
  const model = new TableModel(loadModel(modelFileOf(outcome)));
  return { model, scores, table, beta, notes, warning };
}
