import { describe, expect, it } from 'vitest';
import { RelucentError, type ErrorCode } from '../error.js';
import type { ProblemInput } from './problem-input.js';
import { solve } from './solve.js';

const good = {
  X: [
    [1, 2],
    [3, -4],
    [-1, 0.5],
  ],
  y: [1, -1, 2],
  beta: 0.1,
  patterns: { sample: 5, seed: 0 },
};
const gates = {
  gates: [
    [1, 0],
    [0, 1],
  ],
};
const logistic = { loss: 'logistic', y: [1, 2, 1] };

interface BadCase {
  readonly name: string;
  /** Fields that replace those of the good problem. */
  readonly change: Record<string, unknown>;
  /** `where` of the error. */
  readonly where: string;
  /** What else the line must say: the value found, and the fix. */
  readonly says: readonly RegExp[];
  readonly code?: ErrorCode;
}

const badNumbers: readonly BadCase[] = [
  { name: 'negative beta', change: { beta: -0.5 }, where: 'beta', says: [/≥ 0/, /got -0\.5/] },
  { name: 'NaN beta', change: { beta: NaN }, where: 'beta', says: [/≥ 0/, /NaN/] },
  { name: 'infinite beta', change: { beta: Infinity }, where: 'beta', says: [/≥ 0/, /Infinity/] },
  { name: 'beta as a string', change: { beta: '0.1' }, where: 'beta', says: [/number/, /"0\.1"/] },
  { name: 'no beta', change: { beta: undefined }, where: 'beta', says: [/number/, /undefined/] },
  { name: 'null beta', change: { beta: null }, where: 'beta', says: [/number/, /null/] },
  { name: 'tolerance 0', change: { tolerance: 0 }, where: 'tolerance', says: [/1e-12/, /got 0/] },
  { name: 'tolerance 2', change: { tolerance: 2 }, where: 'tolerance', says: [/1e-12 to 1/, /got 2/] },
  { name: 'timeLimit 0', change: { timeLimit: 0 }, where: 'timeLimit', says: [/seconds > 0/, /got 0/] },
  { name: 'timeLimit NaN', change: { timeLimit: NaN }, where: 'timeLimit', says: [/seconds > 0/, /NaN/] },
  { name: 'no iterations', change: { maxIterations: 0 }, where: 'maxIterations', says: [/≥ 1/, /got 0/] },
  { name: 'half a thread', change: { threads: 0.5 }, where: 'threads', says: [/1 to 64/, /0\.5/] },
  { name: 'no threads', change: { threads: 0 }, where: 'threads', says: [/1 to 64/, /got 0/] },
  { name: 'too many threads', change: { threads: 65 }, where: 'threads', says: [/1 to 64/, /65/] },
  { name: 'bias as a number', change: { bias: 1 }, where: 'bias', says: [/true or false/, /got 1/] },
];

