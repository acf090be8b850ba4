import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { integerGenerator } from '../../src/random.js';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const data = join(DATA, 'auto-mpg.csv');
const args = ['path', data, '--target', 'mpg', '--betas', '25', '--quiet'];
const whole = scratch();

interface PathFile {
  readonly picks: { readonly best: number; readonly oneStandardError: number };
  readonly values: readonly {
    readonly share: number;
    readonly heldOut: readonly number[];
    readonly certificates: readonly { readonly relativeGap: number }[];
  }[];
}

const pathFile = (folder: string): PathFile =>
  JSON.parse(readFileSync(join(folder, 'path.json'), 'utf8')) as PathFile;

/** The content of path.json but for seconds and date. */
function timeless(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'path.json'), 'utf8'), (key, value: unknown) =>
    key === 'seconds' || key === 'date' ? null : value,
  );
}

/** Runs the command and kills it after some milliseconds; whether it had ended by itself. */
function killAfter(ms: number, folder: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const all = [resolve('dist/cli/main.js'), ...args, '--out', folder, '--resume'];
    const child = spawn(process.execPath, all, { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done(code === 0);
    });
  });
}

beforeAll(async () => {
  const run = await relucent([...args, '--out', whole]);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('← best');
});

describe('relucent path', () => {
  it('writes pictures, numbers and the state to go on from', () => {
    expect(filesIn(whole)).toEqual(['path-state.json', 'path.csv', 'path.html', 'path.json']);
    expect(pathFile(whole).values).toHaveLength(25);
    for (const { certificates } of pathFile(whole).values) {
      expect(certificates[0]!.relativeGap).toBeLessThanOrEqual(1e-6);
    }
    expect(readFileSync(join(whole, 'path.html'), 'utf8')).not.toMatch(/<script|src=/);
  });

  it('killed at random moments it leaves no half-written file, and ends as if it never was', async () => {
    const folder = scratch();
    const random = integerGenerator(5);
    for (let kills = 0; kills < 4; kills++) {
      if (await killAfter(500 + random(1500), folder)) break;
      expect(existsSync(join(folder, 'path.json'))).toBe(false);
      const state = join(folder, 'path-state.json');
      if (existsSync(state)) expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ version: 1 });
    }
    const { code } = await relucent([...args, '--out', folder, '--resume']);
    expect(code).toBe(0);
    expect(timeless(folder)).toEqual(timeless(whole));
  });

  it('Ctrl-C saves what was solved and says how to go on', async () => {
    const folder = scratch();
    const loud = args.filter((arg) => arg !== '--quiet');
    const stopped = await relucent([...loud, '--threads', '1', '--out', folder], {
      kill: { signal: 'SIGINT', after: 'path: 1 of 25' },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /relucent: interrupted: what was solved is in .*path-state\.json.*--resume/,
    );
    expect(filesIn(folder)).toEqual(['path-state.json']);
    const resumed = await relucent([...args, '--out', folder, '--resume', '--pick', '1se']);
    expect(resumed.code).toBe(0);
    expect(timeless(folder)).toEqual(timeless(whole));
    const { picks, values } = pathFile(folder);
    const inspected = await relucent(['predict', join(folder, 'model.json'), data]);
    expect(inspected.code).toBe(0);
    expect(inspected.stderr).toContain('R²');
    expect(values[picks.oneStandardError]!.share).toBeGreaterThanOrEqual(values[picks.best]!.share);
  });

  it('--resume of a finished path solves nothing, and picks the value nearest to a share', async () => {
    const run = await relucent([...args, '--out', whole, '--resume', '--pick', '0.05', '--json']);
    expect(run.code).toBe(0);
    const result = JSON.parse(run.stdout) as PathFile & { readonly format: string };
    expect(result.format).toBe('relucent-path');
    const model = JSON.parse(readFileSync(join(whole, 'model.json'), 'utf8')) as {
      readonly outputs: readonly {
        readonly certificate: { readonly beta: number; readonly betaMax: number };
      }[];
    };
    const { beta, betaMax } = model.outputs[0]!.certificate;
    const shares = result.values.map(({ share }) => share);
    const nearest = [...shares].sort(
      (a, b) => Math.abs(Math.log(a / 0.05)) - Math.abs(Math.log(b / 0.05)),
    )[0]!;
    expect(beta / betaMax).toBeCloseTo(nearest, 12);
  });

  it('takes a query and a file of options', async () => {
    const folder = scratch();
    const file = join(folder, 'options.json');
    writeFileSync(file, JSON.stringify({ target: 'mpg', betas: 3, ratio: 0.3, quiet: true }));
    const query = 'SELECT mpg, weight FROM data WHERE weight > 3000';
    const { code } = await relucent(['path', data, '--config', file, '--query', query, '--out', folder]);
    expect(code).toBe(0);
    const { values } = pathFile(folder);
    expect(values).toHaveLength(3);
    const { table } = JSON.parse(readFileSync(join(folder, 'path.json'), 'utf8')) as {
      readonly table: { readonly rows: number };
    };
    expect(table.rows).toBe(168);
  });

  it('--resume without a state starts anew and says so', async () => {
    const folder = scratch();
    const few = ['path', data, '--target', 'mpg', '--betas', '3', '--ratio', '0.3', '--quiet'];
    const run = await relucent([...few, '--out', folder, '--resume']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('is not there yet, so the path starts anew');
  });

  it.each([
    [
      'a damaged state',
      '{"format":"relucent-path-state","version":1}',
      /--resume: expected the state .*fingerprint/,
    ],
    ['half a state', '{"format":', /breaks off/],
    [
      'the state of another run',
      '{"format":"relucent-path-state","version":1,"fingerprint":"x","outputs":[],"folds":[]}',
      /--resume: expected the state of this table/,
    ],
  ])('refuses %s in one line', async (_, text, message) => {
    const folder = scratch();
    writeFileSync(join(folder, 'path-state.json'), text);
    expect(expectOneLine(await relucent([...args, '--out', folder, '--resume']))).toMatch(message);
    expect(readFileSync(join(folder, 'path-state.json'), 'utf8')).toBe(text);
  });

  it.each([
    ['no target', ['path', data], /--target: expected the column/],
    ['a pick that there is not', [...args, '--pick', 'worst'], /--pick: expected best, 1se/],
    [
      'a pick of nothing held out',
      [...args, '--test-fraction', '0', '--pick', 'best'],
      /--pick: expected a share/,
    ],
    [
      'a test part with --cv',
      [...args, '--cv', '--test-fraction', '0.2'],
      /--test-fraction: expected it left out/,
    ],
    ['a ratio of 1', [...args, '--ratio', '1'], /--ratio: expected a number above 0 and below 1/],
    ['one value', [...args, '--betas', '1'], /--betas: expected a whole number from 2/],
    ['a width at depth 2', [...args, '--width', '3'], /--width: expected no width/],
  ])('refuses %s in one line', async (_, command, message) => {
    expect(expectOneLine(await relucent(command, { cwd: scratch() }))).toMatch(message);
  });
});
