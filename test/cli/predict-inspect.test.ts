import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RelucentClassifier, RelucentRegressor } from '../../src/index.js';
import { applyPreprocessing } from '../../src/table/apply-preprocessing.js';
import { readTableFile } from '../../src/table/read-table.js';
import { loadModel } from '../../src/training/predict-table.js';
import { csv, DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

let trained = '';
const modelOf = (name: string): string => join(trained, name, 'model.json');

beforeAll(async () => {
  trained = scratch();
  await Promise.all(
    [
      ['iris', 'species'],
      ['auto-mpg', 'mpg'],
    ].map(async ([name = '', target = '']) => {
      const args = ['--sample', '30', '--beta-ratio', '0.02', '--out', join(trained, name), '--quiet'];
      const { code, stderr } = await relucent(['train', `${DATA}/${name}.csv`, '--target', target, ...args]);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }),
  );
});

/** Rows of a CSV text without quotes. */
function cells(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

async function designOf(name: string): Promise<{ values: Float64Array; rows: number; columns: number }> {
  const { preprocessing } = loadModel(JSON.parse(readFileSync(modelOf(name), 'utf8')));
  if (!preprocessing) throw new Error('no preprocessing');
  const { X, n, d } = applyPreprocessing(await readTableFile(`${DATA}/${name}.csv`), preprocessing);
  return { values: X, rows: n, columns: d };
}

describe('predict', () => {
  it('prints what the model predicts in process, digit for digit (classes)', async () => {
    const run = await relucent(['predict', modelOf('iris'), `${DATA}/iris.csv`, '--probabilities']);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^relucent: score on 150 of 150 rows with a known species: accuracy 0\.9\d+, .*\n$/,
    );
    const model = RelucentClassifier.fromJSON(JSON.parse(readFileSync(modelOf('iris'), 'utf8')));
    const X = await designOf('iris');
    const labels = model.predict(X);
    const probabilities = model.predictProba(X);
    expect(cells(run.stdout)).toEqual([
      ['row', 'prediction', 'p(setosa)', 'p(versicolor)', 'p(virginica)'],
      ...labels.map((label, i) => [String(i + 1), label, ...(probabilities[i] ?? []).map(String)]),
    ]);
  });

  it('prints numbers in the units of the target, to a file that appears whole (regression)', async () => {
    const cwd = scratch();
    const run = await relucent(
      ['predict', modelOf('auto-mpg'), `${DATA}/auto-mpg.csv`, '--out', 'deep/p.csv'],
      {
        cwd,
      },
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(
      'warning: Column "horsepower": 6 missing cells filled with the training median',
    );
    expect(filesIn(join(cwd, 'deep'))).toEqual(['p.csv']);
    const model = RelucentRegressor.fromJSON(JSON.parse(readFileSync(modelOf('auto-mpg'), 'utf8')));
    const predicted = Array.from(model.predict(await designOf('auto-mpg')), String);
    const printed = cells(readFileSync(join(cwd, 'deep/p.csv'), 'utf8'));
    expect(printed.slice(1).map(([, value]) => value)).toEqual(predicted);
    expect(Math.min(...predicted.map(Number))).toBeGreaterThan(5);
  });

  it('finds columns by name, warns of unseen categories, and needs no target', async () => {
    const cwd = scratch({
      'new.csv': csv('note,origin,weight,horsepower,cylinders,displacement,acceleration,model_year', [
        ['x', 'mars', 3000, 100, 4, 200, 15, 75],
      ]),
    });
    const run = await relucent(['predict', modelOf('auto-mpg'), 'new.csv'], { cwd });
    expect(run.code).toBe(0);
    expect(cells(run.stdout)).toHaveLength(2);
    expect(run.stderr).toMatch(
      /^relucent: warning: Column "origin": 1 new cell holds categories .*\(mars\).*\n$/,
    );
  });

  it('quotes class names that need it', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => [i, i < 12 ? '"big, ""red"""' : 'small']);
    const cwd = scratch({ 'in.csv': csv('a,kind', rows) });
    await relucent(
      ['train', 'in.csv', '--target', 'kind', '--sample', '10', '--beta-ratio', '0.1', '--out', '.'],
      {
        cwd,
      },
    );
    const run = await relucent(['predict', 'model.json', 'in.csv', '--probabilities'], { cwd });
    expect(run.stdout.split('\n')[0]).toBe('row,prediction,"p(big, ""red"")",p(small)');
    expect(run.stdout.split('\n')[1]).toMatch(/^1,"big, ""red""",/);
  });

  it('takes the columns in order for a model of the library', async () => {
    const X = [[0], [1], [2], [3], [4]];
    const model = await new RelucentRegressor({ sample: 10 }).fit(X, [0, 1, 2, 3, 5]);
    const cwd = scratch({
      'model.json': JSON.stringify(model),
      'one.csv': csv('a', X),
      'two.csv': 'a,b\n1,2\n',
      'hole.csv': 'a\n?\n',
    });
    const run = await relucent(['predict', 'model.json', 'one.csv'], { cwd });
    expect(
      cells(run.stdout)
        .slice(1)
        .map(([, value]) => Number(value)),
    ).toEqual([...model.predict(X)]);
    expect(expectOneLine(await relucent(['predict', 'model.json', 'two.csv'], { cwd }))).toMatch(
      /header: expected 1 columns in the order of training .*got 2/,
    );
    expect(expectOneLine(await relucent(['predict', 'model.json', 'hole.csv'], { cwd }))).toMatch(
      /column "a": expected a number .*got "\?"/,
    );
  });

  it('refuses what it cannot do, in one line', async () => {
    const iris = `${DATA}/iris.csv`;
    const wrong: [string[], RegExp][] = [
      [[modelOf('iris'), `${DATA}/auto-mpg.csv`], /header: expected the columns the model was trained on/],
      [
        [modelOf('auto-mpg'), `${DATA}/auto-mpg.csv`, '--probabilities'],
        /--probabilities: expected a classifier/,
      ],
      [[modelOf('iris'), iris, '--out', iris], /--out: expected a new file, got the input/],
      [[modelOf('iris'), 'none.csv'], /none\.csv: expected a file with a table, got no file of that name/],
    ];
    for (const [args, line] of wrong)
      expect(expectOneLine(await relucent(['predict', ...args]))).toMatch(line);
  });
});