const badData: readonly BadCase[] = [
  { name: 'no X', change: { X: undefined }, where: 'X', says: [/data matrix/, /undefined/] },
  { name: 'null X', change: { X: null }, where: 'X', says: [/at least one row/] },
  { name: 'X as text', change: { X: '1,2' }, where: 'X', says: [/at least one row/] },
  { name: 'X without rows', change: { X: [] }, where: 'X', says: [/at least one row/] },
  { name: 'X without columns', change: { X: [[], [], []] }, where: 'X[0]', says: [/at least one column/] },
  { name: 'X as one list', change: { X: [1, 2, 3] }, where: 'X[0]', says: [/array of numbers/, /got 1/] },
  { name: 'ragged X', change: { X: [[1, 2], [3], [4, 5]] }, where: 'X[1]', says: [/2 numbers/, /got 1/, /equally long/] }, // prettier-ignore
  { name: 'null row', change: { X: [[1, 2], null, [4, 5]] }, where: 'X[1]', says: [/array of numbers/, /null/] }, // prettier-ignore
  ...[
    { value: NaN, shown: /NaN/ },
    { value: Infinity, shown: /Infinity/ },
    { value: -Infinity, shown: /-Infinity/ },
    { value: null, shown: /null/ },
    { value: '7', shown: /"7"/ },
    { value: '', shown: /""/ },
    { value: true, shown: /true/ },
    { value: undefined, shown: /undefined/ },
    { value: 5n, shown: /5/ },
    { value: { a: 1 }, shown: /object/ },
  ].flatMap(({ value, shown }): BadCase[] => [
    { name: `${shown.source} (${typeof value}) in X`, change: { X: [[1, 2], [3, 4], [5, value]] }, where: 'X[2][1]', says: [/finite number/, shown, /impute|remove/] }, // prettier-ignore
    { name: `${shown.source} (${typeof value}) in y`, change: { y: [1, value, 2] }, where: 'y[1]', says: [/finite number/, shown, /impute|remove/] }, // prettier-ignore
  ]),
  { name: 'a value above 1e100 in X', change: { X: [[1, 2], [3, 1.5e100], [5, 6]] }, where: 'X[1][1]', says: [/1e\+?100/, /1\.5e\+?100/, /unit/] }, // prettier-ignore
  { name: 'a value below −1e100 in y', change: { y: [1, 2, -1e101] }, where: 'y[2]', says: [/1e\+?100/, /unit/] }, // prettier-ignore
  { name: 'no y', change: { y: undefined }, where: 'y', says: [/target/] },
  { name: 'short y', change: { y: [1, 2] }, where: 'y', says: [/3 values/, /got 2/] },
  { name: 'long y', change: { y: [1, 2, 3, 4] }, where: 'y', says: [/3 values/, /got 4/] },
  { name: 'y as a number', change: { y: 5 }, where: 'y', says: [/array of numbers/, /got 5/] },
  { name: 'y as text', change: { y: 'aba' }, where: 'y', says: [/array of numbers/, /"aba"/] },
  { name: 'y as a column', change: { y: [[1], [2], [3]] }, where: 'y[0]', says: [/finite number/] },
  { name: 'labels with the squared loss', change: { y: ['a', 'b', 'a'] }, where: 'y[0]', says: [/"a"/, /logistic/] }, // prettier-ignore
  { name: 'one class', change: { ...logistic, y: [1, 1, 1] }, where: 'y', says: [/two classes/, /only 1/] },
  { name: 'one label', change: { ...logistic, y: ['a', 'a', 'a'] }, where: 'y', says: [/two classes/, /"a"/] }, // prettier-ignore
  { name: 'three classes', change: { ...logistic, y: [1, 2, 3] }, where: 'y', says: [/two classes/, /3 different/] }, // prettier-ignore
  { name: 'three labels', change: { ...logistic, y: ['a', 'b', 'c'] }, where: 'y', says: [/two classes/, /3 different/] }, // prettier-ignore
  { name: 'labels and numbers', change: { ...logistic, y: ['a', 1, 'b'] }, where: 'y[1]', says: [/string/, /got 1/] }, // prettier-ignore
  { name: 'numbers and labels', change: { ...logistic, y: [1, 'a', 2] }, where: 'y[1]', says: [/number/, /"a"/] }, // prettier-ignore
  { name: 'too few labels', change: { ...logistic, y: ['a', 'b'] }, where: 'y', says: [/3 labels/, /got 2/] }, // prettier-ignore
  { name: 'a flat matrix of the wrong size', change: { X: { values: new Float64Array(5), rows: 3, columns: 2 } }, where: 'X', says: [/3 · 2/, /got 5/] }, // prettier-ignore
  { name: 'a flat matrix without rows', change: { X: { values: new Float64Array(0), rows: 0, columns: 2 } }, where: 'X', says: [/0 · 2/] }, // prettier-ignore
  { name: 'NaN in a flat matrix', change: { X: { values: Float64Array.of(1, 2, 3, NaN, 5, 6), rows: 3, columns: 2 } }, where: 'X[1][1]', says: [/finite/, /NaN/] }, // prettier-ignore
  { name: 'NaN in a typed row', change: { X: [[1, 2], Float64Array.of(3, NaN), [5, 6]] }, where: 'X[1][1]', says: [/finite/] }, // prettier-ignore
];

