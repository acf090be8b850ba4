/**
 * Test scores on tables, by 5-fold cross-validation: certified networks of depth 2 and 3 against a linear (logistic) model and
 * an MLP trained by Adam, of as many hidden units as the network of depth 2 has sub-networks, in the same run.
 *
 *   npm run bench -- scores --data DIR          every folder of DIR with a data.csv whose last column is `target`
 *   npm run bench -- scores --data DIR iris     the folders whose name contains "iris"
 *   --rows 300                                  most rows of a table, drawn by seed 0; default 300
 *   --sample 100                                activation patterns; default 100
 *
 * In each fold β is chosen by 3-fold cross-validation on its own training rows (networks and linear model); the MLP's learning
 * rate and weight decay on a grid by a quarter of them held out, then trained on all. Columns of a folder named monks-* are
 * categories. A fold that misses its gap makes the exit code 1.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openExecutor } from '../src/executor/open-executor.js';
import type { Executor } from '../src/executor/executor.js';
import { integerGenerator } from '../src/random.js';
import { applyPreprocessing } from '../src/table/apply-preprocessing.js';
import { parseTable } from '../src/table/parse-table.js';
import { foldIds } from '../src/table/split.js';
import { loadModel, predictTable } from '../src/training/predict-table.js';
import { TRAIN_DEFAULTS, type TrainOptions } from '../src/training/train-options.js';
import { modelFileOf, trainTable, type TrainOutcome } from '../src/training/train-table.js';
import { trainMlp, type MlpTask } from './adam-mlp.js';
import { printHead, printRow } from './measured-solve.js';
import { numberOption } from './options.js';

const FOLDS = 5;
const INNER_FOLDS = 3;
const WIDTH = 2;
/** Whole numbers of up to so many values are classes. */
const MOST_CLASSES = 10;
const EPOCHS = 200;
const RATES = [0.003, 0.01];
const DECAYS = [0, 0.1];

interface Limits {
  readonly rows: number;
  readonly sample: number;
}

/** Scores of one fold: accuracy or R². */
interface FoldScore {
  readonly network2: number;
  readonly network3: number;
  readonly linear: number;
  readonly mlp: number;
  readonly seconds2: number;
  readonly seconds3: number;
  readonly secondsMlp: number;
  readonly subNetworks: number;
  readonly gap: number;
}

export async function benchScores(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      rows: { type: 'string', default: '300' },
      sample: { type: 'string', default: '100' },
    },
  });
  const folder = values.data;
  if (folder === undefined)
    throw new Error('expected --data DIR, a folder of folders with data.csv, got none');
  const limits = {
    rows: numberOption('rows', values.rows, { least: 20, whole: true }),
    sample: numberOption('sample', values.sample, { least: 1, whole: true }),
  };
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'data.csv')))
    .filter((name) => positionals.every((part) => name.includes(part)));
  printHead(
    'table,rows × inputs,score,depth 2,depth 3,linear,MLP (Adam),s depth 2,s depth 3,s MLP,sub-networks,largest gap'.split(
      ',',
    ),
  );
  const executor = openExecutor(2);
  try {
    for (const name of names)
      await benchTable(name, readFileSync(join(folder, name, 'data.csv'), 'utf8'), limits, executor);
  } finally {
    await executor.close();
  }
}