describe('inspect', () => {
  it('says what a model is and what is proven', async () => {
    const { code, stdout, stderr } = await relucent(['inspect', modelOf('auto-mpg')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of [
      'regressor of mpg',
      '2 layers, ReLU',
      'missing → 92',
      'europe, japan, usa',
      'No network on these activation patterns can have an objective below',
      'this is not a claim about all arrangements',
      'path norm',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('--json prints one object', async () => {
    const { stdout } = await relucent(['inspect', modelOf('iris'), '--json']);
    const model = JSON.parse(stdout) as { outputs: { pathNorms: number[] }[] };
    expect(model).toMatchObject({ kind: 'classifier', target: 'species', inputs: 4, depth: 2 });
    expect(model.outputs).toHaveLength(3);
    for (const { pathNorms } of model.outputs)
      expect(pathNorms).toEqual([...pathNorms].sort((a, b) => b - a));
  });

  it('a reader that stops early is no error', () => {
    const command = `"${process.execPath}" dist/cli/main.js inspect "${modelOf('iris')}" --json | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});

describe('a model file that is not right is one clear line', () => {
  const damaged: readonly (readonly [string, (text: string) => string | Uint8Array, RegExp])[] = [
    [
      'truncated',
      (text) => text.slice(0, text.length / 2),
      /expected a model file in JSON, got a text that breaks off at line 1/,
    ],
    ['empty', () => '', /expected a model file in JSON, got nothing/],
    ['binary', () => Uint8Array.of(1, 0, 2, 255), /got a binary file/],
    ['other JSON', () => '{"a": 1}', /format: expected "relucent-model", got undefined/],
    ['an array', () => '[1]', /format: expected "relucent-model"/],
    [
      'edited in a weight',
      (text) =>
        text.replace(/"output":\[-?(\d)/, (_, digit: string) => `"output":[${(Number(digit) + 1) % 10}`),
      /checksum: expected sha256/,
    ],
    ['edited in a mean', (text) => text.replace(/"median":\d+/, '"median":1'), /checksum: expected sha256/],
    [
      'without its outputs',
      (text) => JSON.stringify({ ...(JSON.parse(text) as object), outputs: undefined }),
      /outputs: .*expected/,
    ],
    [
      'newer',
      (text) => text.replace('"version":3', '"version":99'),
      /version: expected at most 3, got 99; .*newer relucent/,
    ],
  ];

  it.concurrent.for(damaged)('%s', async ([, damage, line], { expect }) => {
    const cwd = scratch({ 'bad.json': damage(readFileSync(modelOf('auto-mpg'), 'utf8')) });
    const message = expectOneLine(await relucent(['inspect', 'bad.json'], { cwd }));
    expect(message).toMatch(line);
    const predict = ['predict', 'bad.json', `${DATA}/auto-mpg.csv`, '--out', 'p.csv'];
    expect(expectOneLine(await relucent(predict, { cwd }))).toBe(message);
    expect(filesIn(cwd)).toEqual(['bad.json']);
  });

  it('absent, or a folder', async () => {
    const cwd = scratch();
    expect(expectOneLine(await relucent(['inspect', 'none.json'], { cwd }))).toContain(
      'got no file of that name',
    );
    expect(expectOneLine(await relucent(['inspect', '.'], { cwd }))).toContain('got a folder');
  });
});
