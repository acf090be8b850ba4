import { describe, expect, it } from 'vitest';
import { betaMax, solve, type ProblemInput, type SolveResult } from '../../src/index.js';
import { expectOneLine, relucent, scratch } from './run-cli.js';

const problem = {
  X: [
    [-2, 1],
    [-1, 1],
    [0, 1],
    [1, 1],
    [2, 1],
  ],
  y: [2, 1, 0, 1, 2.5],
  beta: 0.1,
  patterns: { sample: 40, seed: 0 },
} satisfies ProblemInput;

/** Fields of interface.md. */
const promised = [
  'status',
  'objective',
  'dualBound',
  'gap',
  'relativeGap',
  'certificate',
  'networkObjective',
  'activeGroups',
  'subNetworks',
  'iterations',
  'seconds',
  'approximation',
  'network',
];

describe('solve', () => {
  it('--json prints exactly one object with every promised field, equal to the library', async () => {
    const run = await relucent(['solve', '-', '--json'], { stdin: JSON.stringify(problem) });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const printed = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual(expect.arrayContaining(promised));
    expect(printed).not.toHaveProperty('warmStart');
    const { objective, dualBound, networkObjective, certificate } = await solve(problem);
    expect(printed).toMatchObject({ status: 'optimal', objective, dualBound, networkObjective, certificate });
    const { network } = printed as { network: { subNetworks: { first: unknown }[] } };
    expect(Array.isArray(network.subNetworks[0]?.first)).toBe(true);
  });

  it('takes threads from the command line before those of the file, to the same result', async () => {
    const global = { ...problem, patterns: 'all', threads: 3 };
    const outcomes = [];
    for (const threads of [[], ['--threads', '1'], ['--threads', '2']]) {
      const run = await relucent(['solve', '-', '--json', ...threads], { stdin: JSON.stringify(global) });
      expect(run.code).toBe(0);
      const { objective, network } = JSON.parse(run.stdout) as SolveResult;
      outcomes.push({ objective, network });
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
    const wrong = await relucent(['solve', '-'], { stdin: JSON.stringify({ ...global, threads: 0 }) });
    expect(expectOneLine(wrong)).toContain('threads: expected a whole number from 1 to 64, got 0');
  });

  it('prints a summary for people', async () => {
    const cwd = scratch({
      'p.json': JSON.stringify({ ...problem, loss: 'logistic', y: ['b', 'a', 'a', 'b', 'b'] }),
    });
    const { code, stdout } = await relucent(['solve', 'p.json', '--tolerance', '1e-4'], { cwd });
    expect(code).toBe(0);
    for (const text of ['objective', 'dual bound', 'solved to tolerance 0.0001', '−1 is a, +1 is b']) {
      expect(stdout).toContain(text);
    }
  });

  it('says at depth 4 what the bounds mean for fully connected networks', async () => {
    const stdin = JSON.stringify({ ...problem, depth: 4, widths: [2, 2, 3] });
    const { stdout } = await relucent(['solve', '-'], { stdin });
    expect(stdout).toMatch(/architecture +4 layers, hidden widths 4, 2, 3\n/);
    expect(stdout).toMatch(/exact for tree sub-networks; .*lower bound for fully connected .*widths 2, 2, 3/);
    const { architecture } = JSON.parse(
      (await relucent(['solve', '-', '--json'], { stdin })).stdout,
    ) as object & {
      architecture: object;
    };
    expect(architecture).toMatchObject({ depth: 4, widths: [2, 2], lastWidth: 3, attainedWidths: [4, 2, 3] });
  });

  it('names the classes of softmax in the order of the outputs', async () => {
    const stdin = JSON.stringify({ ...problem, loss: 'softmax', y: ['b', 'a', 'c', 'b', 'c'] });
    const { code, stdout } = await relucent(['solve', '-'], { stdin });
    expect(code).toBe(0);
    expect(stdout).toContain('a, b, c: one output each, in this order');
  });

  it('says over all arrangements how many there are and how they were verified', async () => {
    const stdin = JSON.stringify({ ...problem, patterns: 'all' });
    const { code, stdout } = await relucent(['solve', '-'], { stdin });
    expect(code).toBe(0);
    expect(stdout).toMatch(/scope +all arrangements: every network of this form, on 10 activation patterns/);
    expect(stdout).toMatch(
      /verified by \d+ search(?:es)? in 2 dimensions: \d+ regions of weights bounded, \d+ of them/,
    );
    const { certificate } = JSON.parse(
      (await relucent(['solve', '-', '--json'], { stdin })).stdout,
    ) as SolveResult;
    expect(certificate).toMatchObject({
      scope: 'all-arrangements',
      patternsTotal: 10,
      patternsTotalExact: true,
    });
    expect(certificate.search).toMatchObject({ complete: true, dimensions: 2 });
  });

  it('says plainly that a bound is loose, and what a lower rank means', async () => {
    const X = Array.from({ length: 14 }, (_, i) => [Math.sin(i), Math.cos(2 * i), Math.sin(i * i)]);
    const hard = { X, y: X.map(([a, b]) => a! * b!), beta: 0.05, patterns: 'all', maxRegions: 3 };
    const loose = await relucent(['solve', '-'], { stdin: JSON.stringify(hard) });
    expect(loose.code).toBe(3);
    expect(loose.stdout).toContain('the dual bound holds for every network but is loose');
    expect(loose.stdout).toMatch(/bound on patterns +0\.\d+ +on the \d+ patterns found; others may be lower/);
    expect(loose.stdout).toMatch(/to get through +more maxRegions/);
    const stdin = JSON.stringify({ ...hard, maxRegions: 100_000, rank: 2 });
    const { code, stdout } = await relucent(['solve', '-'], { stdin });
    expect(code).toBe(0);
    expect(stdout).toMatch(/rank +2: solved on the best approximation of X, at distance σ₃ = \d/);
    expect(stdout).toMatch(/the objective is at most .* times the optimum, as was known before/);
    expect(stdout).toMatch(
      /on the approximation: objective .*, dual bound .*, relative gap .* solved to tolerance/,
    );
  });

  it('--beta-max prints β_max, as text or one object, and needs no beta', async () => {
    const { beta, ...rest } = { ...problem, patterns: 'all' };
    expect(beta).toBe(0.1);
    const stdin = JSON.stringify(rest);
    const text = await relucent(['solve', '-', '--beta-max'], { stdin });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^\d+\.\d+ +β_max over all arrangements: from it on/);
    const run = await relucent(['solve', '-', '--beta-max', '--json'], { stdin });
    const found = JSON.parse(run.stdout) as { betaMax: number; exact: boolean };
    expect(found).toEqual(await betaMax({ ...problem, patterns: 'all' }));
    expect(found.exact).toBe(true);
    const sampled = await relucent(['solve', '-', '--beta-max'], { stdin: JSON.stringify(problem) });
    expect(sampled.stdout).toContain(
      'on the patterns of the problem; over all arrangements it may be larger',
    );
    expect(Number.parseFloat(sampled.stdout)).toBeLessThanOrEqual(found.betaMax * (1 + 1e-12));
  });

  it('--decompose adds the ReLU network of a gated solution', async () => {
    const stdin = JSON.stringify({ ...problem, formulation: 'gated' });
    const { stdout } = await relucent(['solve', '-', '--json', '--decompose'], { stdin });
    const { objective, decomposition } = JSON.parse(stdout) as {
      objective: number;
      decomposition: { networkObjective: number; change: number; network: { kind: string } };
    };
    expect(decomposition.network.kind).toBe('relu');
    expect(decomposition.networkObjective - objective).toBeCloseTo(decomposition.change, 12);
  });

  it('stopped at a limit it exits with 3 and prints the result', async () => {
    const stdin = JSON.stringify({ ...problem, beta: 0 });
    const { code, stdout, stderr } = await relucent(['solve', '-', '--json', '--tolerance', '1e-12'], {
      stdin,
    });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'iteration-limit' });
    expect(stderr).toContain('relucent: warning: beta is 0');
  });
});

