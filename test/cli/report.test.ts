import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const folder = scratch();
const data = join(DATA, 'iris.csv');
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'utf8');

beforeAll(async () => {
  const run = await relucent([
    ...['train', data, '--target', 'species', '--beta-ratio', '0.05', '--sample', '30'],
    ...['--out', folder, '--quiet', '--report-format', 'json,html,md'],
  ]);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
});

describe('relucent report', () => {
  it('train writes each form that was asked for', () => {
    expect(filesIn(folder)).toEqual([
      'model.json',
      'model.onnx',
      'report.html',
      'report.json',
      'report.md',
      'result.json',
    ]);
  });

  it.each(['html', 'md', 'json'])('makes the same %s again from result.json', async (format) => {
    const run = await relucent(['report', at('result.json'), '--format', format]);
    expect(run).toEqual({ code: 0, stderr: '', stdout: read(`report.${format}`) });
  });

  it('makes the same page from report.json, into a file', async () => {
    const out = join(scratch(), 'again.html');
    expect(await relucent(['report', at('report.json'), '--out', out])).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(readFileSync(out, 'utf8')).toBe(read('report.html'));
  });

  it('makes a page from a model file, without what the file does not hold', async () => {
    const { code, stdout } = await relucent(['report', at('model.json')]);
    expect(code).toBe(0);
    expect(stdout).toContain('What the network looks at');
    expect(stdout).not.toContain('How well it predicts');
  });

  it('says what is needed to run it again, with the checksum of the data', () => {
    const page = read('report.html');
    expect(page).toContain(createHash('sha256').update(readFileSync(data)).digest('hex'));
    expect(page).toContain(`Node ${process.version}`);
    expect(page).toContain('--beta-ratio 0.05');
    expect(page).toContain((JSON.parse(read('model.json')) as { checksum: string }).checksum);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|<script/);
  });

  it.each([
    ['a file of another kind', '{"format":"x"}', /format: expected "relucent-result"/],
    ['a result without a report', '{"format":"relucent-result"}', /older relucent/],
    ['a damaged report', '{"format":"relucent-report","version":1,"report":{}}', /report\.title: expected/],
    ['no object', 'null', /format: expected/],
    ['no JSON', '{', /breaks off/],
  ])('refuses %s in one line', async (_, text, message) => {
    const file = join(scratch(), 'bad.json');
    writeFileSync(file, text);
    expect(expectOneLine(await relucent(['report', file]))).toMatch(message);
  });

  it('refuses to overwrite its input, and forms that there are not', async () => {
    const file = at('result.json');
    expect(expectOneLine(await relucent(['report', file, '--out', file]))).toContain('expected a new file');
    expect(expectOneLine(await relucent(['report', file, '--format', 'pdf']))).toContain('"html"');
    const train = ['train', data, '--target', 'species', '--report-format', 'html,pdf'];
    expect(expectOneLine(await relucent(train))).toContain('--report-format');
  });
});
