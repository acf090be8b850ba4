import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { csv, expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const FIXTURES = resolve('test/fixtures/networks');
const sgdCsv = join(FIXTURES, 'sgd.csv');
const sgd = (depth: 2 | 3): Record<string, unknown> =>
  JSON.parse(readFileSync(join(FIXTURES, `sgd${depth}.json`), 'utf8')) as Record<string, unknown>;

/** Fields of docs/guide/certify.md. */
interface Printed {
  readonly objective: number;
  readonly dualBound: number | null;
  readonly bestObjective: number;
  readonly distance: { readonly relativeAtMost: number | null; readonly relativeAtLeast: number };
  readonly proven: boolean;
  readonly rows: number;
  readonly target: string;
  readonly outputs: readonly {
    readonly label: string;
    readonly status: string;
    readonly solution: { readonly network: object };
  }[];
}

async function json(
  args: readonly string[],
  cwd?: string,
): Promise<Printed & { readonly code: number | null }> {
  const run = await relucent(['certify', ...args, '--json'], cwd === undefined ? {} : { cwd });
  expect(run.stdout, run.stderr).toMatch(/^\{.*\}\n$/);
  return { ...(JSON.parse(run.stdout) as Printed), code: run.code };
}

describe.concurrent('certify a network that stochastic gradient descent trained elsewhere', () => {
  it.for([
    { depth: 2 as const, least: 1.31, most: 1.33 },
    { depth: 3 as const, least: 0.31, most: 0.32 },
  ])('depth $depth', async ({ depth, least, most }, { expect }) => {
    const found = await json([join(FIXTURES, `sgd${depth}.json`), sgdCsv]);
    expect(found).toMatchObject({ code: 0, proven: true, rows: 24, target: 'y' });
    expect(found.distance.relativeAtLeast).toBeGreaterThan(least);
    expect(found.distance.relativeAtMost).toBeLessThan(most);
    expect(found.dualBound).toBeLessThanOrEqual(found.bestObjective);
    expect(found.outputs.map(({ label, status }) => ({ label, status }))).toEqual([
      { label: 'y', status: 'optimal' },
    ]);
  });

  it('--out writes the optimum in the same form, which is at most the tolerance from itself', async ({
    expect,
  }) => {
    const cwd = scratch();
    const run = await relucent(['certify', join(FIXTURES, 'sgd2.json'), sgdCsv, '--out', 'best.json'], {
      cwd,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/objective +3\.56.*\n +global optimum +between 1\.537\d* and 1\.537/);
    expect(run.stdout).toMatch(/at most 140\u00a0% above the global optimum .*, proven/);
    expect(run.stdout).toContain('all arrangements: every network of this form, on 48 activation patterns');
    const again = await json(['best.json', sgdCsv], cwd);
    expect(again.distance.relativeAtMost).toBeLessThan(2e-6);
    expect(again.code).toBe(0);
  });

  it('--beta and --target take the place of what the file says', async ({ expect }) => {
    const { beta, target, ...file } = sgd(2);
    expect([beta, target]).toEqual([0.2, 'y']);
    const table = readFileSync(sgdCsv, 'utf8').replace('x,y', 'x,z');
    const cwd = scratch({ 'n.json': JSON.stringify(file), 'd.csv': table });
    expect(expectOneLine(await relucent(['certify', 'n.json', 'd.csv', '--beta', '1'], { cwd }))).toMatch(
      /target: expected the column with the target, got none; pass --target with one of "x", "z"/,
    );
    expect(expectOneLine(await relucent(['certify', 'n.json', 'd.csv', '--target', 'z'], { cwd }))).toContain(
      'beta: expected a number ≥ 0, got none; add "beta" to the file or pass --beta',
    );
    const found = await json(['n.json', 'd.csv', '--target', 'z', '--beta', '0.2'], cwd);
    expect(found).toMatchObject({ target: 'z', proven: true });
    expect(found.objective).toBeCloseTo(3.562663, 5);
  });

  it('a limit is exit code 3, and adaptive patterns make no global claim', async ({ expect }) => {
    const run = await relucent(['certify', join(FIXTURES, 'sgd3.json'), sgdCsv, '--max-regions', '10']);
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('proven but loose: the search did not get through');
    expect(run.stdout).toMatch(/not global .* on the patterns found; others may be lower/);
    const found = await json([join(FIXTURES, 'sgd2.json'), sgdCsv, '--patterns', 'adaptive']);
    expect(found).toMatchObject({
      code: 0,
      proven: false,
      dualBound: null,
      distance: { relativeAtMost: null },
    });
  });

  it('Ctrl-C ends it with 130', async ({ expect }) => {
    const wide = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(i * i), i % 7]);
    const layers = [{ weights: [[1, 0, 1], [1, -1, 0]], bias: [0, 1] }, { weights: [[1, -1]] }, { weights: [[1]] }]; // prettier-ignore
    const file = {
      ...sgd(3),
      inputs: ['a', 'b', 'c'],
      bias: true,
      beta: 0.01,
      network: { architecture: 'mlp', layers },
    };
    const cwd = scratch({ 'n.json': JSON.stringify(file), 'd.csv': csv('a,b,c,y', wide) });
    const kill = { signal: 'SIGINT' as const, after: 'patterns "all" means' };
    const run = await relucent(['certify', 'n.json', 'd.csv'], { cwd, kill });
    expect(run.code).toBe(130);
    expect(run.stdout).toBe('');
  });
});

