import { cellsOf, tableOfCells } from '../../test/fixtures/cells.js';
import { describe, expect, it } from 'vitest';
import { inferSchema } from '../table/schema.js';
import { foldIds } from '../table/split.js';
import type { Table } from '../table/table.js';
import { prepareTable } from './prepare-table.js';
import { tableFolds } from './table-folds.js';
import { TRAIN_DEFAULTS, type TrainOptions } from './train-options.js';
import { modelFileOf, trainTable } from './train-table.js';

const options: TrainOptions = {
  ...TRAIN_DEFAULTS,
  target: 'y',
  categorical: ['c'],
  sample: 15,
  folds: 3,
  depths: [2, 3],
  widths: [2],
  selection: 'one-standard-error',
};

function tableOf(target: (a: number, b: number) => string): Table {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const a = Math.sin(1.3 * i);
    const b = Math.cos(2.1 * i);
    return [String(a), i % 7 === 0 ? '' : String(b), 'uvw'[i % 3]!, target(a, b)];
  });
  return tableOfCells(['a', 'b', 'c', 'y'], rows);
}

const tables = {
  regression: tableOf((a, b) => String(Math.abs(a) + b)),
  classification: tableOf((a, b) => (a + b > 0 ? 'p' : 'q')),
} as const;

describe.each(['regression', 'classification'] as const)('no leak, %s', (task) => {
  const table = tables[task];

  it('the held-out test rows have no say in β, size, preprocessing or weights, to the bit', async () => {
    const plain = await trainTable(table, options);
    const { test } = plain.prepared.split;
    const cells = cellsOf(table);
    const labels = Array.from(test, (row) => cells[row]![3]!);
    test.forEach((row, k) => {
      // Numbers far off; in classification the labels stay, as the split is by class, yet inputs are destroyed.
      const target = task === 'regression' ? String(1e3 * k) : labels[k]!;
      cells[row] = [String(1e6 * (k - 3)), String(-1e5 * k), 'u', target];
    });
    const again = await trainTable(tableOfCells(table.columns, cells), options);
    expect(again.beta).toEqual(plain.beta);
    const weights = (outcome: typeof plain): unknown => ({
      networks: outcome.model.outputs.map(({ network }) => network),
      preprocessing: modelFileOf(outcome).preprocessing,
      betas: outcome.model.outputs.map(({ certificate }) => certificate.beta),
    });
    expect(weights(again)).toEqual(weights(plain));
    expect(again.scores.rows[0]!.test).not.toEqual(plain.scores.rows[0]!.test);
  });

  it('nothing of the rows held out of a fold enters what its rows are trained on', () => {
    const schema = inferSchema(table, options);
    const one = prepareTable(table, schema, { ...options, testFraction: 0 });
    const foldOf = foldIds(one.labels, 60, { folds: 3, seed: 0 });
    const cells = cellsOf(table);
    foldOf.forEach((fold, i) => {
      if (fold !== 0) return;
      const row = cells[one.split.train[i]!]!;
      row[0] = '1e5';
      row[1] = String(i);
      if (task === 'regression') row[3] = String(1e4 + i);
    });
    const other = prepareTable(tableOfCells(table.columns, cells), schema, { ...options, testFraction: 0 });
    // What is fitted on all rows does move; what is fitted within the fold does not.
    expect(other.train).not.toEqual(one.train);
    const [before] = tableFolds(one, foldOf, 3, options);
    const [after] = tableFolds(other, foldOf, 3, options);
    expect(after!.inside).toEqual(before!.inside);
    expect(after!.outside).not.toEqual(before!.outside);
  });
});

describe('nested cross-validation and weights of a table', () => {
  it('reports the spread of the outer folds', async () => {
    const { nested } = await trainTable(tables.classification, {
      ...options,
      depths: [2],
      widths: [],
      nested: 3,
    });
    expect(nested!.outer).toHaveLength(3);
    expect(nested!.outer.reduce((sum, { testRows }) => sum + testRows, 0)).toBe(45);
    const accuracies = nested!.outer.map(({ scores }) => scores[0]!);
    expect(nested!.mean[0]).toBeCloseTo(accuracies.reduce((sum, value) => sum + value, 0) / 3, 12);
    for (const { largestGap } of nested!.outer) expect(largestGap).toBeLessThanOrEqual(1e-3);
  });

  it('a column of weights is no input; weight 0 is absent', async () => {
    const columns = [...tables.regression.columns, 'w'];
    const rows = cellsOf(tables.regression).map((row, i) => [...row, String(i % 4)]);
    const weighted = tableOfCells(columns, rows);
    const fast = {
      ...TRAIN_DEFAULTS,
      target: 'y',
      sample: 15,
      betaRatio: 0.05,
      weights: 'w',
      testFraction: 0,
    };
    const outcome = await trainTable(weighted, fast);
    expect(outcome.prepared.preprocessing.featureNames.some((name) => name.startsWith('w'))).toBe(false);
    expect(outcome.prepared.split.train).toHaveLength(45);
    expect(outcome.notes.join()).toContain('15 training rows of weight 0 left out');
    expect(outcome.importances.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c']);
    expect(outcome.importances.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const bad = tableOfCells(
      columns,
      rows.map((row, i) => (i === 3 ? [...row.slice(0, 4), '-1'] : row)),
    );
    await expect(trainTable(bad, fast)).rejects.toThrow(/expected a weight from 0 to/);
    await expect(trainTable(weighted, { ...fast, weights: 'y' })).rejects.toThrow(
      /^--weights: expected another column/,
    );
  });
});
