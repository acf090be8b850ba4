import { refuseUnusable } from '../../src/table/table.js';
import { numberAt, numberError } from '../../src/table/number-cell.js';
import { parseTable } from '../../src/table/parse-table.js';
import { splitRows } from '../../src/table/split.js';
import { fitScaling } from '../../src/estimator/scaling.js';
import { prepared, selectLabelled, type LabelledRows } from '../classification/labelled-rows.js';
import type { Parts } from '../classification/protocol.js';
import type { Lab } from '../experiment.js';

/** The six sets of the paper, and the repaired version of the one that carries a defect. */
export const dataSets = [
  'acute-inflammation',
  'acute-nephritis',
  'balloons',
  'breast-tissue',
  'fertility',
  'pittsburg-bridges-span',
  'pittsburgh-bridges-span-clean',
] as const;

export type DataSetName = (typeof dataSets)[number];

/** A table of numbers whose last column is the class, from 0. @throws RelucentError for any other table */
export async function readDataSet(lab: Lab, name: DataSetName): Promise<LabelledRows> {
  const path = `uci/${name}.csv`;
  const table = parseTable(await lab.dataText(path), { name: path });
  const d = table.columns.length - 1;
  const n = table.rowCount;
  table.columns.forEach((_, column) => {
    refuseUnusable(table, column);
  });
  const cell = (row: number, column: number): number => {
    const value = numberAt(table, row, column);
    if (value === undefined) throw numberError(table, row, column);
    return value;
  };
  const X = Float64Array.from({ length: n * d }, (_, at) => cell(Math.floor(at / d), at % d));
  const labels = Int32Array.from({ length: n }, (_, row) => cell(row, d));
  return { rows: { X, n, d }, labels, classes: Math.max(...labels) + 1 };
}

/** Share of rows held out: for the test, and of the training rows for the choice of β and learning rate. */
export const TEST_SHARE = 0.25;
const VALIDATION_SHARE = 0.25;

/** Seeded parts with the classes in proportion, standardised by the rows that are trained on. */
export function partsOf(data: LabelledRows, split: number): Parts {
  const { train, test } = splitRows(data.labels, data.labels.length, {
    testFraction: TEST_SHARE,
    seed: split,
  });
  const training = selectLabelled(data, train);
  const scaling = fitScaling(training.rows);
  const second = splitRows(training.labels, training.labels.length, {
    testFraction: VALIDATION_SHARE,
    seed: split,
  });
  const inner = selectLabelled(training, second.train);
  const innerScaling = fitScaling(inner.rows);
  return {
    inner: prepared(inner, innerScaling),
    validation: prepared(selectLabelled(training, second.test), innerScaling),
    train: prepared(training, scaling),
    test: prepared(selectLabelled(data, test), scaling),
  };
}