describe('certify a model of relucent train', () => {
  let cwd = '';
  const rows = Array.from({ length: 24 }, (_, i) => {
    const [a, b] = [Math.sin(2 * i), Math.cos(5 * i)];
    return [a.toFixed(3), b.toFixed(3), (Math.abs(a) - b).toFixed(3), 'pqr'[i % 3]!, a > b ? 'yes' : 'no'];
  });

  beforeAll(async () => {
    cwd = scratch({ 'd.csv': csv('a,b,y,c,t', rows) });
    const train = (target: string, ...more: string[]): Promise<unknown> => {
      const drop = ['y', 'c', 't'].filter((name) => name !== target).flatMap((name) => ['--drop', name]);
      const fixed = ['--beta', '0.5', '--test-fraction', '0', '--out', [target, ...more].join('')];
      return relucent(['train', 'd.csv', '--target', target, ...drop, ...fixed, ...more], { cwd });
    };
    await Promise.all([train('y'), train('c'), train('t'), train('y', '--formulation', 'gated')]);
  });

  it('regression: the objective of training, and the optimum over all patterns', async () => {
    const found = await json(['y/model.json', 'd.csv'], cwd);
    expect(found).toMatchObject({ code: 0, proven: true, target: 'y' });
    const model = JSON.parse(readFileSync(join(cwd, 'y/model.json'), 'utf8')) as {
      outputs: { certificate: { objective: number } }[];
    };
    const { certificate } = model.outputs[0]!;
    expect(found.objective).toBeCloseTo(certificate.objective, 8);
    expect(found.distance.relativeAtMost).toBeLessThan(0.1);
    expect(found.dualBound).toBeLessThanOrEqual(found.objective);
  });

  it('classes: one problem for each against the rest, and their sum', async () => {
    const found = await json(['c/model.json', 'd.csv', '--tolerance', '1e-4', '--out', 'best.json'], cwd);
    expect(found.outputs.map(({ label }) => label)).toEqual(['p', 'q', 'r']);
    expect(found).toMatchObject({ code: 0, proven: true });
    const best = JSON.parse(readFileSync(join(cwd, 'best.json'), 'utf8')) as {
      format: string;
      outputs: unknown[];
    };
    expect(best.format).toBe('relucent-export');
    expect(best.outputs.length).toBe(3);
    const text = await relucent(['certify', 't/model.json', 'd.csv', '--rank', '2'], { cwd });
    expect(text.stdout).toContain('rank            2: solved on the best approximation of X');
    expect(text.stdout).toMatch(/classes +no, yes/);
    expect(text.code).toBe(0);
  });

  it('refuses gated networks, tables without a class, and an output over an input', async () => {
    const gated = await relucent(['certify', 'y--formulationgated/model.json', 'd.csv'], { cwd });
    expect(expectOneLine(gated)).toMatch(
      /formulation: expected a ReLU network, got a gated one.*--decompose/,
    );
    const few = scratch({
      'few.csv': csv(
        'a,b,c',
        rows.slice(0, 2).map(([a, b, , c]) => [a!, b!, c!]),
      ),
    });
    const absent = await relucent(['certify', join(cwd, 'c/model.json'), 'few.csv'], { cwd: few });
    expect(expectOneLine(absent)).toMatch(/r: expected rows of every class, got none of "r"/);
    const over = await relucent(['certify', 'y/model.json', 'd.csv', '--out', 'd.csv'], { cwd });
    expect(expectOneLine(over)).toContain('--out: expected a new file, got the input d.csv');
    expect(filesIn(cwd)).toContain('d.csv');
  });
});