const badModels: readonly BadCase[] = [
  { name: 'unknown loss', change: { loss: 'l2' }, where: 'loss', says: [/squared/, /logistic/, /"l2"/] },
  { name: 'null loss', change: { loss: null }, where: 'loss', says: [/squared/, /null/] },
  { name: 'unknown loss, all named', change: { loss: 'l2' }, where: 'loss', says: [/squared-hinge/, /huber/, /absolute/, /softmax/] }, // prettier-ignore
  { name: 'huberDelta 0', change: { loss: 'huber', huberDelta: 0 }, where: 'huberDelta', says: [/> 0/, /got 0/] }, // prettier-ignore
  { name: 'huberDelta as a string', change: { loss: 'huber', huberDelta: '1' }, where: 'huberDelta', says: [/> 0/, /"1"/] }, // prettier-ignore
  { name: 'huberDelta without Huber', change: { huberDelta: 1 }, where: 'huberDelta', says: [/left out/, /"squared"/, /"huber"/] }, // prettier-ignore
  { name: 'negative epsilon', change: { loss: 'absolute', epsilon: -0.1 }, where: 'epsilon', says: [/≥ 0/, /-0\.1/] }, // prettier-ignore
  { name: 'epsilon without absolute', change: { loss: 'huber', epsilon: 0 }, where: 'epsilon', says: [/left out/, /"huber"/, /"absolute"/] }, // prettier-ignore
  { name: 'one softmax class', change: { loss: 'softmax', y: [1, 1, 1] }, where: 'y', says: [/at least two classes/, /only 1/] }, // prettier-ignore
  { name: 'three classes of a margin', change: { loss: 'squared-hinge', y: [1, 2, 3] }, where: 'y', says: [/two classes/, /squared-hinge/, /softmax/] }, // prettier-ignore
  { name: 'labels with the Huber loss', change: { loss: 'huber', y: ['a', 'b', 'a'] }, where: 'y[0]', says: [/"a"/, /softmax/] }, // prettier-ignore
  { name: 'depth 1', change: { depth: 1 }, where: 'depth', says: [/from 2 to 8/, /got 1/] },
  { name: 'depth 2.5', change: { depth: 2.5 }, where: 'depth', says: [/from 2 to 8/, /2\.5/] },
  { name: 'depth as a string', change: { depth: '3' }, where: 'depth', says: [/from 2 to 8/, /"3"/] },
  { name: 'depth 9', change: { depth: 9, widths: [2, 2] }, where: 'depth', says: [/from 2 to 8/, /got 9/] },
  { name: 'two widths at depth 2', change: { widths: [3, 2] }, where: 'widths', says: [/0 entries/, /or 1 with/, /got 2/, /leave/] }, // prettier-ignore
  { name: 'no widths at depth 3', change: { depth: 3 }, where: 'widths', says: [/1 entr/, /got 0/, /"widths"/] }, // prettier-ignore
  { name: 'three widths at depth 3', change: { depth: 3, widths: [2, 2, 2] }, where: 'widths', says: [/1 entr/, /got 3/] }, // prettier-ignore
  { name: 'one width at depth 4', change: { depth: 4, widths: [2] }, where: 'widths', says: [/2 entr/, /got 1/, /\[4,2\]/] }, // prettier-ignore
  { name: 'too many first-layer units', change: { depth: 4, widths: [64, 5] }, where: 'widths', says: [/at most 256/, /64 · 5 = 320/] }, // prettier-ignore
  {
    name: 'width 0',
    change: { depth: 3, widths: [0] },
    where: 'widths.0',
    says: [/from 1 to 4096/, /got 0/],
  },
  { name: 'width 1.5', change: { depth: 3, widths: [1.5] }, where: 'widths.0', says: [/whole/, /1\.5/] },
  { name: 'widths as a number', change: { depth: 3, widths: 4 }, where: 'widths', says: [/array/, /got 4/] },
  { name: 'unknown formulation', change: { formulation: 'tanh' }, where: 'formulation', says: [/"relu" or "gated"/, /"tanh"/] }, // prettier-ignore
  { name: 'rank 0', change: { rank: 0 }, where: 'rank', says: [/whole number from 1/, /got 0/] },
  { name: 'a rank of gated networks', change: { rank: 3, formulation: 'gated' }, where: 'rank', says: [/got 3/, /gated/], code: 'unsupported' }, // prettier-ignore
  { name: 'a typo', change: { betta: 1 }, where: 'betta', says: [/beta/, /spelling/] },
  { name: 'no patterns', change: { patterns: undefined }, where: 'patterns', says: [/sample/, /gates/, /undefined/] }, // prettier-ignore
  { name: 'all gated patterns of depth 4', change: { patterns: 'all', formulation: 'gated', depth: 4, widths: [2, 2] }, where: 'patterns', says: [/sample/, /"all"/, /depth 4/], code: 'unsupported' }, // prettier-ignore
  { name: 'adaptive gated patterns', change: { patterns: { adaptive: 5, seed: 0 }, formulation: 'gated' }, where: 'patterns.adaptive', says: [/sample/, /relu/], code: 'unsupported' }, // prettier-ignore
  { name: 'a number of patterns', change: { patterns: 500 }, where: 'patterns', says: [/sample/, /500/] },
  { name: 'sample 0', change: { patterns: { sample: 0, seed: 0 } }, where: 'patterns.sample', says: [/whole number from 1/, /got 0/] }, // prettier-ignore
  { name: 'a fractional sample', change: { patterns: { sample: 1.5, seed: 0 } }, where: 'patterns.sample', says: [/whole number/, /1\.5/] }, // prettier-ignore
  { name: 'no seed', change: { patterns: { sample: 5 } }, where: 'patterns.seed', says: [/whole number/, /undefined/] }, // prettier-ignore
  { name: 'seed −1', change: { patterns: { sample: 5, seed: -1 } }, where: 'patterns.seed', says: [/whole number from 0/, /got -1/] }, // prettier-ignore
  { name: 'a typo in patterns', change: { patterns: { sample: 5, sead: 1 } }, where: 'patterns', says: [/seed/] }, // prettier-ignore
  { name: 'an extra field in patterns', change: { patterns: { sample: 5, seed: 0, count: 1 } }, where: 'patterns.count', says: [/sample, seed/] }, // prettier-ignore
  { name: 'gates and a sample', change: { patterns: { ...gates, sample: 5 } }, where: 'patterns.sample', says: [/gates/] }, // prettier-ignore
  { name: 'no gates', change: { patterns: { gates: [] } }, where: 'patterns.gates', says: [/at least one row/] }, // prettier-ignore
  { name: 'gates of the wrong length', change: { patterns: { gates: [[1, 2, 3]] } }, where: 'patterns.gates[0]', says: [/2 numbers/, /got 3/] }, // prettier-ignore
  { name: 'gates without the bias', change: { bias: true, patterns: gates }, where: 'patterns.gates[0]', says: [/3 numbers/, /bias/, /got 2/] }, // prettier-ignore
  { name: 'ragged gates', change: { patterns: { gates: [[1, 2], [1]] } }, where: 'patterns.gates[1]', says: [/got 1/] }, // prettier-ignore
  { name: 'NaN in gates', change: { patterns: { gates: [[1, NaN]] } }, where: 'patterns.gates[0][1]', says: [/NaN/] }, // prettier-ignore
  { name: 'gates at depth 3', change: { depth: 3, widths: [2], patterns: gates }, where: 'patterns.gates', says: [/depth 2/, /got 3/, /sample/] }, // prettier-ignore
];

