import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import {
  forward,
  forwardMlp,
  forwardResNet,
  mlpFromJson,
  parallelFromJson,
  resNetFromJson,
  RelucentRegressor,
} from '../../src/index.js';
import { cellsOf } from '../fixtures/cells.js';
import { applyPreprocessing } from '../../src/table/apply-preprocessing.js';
import { readTableFile } from '../../src/table/read-table.js';
import type { ExportedModel } from '../../src/training/export-model.js';
import { loadModel } from '../../src/training/predict-table.js';
import { expectClose } from '../fixtures/close.js';
import { ARCHITECTURE, SUMMATION } from '../tolerances.js';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const forms = ['parallel', 'mlp', 'resnet'] as const;
const deep = ['--depth', '3', '--width', '2'];
const kinds = {
  iris: ['--target', 'species', ...deep, '--formulation', 'gated', '--decompose'],
  'auto-mpg': ['--target', 'mpg', ...deep],
  gated: ['--target', 'species', '--formulation', 'gated'],
};

let trained = '';
const modelOf = (name: keyof typeof kinds): string => join(trained, name, 'model.json');

beforeAll(async () => {
  trained = scratch();
  await Promise.all(
    Object.entries(kinds).map(async ([name, args]) => {
      const data = `${DATA}/${name === 'auto-mpg' ? name : 'iris'}.csv`;
      const rest = ['--sample', '20', '--beta-ratio', '0.05', '--out', join(trained, name), '--quiet'];
      expect((await relucent(['train', data, ...args, ...rest])).code).toBe(0);
    }),
  );
});

/** The inputs of the exported networks for a table: standardised, with the bias. */
async function inputsOf(name: 'iris' | 'auto-mpg'): Promise<Rows> {
  const { preprocessing, model } = loadModel(JSON.parse(readFileSync(modelOf(name), 'utf8')));
  if (!preprocessing) throw new Error('no preprocessing');
  const { X, n, d } = applyPreprocessing(await readTableFile(`${DATA}/${name}.csv`), preprocessing);
  expect(model.options.bias).toBe(true);
  const withOnes = new Float64Array(n * (d + 1)).fill(1);
  for (let i = 0; i < n; i++) withOnes.set(X.subarray(i * d, (i + 1) * d), i * (d + 1));
  return { X: withOnes, n, d: d + 1 };
}

function outputsOf({ outputs }: ExportedModel, rows: Rows): Float64Array[] {
  return outputs.map(({ network }) => {
    switch (network.architecture) {
      case 'parallel':
        return forward(parallelFromJson(network), rows);
      case 'mlp':
        return forwardMlp(mlpFromJson(network), rows);
      case 'resnet':
        return forwardResNet(resNetFromJson(network), rows);
      default:
        return network satisfies never;
    }
  });
}

async function exported(name: keyof typeof kinds, form: (typeof forms)[number]): Promise<ExportedModel> {
  const { code, stdout, stderr } = await relucent(['export', modelOf(name), '--as', form]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as ExportedModel;
}

/** Columns of what `relucent predict` prints, as numbers. */
async function printed(name: 'iris' | 'auto-mpg', columns: readonly number[]): Promise<number[][]> {
  const flags = name === 'iris' ? ['--probabilities'] : [];
  const { stdout } = await relucent(['predict', modelOf(name), `${DATA}/${name}.csv`, ...flags]);
  const lines = stdout.trimEnd().split('\n').slice(1);
  return columns.map((column) => lines.map((line) => Number(line.split(',')[column])));
}

describe('export', () => {
  it.each(forms)('%s predicts what relucent predict does: numbers', async (form) => {
    const model = await exported('auto-mpg', form);
    const { mean, scale } = model.target!;
    const [f] = outputsOf(model, await inputsOf('auto-mpg'));
    const [expected] = await printed('auto-mpg', [1]);
    expectClose(
      f!.map((value) => mean + scale * value),
      expected!,
      ARCHITECTURE,
    );
  });

  it.each(forms)('%s predicts what relucent predict does: classes', async (form) => {
    const model = await exported('iris', form);
    expect(model).toMatchObject({
      kind: 'classifier',
      classes: ['setosa', 'versicolor', 'virginica'],
      target: null,
    });
    expect(model.outputs.map(({ label }) => label)).toEqual(model.classes);
    const f = outputsOf(model, await inputsOf('iris'));
    const expected = await printed('iris', [2, 3, 4]);
    const sigmoids = f.map((values) => values.map((value) => 1 / (1 + Math.exp(-value))));
    const total = sigmoids[0]!.map((_, i) => sigmoids.reduce((sum, values) => sum + values[i]!, 0));
    sigmoids.forEach((values, k) => {
      expectClose(
        values.map((value, i) => value / total[i]!),
        expected[k]!,
        ARCHITECTURE,
        1,
      );
    });
  });

  it('gives the scaling of the inputs by name', async () => {
    const { input } = await exported('auto-mpg', 'mlp');
    const at = input.names!.indexOf('weight');
    const table = await readTableFile(`${DATA}/auto-mpg.csv`);
    const column = table.columns.indexOf('weight');
    const rows = await inputsOf('auto-mpg');
    cellsOf(table).forEach((row, i) => {
      const standardised = (Number(row[column]) - input.mean[at]!) / input.scale[at]!;
      expectClose([rows.X[i * rows.d + at]!], [standardised], SUMMATION, 1);
    });
    expect(input.bias).toBe(true);
    for (const list of [input.mean, input.scale]) expect(list.length).toBe(rows.d - 1);
  });

  it('takes a model of the library, whose own scaling it gives', async () => {
    const X = [[0], [10], [20], [30], [50]];
    const model = await new RelucentRegressor({ sample: 10 }).fit(X, [0, 1, 2, 3, 5]);
    const cwd = scratch({ 'model.json': JSON.stringify(model) });
    const { stdout } = await relucent(['export', 'model.json', '--as', 'resnet'], { cwd });
    const out = JSON.parse(stdout) as ExportedModel;
    expect(out.input.names).toBeNull();
    const rows: Rows = {
      X: Float64Array.from(X.flatMap(([x]) => [(x! - out.input.mean[0]!) / out.input.scale[0]!, 1])),
      n: X.length,
      d: 2,
    };
    const f = outputsOf(out, rows)[0]!.map((value) => out.target!.mean + out.target!.scale * value);
    expectClose(f, model.predict(X), ARCHITECTURE);
  });

  it('writes a file that appears whole, and nothing where it is refused', async () => {
    const cwd = scratch();
    const run = await relucent(['export', modelOf('iris'), '--as', 'mlp', '--out', 'deep/mlp.json'], { cwd });
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(filesIn(join(cwd, 'deep'))).toEqual(['mlp.json']);
    expect(JSON.parse(readFileSync(join(cwd, 'deep/mlp.json'), 'utf8'))).toEqual(
      await exported('iris', 'mlp'),
    );
    for (const form of ['mlp', 'resnet']) {
      const gated = await relucent(['export', modelOf('gated'), '--as', form, '--out', 'no.json'], { cwd });
      expect(expectOneLine(gated)).toMatch(/expected a ReLU network, got a gated one.*--decompose/);
    }
    const same = await relucent(['export', modelOf('iris'), '--as', 'mlp', '--out', modelOf('iris')]);
    expect(expectOneLine(same)).toMatch(/--out: expected a new file, got the model/);
    expect(filesIn(cwd)).toEqual(['deep', 'deep/mlp.json']);
    expect((await exported('gated', 'parallel')).outputs[0]?.network).toMatchObject({
      network: { kind: 'gated' },
    });
  });
});
