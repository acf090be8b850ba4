import { RelucentError } from '../error.js';
import { writeModel, type ModelJson } from '../estimator/model-json.js';
import type { OutputCertificate } from '../estimator/output.js';
import type { Preprocessing } from '../table/preprocessing.js';
import { readTableInput, type TableInput } from '../table/table-input.js';
import type { TrainedModel } from './fit-model.js';
import { loadModel, predictTable, type LoadedModel, type TablePredictions } from './predict-table.js';

/** What a prediction may report. */
export interface PredictHooks {
  /** Called with a sentence for each column in which cells were filled in, or categories training did not see. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A trained model that reads tables: preprocessing and networks, what `model.json` holds. */
export class TableModel {
  readonly #loaded: LoadedModel;
  /** How the columns of a table become the numbers that the network reads, and what was done to the data. */
  readonly preprocessing: Preprocessing;

  constructor(loaded: LoadedModel) {
    if (loaded.preprocessing === null) {
      throw new RelucentError(
        'invalid-model',
        'preprocessing',
        'expected a model trained on a table, got one trained on bare numbers; read it with RelucentClassifier.fromJSON or ' +
          'RelucentRegressor.fromJSON',
      );
    }
    this.#loaded = loaded;
    this.preprocessing = loaded.preprocessing;
  }

  /** The networks on the numbers that the preprocessing makes. */
  get model(): TrainedModel {
    return this.#loaded.model;
  }

  /** Class names in the order of the probabilities; empty in regression. */
  get classes(): readonly string[] {
    return this.#loaded.classes;
  }

  /** What was proven, on the standardised training rows. */
  get certificate(): OutputCertificate {
    return this.#loaded.model.certificate;
  }

  /**
   * Predictions for some rows: numbers in the target's units, or names of classes. Columns are found by name; further ones,
   * the target among them, do not matter. Missing cells and unseen categories are treated as in training.
   *
   * @throws RelucentError 'invalid-table' for a column that is not there, or a cell that is no number where one is needed
   */
  predict(data: TableInput, hooks: PredictHooks = {}): number[] | string[] {
    const { predictions } = this.#predict(data, hooks);
    return predictions.task === 'regression'
      ? Array.from(predictions.values)
      : Array.from(predictions.labels, (label) => this.classes[label] ?? '');
  }

  /**
   * Probabilities of the classes for some rows, in the order of {@link classes}.
   * @throws RelucentError 'unsupported' for a regressor; else as {@link predict}
   */
  predictProba(data: TableInput, hooks: PredictHooks = {}): number[][] {
    const { predictions } = this.#predict(data, hooks);
    if (predictions.task === 'classification') return predictions.probabilities.map((row) => [...row]);
    throw new RelucentError(
      'unsupported',
      'predictProba',
      'expected a classifier, got a regressor; call predict',
    );
  }

  /** The content of a model file, plain data with a checksum. */
  toJSON(): ModelJson {
    const { target } = this.preprocessing;
    return target.task === 'classification'
      ? writeModel('classifier', this.model, target.classes, this.preprocessing)
      : writeModel('regressor', this.model, [], this.preprocessing);
  }

  /**
   * The model in parsed JSON: what {@link toJSON} gave, or `relucent train` wrote as `model.json`.
   * @throws RelucentError 'invalid-model'
   */
  static fromJSON(json: unknown): TableModel {
    return new TableModel(loadModel(json));
  }

  #predict(data: TableInput, { onWarning }: PredictHooks): TablePredictions {
    const predicted = predictTable(this.#loaded, readTableInput(data));
    if (onWarning) predicted.notes.forEach(onWarning);
    return predicted;
  }
}
