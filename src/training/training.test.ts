import { describe, expect, it } from 'vitest';
import { cellsOf, tableOfCells } from '../../test/fixtures/cells.js';
import type { LearningRows } from '../estimator/fold-data.js';
import { crossValidateRecipes, CV_GRID } from '../estimator/select-beta.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { inferSchema } from '../table/schema.js';
import { foldIds } from '../table/split.js';
import type { Table } from '../table/table.js';
import { chooseBeta, crossValidate } from './choose-beta.js';
import { candidatesOf } from './fit-model.js';
import { prepareTable, type PreparedTable } from './prepare-table.js';
import { scorePredictions } from './scores.js';
import { tableFolds } from './table-folds.js';
import { trainTable } from './train-table.js';
import { TRAIN_DEFAULTS, type TrainOptions } from './train-options.js';
import { constantPredictor, trainLinear } from './yardsticks.js';

const options: TrainOptions = { ...TRAIN_DEFAULTS, target: 'y', sample: 20, folds: 3 };

/** A table of a, b and a target made of them. */
function tableOf(n: number, target: (a: number, b: number, i: number) => string | number): Table {
  const rows = Array.from({ length: n }, (_, i) => {
    const a = Math.sin(1.3 * i);
    const b = Math.cos(2.1 * i);
    return [a, b, target(a, b, i)].map(String);
  });
  return tableOfCells(['a', 'b', 'y'], rows);
}

function prepared(table: Table, more: Partial<TrainOptions> = {}): PreparedTable {
  const all = { ...options, ...more };
  return prepareTable(table, inferSchema(table, all), all);
}

describe('scores', () => {
  it('accuracy and log loss', () => {
    const predictions = {
      task: 'classification',
      labels: Int32Array.of(0, 1, 1),
      probabilities: [
        [0.75, 0.25],
        [0.5, 0.5],
        [1, 0],
      ],
    } as const;
    const actual = { task: 'classification', labels: Int32Array.of(0, 1, 0) } as const;
    const [accuracy, logLoss] = scorePredictions(predictions, actual);
    expect(accuracy).toBeCloseTo(2 / 3, 12);
    expect(logLoss).toBeCloseTo(-(Math.log(0.75) + Math.log(0.5)) / 3, 12);
  });

  it.each([1e-200, 1, 1e150])('R² and RMSE in units of %d', (unit) => {
    const of = (values: number[]): Float64Array => Float64Array.from(values, (value) => value * unit);
    const [r2 = NaN, rmse = NaN] = scorePredictions(
      { task: 'regression', values: of([1, 2, 3, 5]) },
      { task: 'regression', values: of([1, 2, 3, 4]) },
    );
    expect(r2).toBeCloseTo(1 - 1 / 5, 12);
    expect(rmse / unit).toBeCloseTo(0.5, 12);
  });

  it('there is no R² of a constant target', () => {
    const one = { task: 'regression', values: Float64Array.of(2) } as const;
    expect(scorePredictions(one, one)).toEqual([NaN, 0]);
  });
});

describe('preparation', () => {
  it('learns nothing from test rows', () => {
    const table = tableOf(40, (a, b) => a - b);
    const { split, preprocessing, train } = prepared(table);
    const changed = cellsOf(table);
    for (const row of split.test) changed[row] = ['1e6', '-1e6', '1e9'];
    const again = prepared(tableOfCells(table.columns, changed));
    expect(again.preprocessing).toEqual(preprocessing);
    expect(again.train).toEqual(train);
    expect(again.test).not.toEqual(prepared(table).test);
  });

  it('tells of test rows that repeat training rows', () => {
    const table = tableOf(30, (a) => a);
    const doubled = tableOfCells(table.columns, [...cellsOf(table), ...cellsOf(table)]);
    expect(prepared(doubled).notes.join()).toMatch(/test rows repeat a training row exactly/);
  });

  it('refuses more rows than the solver can hold', () => {
    const table = tableOf(100_001, (a) => a);
    expect(() => prepared(table, { testFraction: 0 })).toThrow(/expected at most 100000 training rows/);
  });
});

