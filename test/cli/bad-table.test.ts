import { join } from 'node:path';
import { describe, it } from 'vitest';
import { csv, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

/** Forty rows of two numbers and a target that depends on them. */
function rows(change?: (row: (string | number)[], i: number) => (string | number)[]): (string | number)[][] {
  return Array.from({ length: 40 }, (_, i) => {
    const a = Math.sin(i * 1.7);
    const b = Math.cos(i * 0.9);
    const row = [a, b, Math.abs(a) + b / 2];
    return change ? change(row, i) : row;
  });
}

const withCell = (at: number, column: number, cell: string | number): string =>
  csv(
    'a,b,y',
    rows((row, i) => (i === at ? row.map((value, j) => (j === column ? cell : value)) : row)),
  );

const refused: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  [
    'an infinite cell',
    withCell(3, 0, 'Infinity'),
    /row 4 \(line 5\) column "a": expected a finite number, got "Infinity"/,
  ],
  ['a number that overflows', withCell(3, 0, '1e999'), /column "a": expected a finite number, got "1e999"/],
  ['a number beyond 1e150', withCell(3, 0, '1e200'), /column "a": expected a magnitude of at most 1e\+150/],
  ['text among numbers', withCell(3, 1, 'abc'), /row 4 .*column "b": expected a number .*got "abc"/],
  [
    'NaN in the target',
    withCell(3, 2, 'NaN'),
    /row 4 .*column "y": expected a value of the target .*got "NaN"/,
  ],
  ['an empty cell in the target', withCell(3, 2, ''), /column "y": expected a value of the target .*got ""/],
  ['infinity in the target', withCell(3, 2, 'inf'), /column "y": expected a finite number, got "inf"/],
  ['a short row', `a,b,y\n1,2,3\n1,2\n`, /row 2 \(line 3\): expected 3 cells as in the header, got 2/],
  ['a long row', `a,b,y\n1,2,3\n1,2,3,4\n`, /row 2 \(line 3\): expected 3 cells as in the header, got 4/],
  [
    'one class only',
    csv(
      'a,y',
      rows(([a]) => [a ?? 0, 'yes']),
    ),
    /column "y": expected a target that varies.*"yes"/,
  ],
  [
    'a constant target',
    csv(
      'a,y',
      rows(([a]) => [a ?? 0, 7]),
    ),
    /column "y": expected a target that varies.*"7"/,
  ],
  ['a single row', 'a,y\n1,2\n', /expected at least 2 rows of data, got 1; add rows/],
  [
    'two rows, one of them for the test',
    'a,y\n1,2.5\n2,3.5\n',
    /expected at least 2 rows to train on, got 1 of 2.*--test-fraction 0/,
  ],
  ['no rows', 'a,y\n', /expected rows of data below the header, got the header only/],
  ['an empty file', '', /expected a header row and rows of data, got an empty file/],
  [
    'a binary file',
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255),
    /expected text in UTF-8, got a binary file/,
  ],
  [
    'another encoding',
    Uint8Array.from(Buffer.from('a,y\n\xe9,1\n', 'latin1')),
    /expected text in UTF-8.*line 2/,
  ],
  ['a file without header', '1,2\n3,4\n', /header: expected column names, got numbers/],
  ['columns of one name', 'a,a,y\n1,2,3\n', /header: expected distinct column names, got "a"/],
  [
    'only constant columns',
    csv(
      'a,b,y',
      rows(([, , y]) => [0, 5, y ?? 0]),
    ),
    /expected at least one column to predict "y" from/,
  ],
  [
    'a cell of 100,000 characters',
    csv(
      'a,text,y',
      rows(([a, , y], i) => [a ?? 0, i === 2 ? 'x'.repeat(100_000) : 'short', y ?? 0]),
    ),
    /row 3 .*column "text": expected a category of at most .*--drop text/,
  ],
  [
    'a number of 100,000 characters and a letter',
    withCell(2, 0, `${'1'.repeat(100_000)}x`),
    /row 3 .*column "a": expected a number/,
  ],
];

describe.concurrent('a table that cannot be learnt from is one clear line', () => {
  it.for(refused)('%s', async ([, content, line], { expect }) => {
    const cwd = scratch({ 'in.csv': content });
    const run = await relucent(['train', 'in.csv', '--target', 'y', '--out', 'out', '--quiet'], { cwd });
    expect(expectOneLine(run)).toMatch(line);
    expect(filesIn(cwd)).toEqual(['in.csv']);
  });
});

const treated: readonly (readonly [string, string, RegExp])[] = [
  ['an empty cell', withCell(3, 0, ''), /Note +Column "a": 1 missing cell filled with the training median/],
  ['NaN', withCell(3, 0, 'NaN'), /Note +Column "a": 1 missing cell filled with the training median/],
  [
    'a zero and a constant column',
    csv(
      'zero,same,a,b,y',
      rows((row) => [0, 5, ...row]),
    ),
    /"zero" has the same value in every row; it is left out.[^]*"same" has the same value/,
  ],
  [
    'rows that all occur twice',
    csv('a,b,y', [...rows(), ...rows()]),
    /training rows repeated an earlier one; kept/,
  ],
  [
    'columns that are copies',
    csv(
      'a,b,c,y',
      rows(([a = 0, b = 0, y = 0]) => [a, a, b, y]),
    ),
    /Inputs +3 numbers/,
  ],
  [
    'values of 1e12',
    csv(
      'a,b,y',
      rows((row) => row.map((value) => Number(value) * 1e12)),
    ),
    /solved to tolerance/,
  ],
  [
    'values of 1e-12',
    csv(
      'a,b,y',
      rows((row) => row.map((value) => Number(value) * 1e-12)),
    ),
    /solved to tolerance/,
  ],
  [
    'values of 1e12 beside 1e-12',
    csv(
      'a,b,y',
      rows(([a = 0, b = 0, y = 0]) => [Number(a) * 1e12, Number(b) * 1e-12, y]),
    ),
    /solved to tolerance/,
  ],
  ['three rows', 'a,y\n1,2.5\n2,3.5\n4,1.5\n', /β is the default, 0.02 of β_max, without cross-validation/],
];

describe.concurrent('odd values are treated as documented', () => {
  it.for(treated)('%s', async ([, content, text], { expect }) => {
    const cwd = scratch({ 'in.csv': content });
    const args = ['--target', 'y', '--sample', '20', '--folds', '2', '--out', 'out', '--quiet'];
    const { code, stdout, stderr } = await relucent(['train', 'in.csv', ...args], { cwd });
    expect(stderr).toBe('');
    expect(stdout).toMatch(text);
    expect(code).toBe(0);
    expect(filesIn(join(cwd, 'out'))).toEqual(['model.json', 'model.onnx', 'report.html', 'result.json']);
  });
});