/** The one-line RelucentError that a problem is refused with. */
async function refusal(problem: unknown): Promise<RelucentError> {
  const error: unknown = await solve(problem as ProblemInput).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RelucentError);
  const { message } = error as RelucentError;
  expect(message).not.toMatch(/[\n\r]/);
  expect(message).toMatch(/: expected /);
  expect(message).not.toMatch(/expected (Too|Invalid|Expected)/);
  expect(message.length).toBeLessThan(300);
  return error as RelucentError;
}

describe.each([
  { part: 'numbers', cases: badNumbers },
  { part: 'data', cases: badData },
  { part: 'models and patterns', cases: badModels },
])('bad $part', ({ cases }) => {
  it.each(cases)('$name is refused by name', async ({ change, where, says, code = 'invalid-problem' }) => {
    const error = await refusal({ ...good, ...change });
    expect(error.code).toBe(code);
    if (where === 'patterns') expect(error.where).toMatch(/^patterns/);
    else expect(error.where).toBe(where);
    for (const text of says) expect(error.message).toMatch(text);
  });
});

describe('bad problems', () => {
  it.each([undefined, null, 5, 'problem', [good], () => good])('%s is no problem', async (problem) => {
    const error = await refusal(problem);
    expect(error.where).toBe('problem');
    expect(error.message).toMatch(/X, y, beta, patterns/);
  });

  it('the problem the bad ones were made from is a good one', async () => {
    expect((await solve(good)).status).toBe('optimal');
    expect((await solve({ ...good, ...logistic } as unknown as ProblemInput)).status).toBe('optimal');
    expect((await solve({ ...good, patterns: gates })).status).toBe('optimal');
  });

  it('holes in arrays are missing values, not zeros', async () => {
    const rows = new Array<number[]>(3);
    rows[0] = [1, 2];
    rows[2] = [5, 6];
    expect((await refusal({ ...good, X: rows })).where).toBe('X[1]');
    const labels = new Array<string>(3);
    labels[0] = 'a';
    labels[2] = 'b';
    expect((await refusal({ ...good, loss: 'logistic', y: labels })).where).toBe('y[1]');
  });

  it('values that are awkward to print still give one line', async () => {
    expect((await refusal({ ...good, beta: ['a\nb'] })).where).toBe('beta');
    expect((await refusal({ ...good, 'be\nta': 1 })).message).toMatch(/be.+ta/);
    expect((await refusal({ ...good, beta: Object.create(null) as object })).where).toBe('beta');
    expect((await refusal({ ...good, beta: Symbol('b') })).where).toBe('beta');
    expect((await refusal({ ...good, beta: 'x'.repeat(10_000) })).where).toBe('beta');
  });

  it('a flat matrix needs whole numbers of rows and columns', async () => {
    const flat = { values: new Float64Array(5).fill(1), rows: 2.5, columns: 2 };
    expect((await refusal({ ...good, X: flat, y: [1, 2] })).where).toBe('X');
  });
});