const wrong: readonly (readonly [string, string | object, RegExp])[] = [
  [
    'no JSON',
    '{"X": [[1]],\n "y": [1,]}',
    /standard input: expected a problem in JSON, got "]" at line 2 column 10/,
  ],
  ['NaN', '{"X": [[NaN]]}', /got "NaN" at line 1 column 9 \(JSON has no such number\)/],
  ['a truncated file', '{"X": [[1], [2', /got a text that breaks off at line 1 column 15/],
  ['nothing', '', /standard input: expected a problem in JSON, got nothing/],
  ['an array', '[]', /problem: expected an object/],
  ['no X', { ...problem, X: undefined }, /X: expected the data matrix/],
  ['a ragged X', { ...problem, X: [[1], [1, 2]] }, /X\[1\]: expected 1 numbers like the first row, got 2/],
  [
    'an infinite entry',
    JSON.stringify(problem).replace('-2', '1e999'),
    /X\[0\]\[0\]: expected a finite number, got Infinity/,
  ],
  [
    'a null entry',
    JSON.stringify(problem).replace('-2', 'null'),
    /X\[0\]\[0\]: expected a finite number, got null/,
  ],
  ['a short y', { ...problem, y: [1] }, /y: expected 5 values, one per row of X, got 1/],
  ['a negative beta', { ...problem, beta: -1 }, /beta: expected a number ≥ 0, got -1/],
  ['one class', { ...problem, loss: 'logistic', y: [1, 1, 1, 1, 1] }, /y: expected two classes/],
  [
    'widths that do not fit',
    { ...problem, depth: 3, widths: [2, 2, 2] },
    /widths: expected 1 entries at depth 3.*got 3/,
  ],
  ['a misspelt field', { ...problem, betta: 1 }, /betta: expected one of the fields/],
];

describe.concurrent('a problem that is not right is one clear line', () => {
  it.for(wrong)('%s', async ([, content, line], { expect }) => {
    const stdin = typeof content === 'string' ? content : JSON.stringify(content);
    const run = await relucent(['solve', '-', '--json'], { stdin });
    expect(expectOneLine(run)).toMatch(line);
    expect(run.stdout).toBe('');
  });

  it('absent, or --decompose without gates', async ({ expect }) => {
    expect(expectOneLine(await relucent(['solve', 'none.json']))).toContain('got no file of that name');
    const run = await relucent(['solve', '-', '--decompose'], { stdin: JSON.stringify(problem) });
    expect(expectOneLine(run)).toContain('--decompose: expected "formulation": "gated"');
  });
});
