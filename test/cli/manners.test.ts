import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATA, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const iris = join(DATA, 'iris.csv');
const problem = JSON.stringify({ X: [[1, 1], [2, 1], [3, 1]], y: [1, 2, 2], beta: 0.1, patterns: 'all' }); // prettier-ignore

describe.concurrent('--config', () => {
  const folder = scratch({
    'options.json': JSON.stringify({ target: 'species', depth: 3, width: 2, drop: ['sepal_width_cm', 'petal_width_cm'], decompose: false }), // prettier-ignore
    'unknown.json': JSON.stringify({ target: 'species', dept: 3 }),
    'value.json': JSON.stringify({ target: 'species', depth: 4 }),
    'flag.json': JSON.stringify({ decompose: 'yes' }),
    'shape.json': JSON.stringify({ target: { column: 'species' } }),
    'config.json': JSON.stringify({ config: 'options.json' }),
    'list.json': '[1]',
    'proto.json': '{"__proto__": {"target": "species"}, "constructor": 1}',
  });
  const train = (config: string, ...args: string[]): ReturnType<typeof relucent> =>
    relucent(['train', iris, '--config', config, ...args, '--dry-run', '--json'], { cwd: folder });

  it('takes options of a file, texts, numbers, lists and switches', async ({ expect }) => {
    const { code, stdout } = await train('options.json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, inputs: 2, outputs: 3 });
  });

  it('gives way to what is typed', async ({ expect }) => {
    const { stdout } = await train('options.json', '--drop', 'sepal_length_cm');
    expect(JSON.parse(stdout)).toMatchObject({ inputs: 3 });
  });

  it.for([
    [
      'unknown.json',
      /unknown\.json "dept": expected an option of relucent train, got an unknown one; .*depth/,
    ],
    ['value.json', /--depth: expected 2, 3 or auto, got "4"/],
    ['flag.json', /flag\.json "decompose": expected true or false, got "yes"/],
    ['shape.json', /shape\.json "target": expected an object of options/],
    ['config.json', /"config": expected an option/],
    ['list.json', /list\.json: expected an object of options/],
    ['proto.json', /expected an option of relucent train/],
    ['none.json', /none\.json: expected a file of options, got no file/],
  ] as const)('refuses %s in one line', async ([file, line], { expect }) => {
    expect(expectOneLine(await train(file))).toMatch(line);
  });

  it('does for solve and certify too', async ({ expect }) => {
    const here = scratch({ 'p.json': problem, 'o.json': '{ "json": true, "tolerance": 1e-4 }' });
    const { stdout } = await relucent(['solve', 'p.json', '--config', 'o.json'], { cwd: here });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'optimal' });
  });
});

describe.concurrent('--dry-run', () => {
  it('of train says what would be done, and does nothing', async ({ expect }) => {
    const folder = scratch();
    const args = ['train', iris, '--target', 'species', '--out', 'results', '--dry-run'];
    const { code, stdout, stderr } = await relucent(args, { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Work +123 certified solves/);
    expect(stdout).toMatch(/Time +about .* within a factor of 5/);
    expect(stdout).toMatch(/Memory +about \d+ MB/);
    expect(stdout).toMatch(/Would write +results\/model\.onnx\n +results\/result\.json/);
    expect(filesIn(folder)).toEqual([]);
  });

  it('of solve counts the patterns', async ({ expect }) => {
    const folder = scratch({ 'p.json': problem });
    const { stdout } = await relucent(['solve', 'p.json', '--dry-run', '--json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      rows: 3,
      columns: 2,
      patterns: 6,
      patternsExact: true,
      searchDimensions: 2,
      seconds: null,
    });
    const text = await relucent(['solve', 'p.json', '--dry-run'], { cwd: folder });
    expect(text.stdout).toMatch(/Patterns +6 patterns\n/);
  });
});

describe.concurrent('completion', () => {
  it('is refused for other shells', async ({ expect }) => {
    expect(expectOneLine(await relucent(['completion', 'tcsh']))).toMatch(
      /shell: expected "bash" or .*got "tcsh"/,
    );
  });

  it.for(['bash', 'zsh', 'fish'])('names every verb and option: %s', async (shell, { expect }) => {
    const { code, stdout } = await relucent(['completion', shell]);
    expect(code).toBe(0);
    for (const verb of ['train', 'predict', 'solve', 'completion']) expect(stdout).toContain(verb);
    expect(stdout).toMatch(shell === 'fish' ? /-l beta-ratio -r/ : /--beta-ratio/);
    expect(stdout).toMatchSnapshot();
  });

  /** What bash offers after the words. */
  async function offered(words: readonly string[]): Promise<string[]> {
    const { stdout } = await relucent(['completion', 'bash']);
    const ask = `COMP_WORDS=(relucent ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _relucent; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = spawnSync('bash', ['--norc', '-c', `${stdout}\n${ask}`], {
      encoding: 'utf8',
      cwd: resolve('data'),
    });
    expect(said.stderr).toBe('');
    return said.stdout.trim().split('\n');
  }

  it('works in bash', async ({ expect }) => {
    expect(await offered(['tr'])).toEqual(['train']);
    expect(await offered(['train', 'ir'])).toEqual(['iris.csv']);
    expect(await offered(['train', 'iris.csv', '--beta'])).toEqual(['--beta', '--beta-ratio']);
    expect(await offered(['solve', '--che'])).toEqual(['--checkpoint']);
  });
});

describe.concurrent('colours', () => {
  const folder = scratch({ 'p.json': problem });
  const solve = async (env: Record<string, string>): Promise<string> => {
    const child = spawnSync(process.execPath, [resolve('dist/cli/main.js'), 'solve', 'p.json'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', ...env },
    });
    await Promise.resolve();
    return child.stdout;
  };

  it('are for terminals, and for FORCE_COLOR unless NO_COLOR is set', async ({ expect }) => {
    const plain = await solve({});
    expect(plain).toContain('solved to tolerance');
    expect(plain).not.toContain('\u001b');
    expect(await solve({ CI: '1' })).not.toContain('\u001b');
    const coloured = await solve({ FORCE_COLOR: '1' });
    expect(coloured).toContain('\u001b[32msolved to tolerance');
    expect((await solve({ FORCE_COLOR: '0' })).includes('\u001b')).toBe(false);
    expect((await solve({ FORCE_COLOR: '1', NO_COLOR: '1' })).includes('\u001b')).toBe(false);
  });
});

describe('predict --json', () => {
  it('is one object with predictions, probabilities and the score', async () => {
    const folder = scratch();
    const made = await relucent(['train', iris, '--target', 'species', '--beta-ratio', '0.1', '--out', 'm', '--quiet'], { cwd: folder }); // prettier-ignore
    expect(made.code).toBe(0);
    writeFileSync(join(folder, 'two.csv'), 'sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species\n5,3.4,1.5,0.2,setosa\n6.5,3,5.5,2,virginica\n'); // prettier-ignore
    const { stdout, code } = await relucent(['predict', 'm/model.json', 'two.csv', '--json'], {
      cwd: folder,
    });
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { probabilities: number[][] };
    expect(found).toMatchObject({
      task: 'classification',
      classes: ['setosa', 'versicolor', 'virginica'],
      predictions: ['setosa', 'virginica'],
      score: { rows: 2, accuracy: 1 },
      notes: [],
    });
    for (const row of found.probabilities) expect(row.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
  });
});