const good = sgd(2);
const layers = (good['network'] as { layers: readonly object[] }).layers;
const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['no object', [1], /format: expected "relucent-model" or "relucent-certify", got undefined/],
  ['a bare network', { format: 'relucent-network' }, /format: .*put it into the field "network"/],
  ['a newer version', { ...good, version: 2 }, /version: expected 1, got 2/],
  ['no loss', { ...good, loss: undefined }, /loss: expected one of "squared", .*, got undefined/],
  ['a misspelt field', { ...good, betta: 1 }, /betta: expected a field of docs\/guide\/certify\.md/],
  ['a negative beta', { ...good, beta: -1 }, /beta: expected a number ≥ 0, got -1/],
  ['no network', { ...good, network: undefined }, /network: expected a network with "architecture"/],
  [
    'a ResNet',
    { ...good, network: { architecture: 'resnet' } },
    /expected "mlp" or "parallel", got "resnet"/,
  ],
  ['a CNN', { ...good, network: { architecture: 'cnn' } }, /network\.architecture: expected a network with/],
  ['one layer', { ...good, network: { architecture: 'mlp', layers: layers.slice(1) } }, /network\.layers: expected at least two layers/], // prettier-ignore
  ['null for a weight', { ...good, network: { architecture: 'mlp', layers: [{ weights: [[null]] }, { weights: [[1]] }] } }, /network\.layers\.0\.weights\.0\.0: expected a finite number, got null/], // prettier-ignore
  ['an output bias', { ...good, network: { architecture: 'mlp', layers: [layers[0], { ...layers[1], bias: [1] }] } }, /network\.layers\.1\.bias: expected no bias above the first layer/], // prettier-ignore
  ['an unknown input', { ...good, inputs: ['xx'] }, /inputs: expected a column of sgd\.csv: "x", "y", got "xx"; did you mean "x"/], // prettier-ignore
  ['too many inputs', { ...good, inputs: ['x', 'y'] }, /sgd\.csv header: expected 1 input columns.*got 2/],
  [
    'a scale too many',
    { ...good, input: { mean: [0], scale: [1, 1] } },
    /input\.scale: expected 1 numbers.*got 2/,
  ],
  [
    'classes in regression',
    { ...good, classes: ['a', 'b'] },
    /classes: expected none with "loss": "squared"/,
  ],
  ['numbers for classes', { ...good, loss: 'logistic' }, /classes: expected 2 different ones .*got 24/],
  [
    'delta without Huber',
    { ...good, huberDelta: 1 },
    /huberDelta: expected it left out with "loss": "squared"/,
  ],
  ['narrow widths', { ...good, widths: [0] }, /widths\.0: expected a whole number from 1/],
];

describe.concurrent('a network file that is not right is one clear line', () => {
  it.for(wrong)('%s', async ([, file, line], { expect }) => {
    const cwd = scratch({ 'n.json': JSON.stringify(file) });
    const run = await relucent(['certify', 'n.json', sgdCsv, '--json'], { cwd });
    expect(expectOneLine(run)).toMatch(line);
    expect(run.stdout).toBe('');
  });
});