async function benchTable(name: string, text: string, limits: Limits, executor: Executor): Promise<void> {
  const [header = '', ...all] = text.trim().split('\n');
  const lines = drawn(all, limits.rows);
  const columns = header.trim().split(',');
  const targets = lines.map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
  const kinds = [...new Set(targets)];
  const isClasses = kinds.length <= MOST_CLASSES && kinds.every(Number.isInteger);
  const labels = isClasses ? Int32Array.from(targets, (target) => kinds.indexOf(target)) : null;
  const foldOf = foldIds(labels, lines.length, { folds: FOLDS, seed: 0 });
  const target = columns.at(-1) ?? 'target';
  const options: TrainOptions = {
    ...TRAIN_DEFAULTS,
    target,
    task: isClasses ? 'classification' : 'regression',
    testFraction: 0,
    folds: INNER_FOLDS,
    sample: limits.sample,
    ...(name.startsWith('monks') ? { categorical: columns.slice(0, -1) } : {}),
  };
  const scores: FoldScore[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const part = (inside: boolean): string =>
      [header, ...lines.filter((_, i) => (foldOf[i] !== fold) === inside)].join('\n');
    scores.push(await foldScore(part(true), part(false), options, executor));
  }
  const mean = (of: (score: FoldScore) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / FOLDS;
  const gap = Math.max(...scores.map((score) => score.gap));
  if (!(gap <= options.tolerance)) process.exitCode = 1;
  printRow([
    name,
    `${lines.length} × ${columns.length - 1}`,
    isClasses ? 'accuracy' : 'R²',
    ...[mean((s) => s.network2), mean((s) => s.network3), mean((s) => s.linear), mean((s) => s.mlp)].map(
      (v) => v.toFixed(3),
    ),
    ...[mean((s) => s.seconds2), mean((s) => s.seconds3), mean((s) => s.secondsMlp)].map((v) =>
      v.toPrecision(2),
    ),
    mean((s) => s.subNetworks).toFixed(0),
    gap.toExponential(1),
  ]);
}

async function foldScore(
  inside: string,
  outside: string,
  options: TrainOptions,
  executor: Executor,
): Promise<FoldScore> {
  const [train, test] = [parseTable(inside), parseTable(outside)];
  const run = async (
    more: Partial<TrainOptions>,
  ): Promise<{ outcome: TrainOutcome; score: number; seconds: number }> => {
    const started = performance.now();
    const outcome = await trainTable(train, { ...options, ...more }, { executor });
    const seconds = (performance.now() - started) / 1000 - outcome.seconds.yardsticks;
    const { score } = predictTable(loadModel(JSON.parse(JSON.stringify(modelFileOf(outcome)))), test);
    return { outcome, score: score?.values[0] ?? NaN, seconds };
  };
  const two = await run({ depth: 2 });
  const three = await run({ depth: 3, width: WIDTH });
  const { prepared, linear, model } = two.outcome;
  const { preprocessing } = prepared;
  const classes = preprocessing.target.task === 'classification' ? preprocessing.target.classes : [];
  const ofLinear = predictTable({ model: linear.model, classes, preprocessing }, test).score;
  const subNetworks = model.outputs.reduce((sum, { network }) => sum + network.subNetworks.length, 0);
  const started = performance.now();
  const { X, d } = prepared.train.rows;
  const y = prepared.labels ?? prepared.outputs[0]?.y ?? [];
  const mlp = tunedMlp({ X, d, y, classes: prepared.labels ? classes.length : 0 }, Math.max(1, subNetworks));
  const secondsMlp = (performance.now() - started) / 1000;
  const matrix = applyPreprocessing(test, preprocessing);
  const truth = test.columns.indexOf(options.target);
  const actual = Array.from({ length: test.rowCount }, (_, row) => test.cells[truth]?.number(row) ?? NaN);
  return {
    network2: two.score,
    network3: three.score,
    linear: ofLinear?.values[0] ?? NaN,
    mlp: scoreOf(mlp(matrix.X, matrix.n), actual, preprocessing.target),
    seconds2: two.seconds,
    seconds3: three.seconds,
    secondsMlp,
    subNetworks,
    gap: Math.max(two.outcome.model.certificate.relativeGap, three.outcome.model.certificate.relativeGap),
  };
}

/** The MLP with the rate and decay that do best on a quarter of the rows, trained on all of them. */
function tunedMlp(task: MlpTask, width: number): ReturnType<typeof trainMlp> {
  const n = task.y.length;
  const held = Array.from({ length: n }, (_, i) => i % 4 === 0);
  const pick = (want: boolean): MlpTask => {
    const rows = held.flatMap((isHeld, i) => (isHeld === want ? [i] : []));
    const X = new Float64Array(rows.length * task.d);
    rows.forEach((i, k) => {
      X.set(task.X.subarray(i * task.d, (i + 1) * task.d), k * task.d);
    });
    return { ...task, X, y: rows.map((i) => task.y[i] ?? NaN) };
  };
  const [inside, outside] = [pick(false), pick(true)];
  const grid = RATES.flatMap((rate) =>
    DECAYS.map((decay) => ({ width, rate, decay, epochs: EPOCHS, seed: 0 })),
  );
  const losses = grid.map((settings) => heldOutLoss(trainMlp(inside, settings), outside));
  const best = grid[losses.indexOf(Math.min(...losses))] ?? grid[0];
  if (!best) throw new Error('expected a grid of settings, got none');
  return trainMlp(task, best);
}

function heldOutLoss(mlp: ReturnType<typeof trainMlp>, { X, y, classes }: MlpTask): number {
  const out = mlp(X, y.length);
  const K = Math.max(1, classes);
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const row = out.subarray(i * K, (i + 1) * K);
    if (classes === 0) loss += 0.5 * ((row[0] ?? NaN) - (y[i] ?? NaN)) ** 2;
    else {
      const most = Math.max(...row);
      loss +=
        most +
        Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0)) -
        (row[y[i] ?? 0] ?? NaN);
    }
  }
  return loss;
}

function scoreOf(
  out: Float64Array,
  actual: readonly number[],
  target:
    | { readonly task: 'classification'; readonly classes: readonly string[] }
    | { readonly task: 'regression'; readonly mean: number; readonly scale: number },
): number {
  if (target.task === 'classification') {
    const K = target.classes.length;
    const hits = actual.filter((truth, i) => {
      const row = out.subarray(i * K, (i + 1) * K);
      return Number(target.classes[row.indexOf(Math.max(...row))]) === truth;
    });
    return hits.length / actual.length;
  }
  const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
  const residual = actual.reduce(
    (sum, value, i) => sum + (value - target.mean - target.scale * (out[i] ?? NaN)) ** 2,
    0,
  );
  return 1 - residual / actual.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** So many lines, drawn without replacement by seed 0 where there are more; in their order. */
function drawn(lines: readonly string[], count: number): readonly string[] {
  if (lines.length <= count) return lines;
  const integer = integerGenerator(0);
  const order = lines.map((_, i) => i);
  for (let i = lines.length - 1; i > 0; i--) {
    const j = integer(i);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((i) => lines[i] ?? '');
}
