import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrainResult } from '../../src/training/result-file.js';
import { DATA, filesIn, relucent, scratch, type Run } from './run-cli.js';

const WRITTEN = ['model.json', 'model.onnx', 'report.html', 'result.json'];
const FAST = ['--sample', '30', '--beta-ratio', '0.05'];

function resultIn(folder: string): TrainResult {
  return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as TrainResult;
}

function train(cwd: string, file: string, target: string, args: readonly string[]): Promise<Run> {
  return relucent(['train', `${DATA}/${file}.csv`, '--target', target, ...args], { cwd });
}

describe.concurrent('train', () => {
  it('shows what it understood, proved and scored (two classes)', async ({ expect }) => {
    const cwd = scratch();
    const { code, stdout } = await train(cwd, 'breast-cancer', 'diagnosis', FAST);
    expect(code).toBe(0);
    for (const text of [
      'breast-cancer.csv: 569 rows, 31 columns',
      'classification of diagnosis: benign (357), malignant (212)',
      '427 to train, 142 held out to test',
      'solved to tolerance 10⁻⁶',
      'networks on the 30 activation patterns sampled, not all there are',
      'out of 60 groups',
      'set to 0.05 of β_max by --beta-ratio',
      'train accuracy ↑',
      'logistic model',
      'constant predictor',
      'breast-cancer-relucent/model.json',
      'breast-cancer-relucent/model.onnx',
    ]) {
      expect(stdout).toContain(text);
    }
    const folder = join(cwd, 'breast-cancer-relucent');
    expect(filesIn(folder)).toEqual(WRITTEN);
    const result = resultIn(folder);
    expect(result.dualBound).toBeLessThanOrEqual(result.objective);
    expect(result.scores.rows[0]?.test?.[0]).toBeGreaterThan(0.9);
    expect(result.scores.rows[2]?.train[0]).toBeCloseTo(268 / 427, 12);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('breast-cancer.csv → diagnosis');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it('chooses β by cross-validation, in regression too, and --json prints result.json', async ({
    expect,
  }) => {
    const cwd = scratch();
    const args = ['--sample', '30', '--folds', '2', '--json', '--out', 'out', '--drop', 'model_year'];
    const { code, stdout } = await train(cwd, 'auto-mpg', 'mpg', args);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as TrainResult;
    expect(result).toEqual(resultIn(join(cwd, 'out')));
    expect(result).toMatchObject({ status: 'optimal', target: { task: 'regression' } });
    expect(result.betaChoice).toMatchObject({ by: 'cross-validation', folds: 2 });
    expect(result.betaChoice.curve).toHaveLength(8);
    expect(result.scores.metrics.map(({ name }) => name)).toEqual(['R²', 'RMSE']);
    expect(result.features).not.toContain('model_year');
    expect(result.scores.rows[2]?.train[0]).toBeCloseTo(0, 12);
    expect(result.linear.certificate.relativeGap).toBeLessThanOrEqual(1e-6);
  });

  it('trains three classes one against the rest, at depth 3, gated, decomposed', async ({ expect }) => {
    const cwd = scratch();
    const shape = ['--depth', '3', '--widths', '2', '--formulation', 'gated', '--decompose'];
    const { code, stdout } = await train(cwd, 'iris', 'species', [...FAST, ...shape]);
    expect(code).toBe(0);
    expect(stdout).toContain('Certificate, 3 outputs added up');
    expect(stdout).toMatch(/"setosa" as a ReLU network: objective \S+ gated → \S+ \(\+\S+ %\)/);
    const { outputs, classes, options } = resultIn(join(cwd, 'iris-relucent'));
    expect(classes).toEqual(['setosa', 'versicolor', 'virginica']);
    expect(options).toMatchObject({ depth: 3, width: 2 });
    for (const { decomposition } of outputs) expect(decomposition?.change).toBeGreaterThan(0);
  });

  it('gives the same result again, and another one with another seed', async ({ expect }) => {
    const cwd = scratch();
    for (const [out, seed] of [
      ['a', '0'],
      ['b', '0'],
      ['c', '1'],
    ] as const) {
      await train(cwd, 'iris', 'species', [...FAST, '--seed', seed, '--out', out, '--quiet']);
    }
    const [a, b, c] = ['a', 'b', 'c'].map((name) => resultIn(join(cwd, name)));
    expect(a?.objective).toBe(b?.objective);
    expect(a?.scores).toEqual(b?.scores);
    expect(a?.objective).not.toBe(c?.objective);
  });

  it('gives the same result on any number of threads', { timeout: 180_000 }, async ({ expect }) => {
    const cwd = scratch();
    // Enough work for workers: see COLD_MS.
    for (const threads of ['1', '3'])
      await train(cwd, 'auto-mpg', 'mpg', ['--quiet', '--out', threads, '--threads', threads]);
    const [one, three] = ['1', '3'].map((name) => resultIn(join(cwd, name)));
    expect(one?.betaChoice.by).toBe('cross-validation');
    expect(three?.betaChoice).toEqual(one?.betaChoice);
    expect(three?.scores).toEqual(one?.scores);
    expect(three?.objective).toBe(one?.objective);
    expect(three?.dualBound).toBe(one?.dualBound);
  });

  it('stopped at a limit, it exits with 3, says so and writes all the same', async ({ expect }) => {
    const cwd = scratch();
    const { code, stdout, stderr } = await train(cwd, 'breast-cancer', 'diagnosis', [
      ...FAST,
      ...['--time-limit', '0.001', '--quiet'],
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain('stopped by the time limit');
    expect(stderr).toMatch(/^relucent: warning: training of "malignant" stopped at the time limit .*\n$/);
    const folder = join(cwd, 'breast-cancer-relucent');
    expect(filesIn(folder)).toEqual(WRITTEN);
    expect(resultIn(folder).status).toBe('time-limit');
  });

  it('without test rows scores the training rows and says so', async ({ expect }) => {
    const cwd = scratch();
    const { stdout } = await train(cwd, 'iris', 'species', [...FAST, '--test-fraction', '0']);
    expect(stdout).toContain('No row is held out');
    expect(stdout).not.toContain('test accuracy');
  });

  it('replaces the files of an earlier run', async ({ expect }) => {
    const cwd = scratch();
    for (const seed of ['0', '1']) {
      await train(cwd, 'iris', 'species', [...FAST, '--seed', seed, '--out', 'out', '--quiet']);
      expect(resultIn(join(cwd, 'out')).options.seed).toBe(Number(seed));
      expect(filesIn(join(cwd, 'out'))).toEqual(WRITTEN);
    }
  });
});

describe.concurrent('interrupted', () => {
  it.for(['SIGINT', 'SIGTERM'] as const)(
    '%s: exit code 130, no result written, said so',
    async (signal, { expect }) => {
      const cwd = scratch();
      const { code, stderr } = await relucent(
        ['train', `${DATA}/breast-cancer.csv`, '--target', 'diagnosis', '--out', 'out'],
        { cwd, kill: { signal, after: 'cross-validation' } },
      );
      expect(code).toBe(130);
      // A fold may have ended by then or not.
      const files = filesIn(cwd);
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        files.length === 0
          ? 'relucent: interrupted: nothing was finished yet, so nothing was saved'
          : 'relucent: interrupted: what was finished is in out/checkpoint.json; the same command with --resume goes on from there',
      );
      expect(['', 'out,out/checkpoint.json']).toContain(files.join());
    },
  );
});

it('honest about a yardstick that wins', async () => {
  const cwd = scratch();
  const { stdout } = await train(cwd, 'auto-mpg', 'mpg', ['--sample', '5', '--beta-ratio', '0.9']);
  expect(stdout).toMatch(/the linear model beats the network: R²/);
});
