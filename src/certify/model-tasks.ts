import { quoteValue, RelucentError } from '../error.js';
import type { FittedOutput } from '../estimator/output.js';
import { FittedRegressor } from '../estimator/regressor.js';
import { applyScaling } from '../estimator/scaling.js';
import type { FlatMatrix } from '../problem/problem-input.js';
import { applyPreprocessing } from '../table/apply-preprocessing.js';
import { levelOf } from '../table/cell.js';
import { encodeTarget, targetNumbers, type EncodedTarget } from '../table/encode-target.js';
import type { Preprocessing } from '../table/preprocessing.js';
import { findColumn, selectRows, type Table } from '../table/table.js';
import type { LoadedModel } from '../training/predict-table.js';
import { codesOf, noTarget, numbersOf, wrongCount } from './table-columns.js';
import type { TableTask, TaskOverrides } from './table-task.js';

/**
 * The problems of a model's outputs on all rows of a table: its preprocessing, its loss (squared, or logistic for each class
 * against the rest), and the β of each output.
 * @throws RelucentError for columns and cells that are missing, and classes the model does not know
 */
export function tasksOfModel(loaded: LoadedModel, table: Table, overrides: TaskOverrides): TableTask[] {
  const { model, classes } = loaded;
  const { options } = model;
  if (model.weighted) {
    throw new RelucentError(
      'unsupported',
      'model',
      'expected a model trained without weights, got one of weighted rows or classes, whose problem this is not; its own certificate is in relucent inspect',
    );
  }
  const { X, encoded } = loaded.preprocessing
    ? encodedTable(table, loaded.preprocessing, overrides.target)
    : bareTable(loaded, table, overrides.target);
  const told = classes.length === 2 ? [1] : [...classes.keys()];
  if (encoded.task === 'classification' && model.outputs[0]?.network.outputs === classes.length) {
    return [softmaxTask(loaded, model.outputs[0], { X, labels: encoded.labels }, overrides)];
  }
  return model.outputs.map(({ label, network, certificate }, k) => ({
    label,
    network,
    classes:
      encoded.task === 'regression' ? null : [told.length === 1 ? (classes[0] ?? '') : 'the rest', label],
    problem: {
      X,
      y:
        encoded.task === 'regression'
          ? encoded.y
          : Float64Array.from(encoded.labels, (code) => (code === told[k] ? 1 : -1)),
      beta: overrides.beta ?? certificate.beta,
      loss: encoded.task === 'regression' ? 'squared' : 'logistic',
      bias: options.bias,
      // A network of zeros has no units to read its widths off.
      ...(network.subNetworks.length === 0 && options.depth === 3 ? { widths: [options.width] } : {}),
    },
  }));
}

/** The one problem of a softmax model: a network with an output for each class. */
function softmaxTask(
  { model, classes }: LoadedModel,
  { label, network, certificate }: FittedOutput,
  { X, labels }: { readonly X: FlatMatrix; readonly labels: Int32Array },
  { beta = certificate.beta }: TaskOverrides,
): TableTask {
  const missing = classes.find((_, k) => !labels.includes(k));
  if (missing !== undefined) {
    throw new RelucentError(
      'invalid-table',
      'target',
      `expected rows of every class of the softmax model, got none of ${quoteValue(missing)}; add some`,
    );
  }
  const { bias, depth, width } = model.options;
  return {
    label,
    network,
    classes,
    problem: {
      X,
      y: Float64Array.from(labels),
      beta,
      loss: 'softmax',
      bias,
      ...(network.subNetworks.length === 0 && depth === 3 ? { widths: [width] } : {}),
    },
  };
}

interface EncodedTable {
  readonly X: FlatMatrix;
  readonly encoded: EncodedTarget;
}

function encodedTable(table: Table, own: Preprocessing, target = own.target.name): EncodedTable {
  const preprocessing = { ...own, target: { ...own.target, name: target } };
  const { X, n, d } = applyPreprocessing(table, preprocessing);
  return { X: { values: X, rows: n, columns: d }, encoded: encodeTarget(table, preprocessing) };
}

/** A model of the library knows no names: all columns but the target, in their order. */
function bareTable({ model, classes }: LoadedModel, table: Table, target: string | undefined): EncodedTable {
  if (target === undefined) throw noTarget(table);
  const index = findColumn(table, target, '--target');
  const raw = numbersOf(
    table,
    table.columns.filter((_, column) => column !== index),
  );
  if (raw.d !== model.columns) throw wrongCount(table, raw.d, model.columns);
  const rows = model.scaling ? applyScaling(raw, model.scaling) : raw;
  const X = { values: rows.X, rows: rows.n, columns: rows.d };
  const selected = selectRows(table);
  if (model instanceof FittedRegressor) {
    const { mean, scale } = model.target ?? { mean: 0, scale: 1 };
    const y = targetNumbers(table, index, selected).map((value) => (value - mean) / scale);
    return { X, encoded: { task: 'regression', y } };
  }
  return { X, encoded: { task: 'classification', labels: codesOf(table, index, classes.map(levelOf)) } };
}