describe('choice of β', () => {
  it('adds up the outputs and takes the smallest mean', async () => {
    const three = prepared(tableOf(60, (a, b) => (a > 0.3 ? 'p' : b > 0 ? 'q' : 'r')));
    const candidates = candidatesOf(three, options);
    const choice = await crossValidate(three, candidates, options, {});
    const foldOf = foldIds(three.labels, three.train.rows.n, { folds: 3, seed: options.seed });
    const folds = tableFolds(three, foldOf, 3, options);
    const only = (rows: LearningRows, k: number): LearningRows => ({ ...rows, targets: [rows.targets[k]!] });
    const single = await Promise.all(
      three.outputs.map(async (_, k) => {
        const own = folds.map(({ inside, outside, unit }) => ({
          inside: only(inside, k),
          outside: only(outside, k),
          unit,
        }));
        const recipes = candidates.map(({ recipe }) => recipe);
        const [curve] = await crossValidateRecipes(own, recipes, { ...CV_GRID, executor: inlineExecutor });
        return curve!.points;
      }),
    );
    choice.curve?.forEach(({ mean }, k) => {
      expect(mean).toBeCloseTo(
        single.reduce((sum, points) => sum + (points[k]?.mean ?? NaN), 0),
        12,
      );
    });
    const best = [...(choice.curve ?? [])].sort((x, y) => x.mean - y.mean)[0];
    expect(choice).toMatchObject({ by: 'cross-validation', folds: 3, betaRatio: best?.betaRatio });
  });

  it.each([
    [
      'a class with one row',
      tableOf(30, (_a, _b, i) => (i === 7 ? 'rare' : i % 2 ? 'p' : 'q')),
      /rarest class has only 1/,
    ],
    ['three rows', tableOf(3, (a) => a), /only 3 training rows for 3 folds/],
  ])('falls back on the default for %s, and says so', async (_, table, reason) => {
    const small = prepared(table, { testFraction: 0 });
    const choice = await crossValidate(small, candidatesOf(small, options), options, {});
    expect(choice).toMatchObject({ by: 'default', betaRatio: 0.02, curve: null });
    expect(choice.note).toMatch(reason);
  });

  it('uses fewer folds for a small class, and says so', async () => {
    const small = prepared(
      tableOf(30, (_a, _b, i) => (i % 15 === 7 ? 'rare' : 'common')),
      { testFraction: 0 },
    );
    const choice = await crossValidate(small, candidatesOf(small, options), options, {});
    expect(choice).toMatchObject({ by: 'cross-validation', folds: 2 });
    expect(choice.note).toMatch(/rarest class has only 2 training rows for 3 folds/);
  });

  it('takes what is given', async () => {
    const table = prepared(tableOf(30, (a) => a));
    const candidates = candidatesOf(table, options);
    expect(await chooseBeta(table, candidates, { ...options, beta: 2 }, {})).toMatchObject({
      by: 'beta',
      beta: 2,
    });
    expect(await chooseBeta(table, candidates, { ...options, betaRatio: 0.5 }, {})).toMatchObject({
      betaRatio: 0.5,
    });
  });

  it('gives way to the default when the time limit is short', async () => {
    const outcome = await trainTable(
      tableOf(80, (a, b) => Math.abs(a) + b),
      { ...options, timeLimit: 1e-3 },
    );
    expect(outcome.beta).toMatchObject({ by: 'default', betaRatio: 0.02 });
    expect(outcome.notes.join()).toMatch(/Cross-validation did not end within/);
  });
});

describe('yardsticks', () => {
  it('the linear model finds a linear target, whatever the β of the network', async () => {
    const outcome = await trainTable(
      tableOf(60, (a, b) => 3 * a - 2 * b + 7),
      { ...options, betaRatio: 0.9 },
    );
    const [network, linear, constant] = outcome.scores.rows;
    expect(linear?.test?.[0]).toBeGreaterThan(0.999);
    expect(network?.test?.[0]).toBeLessThan(0.9);
    expect(constant?.train[0]).toBeCloseTo(0, 12);
    expect(outcome.linear.choice.by).toBe('cross-validation');
  });

  it('the linear model separates what a line can, in three classes', async () => {
    const table = prepared(tableOf(90, (a) => (a > 0.4 ? 'high' : a < -0.4 ? 'low' : 'middle')));
    const { model } = await trainLinear(table, options, {});
    expect(model.outputs).toHaveLength(3);
    for (const { certificate } of model.outputs) expect(certificate.relativeGap).toBeLessThanOrEqual(1e-6);
  });

  it('the constant predictor gives class frequencies and the majority', () => {
    const predict = constantPredictor({ task: 'classification', labels: Int32Array.of(2, 0, 2, 1) }, 3);
    const part = {
      rows: { X: new Float64Array(2), n: 2, d: 1 },
      actual: { task: 'classification', labels: new Int32Array(2) },
    } as const;
    expect(predict(part)).toMatchObject({
      labels: Int32Array.of(2, 2),
      probabilities: [
        [0.25, 0.25, 0.5],
        [0.25, 0.25, 0.5],
      ],
    });
  });
});
