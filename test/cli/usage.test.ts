import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

describe.concurrent('help', () => {
  it.for([
    '',
    'train',
    'path',
    'predict',
    'inspect',
    'report',
    'export',
    'certify',
    'solve',
    'reproduce',
    'playground',
    'completion',
  ])('of relucent %s', async (verb, { expect }) => {
    const { code, stdout, stderr } = await relucent(verb === '' ? ['--help'] : [verb, '--help']);
    expect(stdout).toMatchSnapshot();
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('is shown without a command, as a usage error', async ({ expect }) => {
    const { code, stdout, stderr } = await relucent([]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: relucent');
  });

  it('--version prints the version', async ({ expect }) => {
    expect(await relucent(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });
});

const iris = `${DATA}/iris.csv`;
const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown command', ['trian', iris], /trian: expected a command .*did you mean train/],
  ['a missing argument', ['train'], /data: expected this argument, got nothing/],
  ['a second argument', ['inspect', 'a', 'b'], /arguments: expected 1 for inspect, got 2/],
  [
    'an unknown option',
    ['train', iris, '--foldz', '3'],
    /--foldz: expected an option .*did you mean --folds/,
  ],
  ['an option without value', ['train', iris, '--target'], /--target <COLUMN>: expected a value/],
  ['no form', ['export', 'model.json'], /--as: expected parallel or .*onnx.*, got none; pass/],
  ['another form', ['export', 'm.json', '--as', 'keras'], /--as: expected "parallel" or .*got "keras"/],
  ['no file for bytes', ['export', 'm.json', '--as', 'onnx'], /--out: expected a file for the bytes of onnx/],
  ['no target', ['train', iris], /--target: expected the column to predict, got none; .*"species"/],
  ['a negative beta', ['--beta', '-1'], /--beta: expected a number ≥ 0, got -1/],
  ['a beta that is no number', ['--beta', 'NaN'], /--beta: expected a number ≥ 0, got "NaN"/],
  ['an infinite beta', ['--beta', '1e999'], /--beta: expected a number ≥ 0, got "1e999"/],
  ['a beta ratio above 1', ['--beta-ratio', '2'], /--beta-ratio: expected a number above 0/],
  ['beta and beta ratio', ['--beta', '1', '--beta-ratio', '0.1'], /--beta-ratio: expected either/],
  ['a hexadecimal number', ['--sample', '0x10'], /--sample: expected a whole number .*got "0x10"/],
  ['a broken sample', ['--sample', '1.5'], /--sample: expected a whole number from 1 to 1000000, got 1.5/],
  ['one fold', ['--folds', '1'], /--folds: expected a whole number from 2 to 100, got 1/],
  ['a negative seed', ['--seed', '-1'], /--seed: expected a whole number from 0/],
  ['a zero tolerance', ['--tolerance', '0'], /--tolerance: expected a number from 1e-12 to 1, got 0/],
  ['a zero time limit', ['--time-limit', '0'], /--time-limit: expected seconds > 0, got 0/],
  ['no threads', ['--threads', '0'], /--threads: expected a whole number from 1 to 64, got 0/],
  ['half a thread', ['solve', 'p.json', '--threads', '0.5'], /--threads: expected a whole number .*got 0.5/],
  ['many threads', ['certify', 'm', 'd', '--threads', '65'], /--threads: expected a whole .*got 65/],
  ['a port that is none', ['playground', '--port', '65536'], /--port: expected a whole .*65535, got 65536/],
  ['a host elsewhere', ['playground', '--host', '192.0.2.1'], /--host: expected an address of this machine/],
  ['a test fraction of 1', ['--test-fraction', '1'], /--test-fraction: expected a number from 0 to below 1/],
  ['depth 4', ['--depth', '4'], /--depth: expected 2, 3 or auto, got "4"/],
  ['a width at depth 2', ['--width', '4'], /--width: expected no width at depth 2, got 4; pass --depth 3/],
  ['widths at depth 2', ['--widths', '4'], /--widths: expected 0 numbers at depth 2, got 1/],
  [
    'two widths at depth 3',
    ['--depth', '3', '--widths', '4,4'],
    /--widths: expected 1 numbers at depth 3, got 2/,
  ],
  [
    'a width of 65',
    ['--depth', '3', '--widths', '65'],
    /--widths: expected a whole number from 1 to 64, got 65/,
  ],
  ['another formulation', ['--formulation', 'tanh'], /--formulation: expected "relu" or "gated", got "tanh"/],
  ['decompose without gates', ['--decompose'], /--decompose: expected --formulation gated/],
  ['another task', ['--task', 'ranking'], /--task: expected "regression" or "classification"/],
  ['another delimiter', ['--delimiter', '|'], /--delimiter: expected ",", ";" or "tab", got "\|"/],
  [
    'an unknown target',
    ['--target', 'specis'],
    /target: expected a column of iris.csv: .*did you mean "species"/,
  ],
  ['an unknown column to drop', ['--drop', 'petal'], /drop: expected a column of iris.csv/],
];

describe.concurrent('a usage error is one line that names the field, the value and the fix', () => {
  it.for(wrong)('%s', async ([, args, line], { expect }) => {
    const cwd = scratch();
    const isWhole = args.length > 0 && !args[0]?.startsWith('--');
    const run = await relucent(isWhole ? args : ['train', iris, '--target', 'species', ...args], { cwd });
    expect(expectOneLine(run)).toMatch(line);
    expect(run.stdout).toBe('');
    expect(filesIn(cwd)).toEqual([]);
  });
});

it('an --out that is a file, or lies in one, is refused before any work', async () => {
  const cwd = scratch({ taken: 'x' });
  for (const out of ['taken', 'taken/deeper']) {
    const run = await relucent(['train', iris, '--target', 'species', '--out', out], { cwd });
    expect(expectOneLine(run)).toContain('expected a folder to write to, got a file');
    expect(run.stdout).toBe('');
  }
  expect(filesIn(cwd)).toEqual(['taken']);
});
