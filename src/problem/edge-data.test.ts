import { describe, expect, it } from 'vitest';
import { distance, expectClose } from '../../test/fixtures/close.js';
import { DEPTHS, normals } from '../../test/fixtures/random-program.js';
import { LAW_ROUNDING, NETWORK_OBJECTIVE, SOLVER_GAP } from '../../test/tolerances.js';
import { forward } from '../network/network.js';
import type { FlatMatrix, NumberMatrix, NumberVector, ProblemInput } from './problem-input.js';
import { readMatrix } from './matrix-input.js';
import type { SolveResult } from './result.js';
import { solve } from './solve.js';

const n = 12;
const d = 3;
const X = Array.from({ length: n }, (_, i) => Array.from(normals(d, i)));
const y = Array.from(normals(n, 100));

const kinds = (['gated', 'relu'] as const).flatMap((formulation) =>
  DEPTHS.map((depth) => ({ formulation, depth })),
);
type Kind = (typeof kinds)[number];

function problemOf(kind: Kind, change: Partial<ProblemInput> = {}): ProblemInput {
  const widths = { widths: kind.depth === 2 ? [] : kind.depth === 3 ? [2] : [2, 2] };
  return {
    X,
    y,
    beta: 0.1,
    patterns: { sample: 30, seed: 1 },
    tolerance: SOLVER_GAP,
    ...kind,
    ...widths,
    ...change,
  };
}

/** Solves a problem that must work, and checks what every result promises. */
async function solved(problem: ProblemInput): Promise<SolveResult> {
  const warnings: string[] = [];
  const result = await solve(problem, { onWarning: (message) => warnings.push(message) });
  expect(warnings).toEqual([]);
  expect(result.status).toBe('optimal');
  expect(result.dualBound).toBeLessThanOrEqual(result.objective);
  expect(result.relativeGap).toBeLessThanOrEqual(problem.tolerance ?? 1e-6);
  expectClose([result.networkObjective], [result.objective], NETWORK_OBJECTIVE);
  expect(result.certificate.scope).toBe('given-arrangements');
  expect(result.certificate.patternsPriced).toBe(result.certificate.patternsTotal);
  expect(result.subNetworks).toBe(result.activeGroups);
  expect(outputs(result, problem.X).every(Number.isFinite)).toBe(true);
  return result;
}

function outputs(result: SolveResult, data: NumberMatrix): Float64Array {
  return forward(result.network, readMatrix(data, 'X'));
}

/** All but what depends on the clock. */
function bits({ seconds, history, ...rest }: SolveResult): unknown {
  return { ...rest, timed: seconds >= 0, history: history.map((at) => ({ ...at, seconds: 0 })) };
}

describe.each(kinds)('$formulation at depth $depth works on', (kind) => {
  it('one row', async () => {
    await solved(problemOf(kind, { X: [[1, 2, 3]], y: [2] }));
    await solved(problemOf(kind, { X: [[1]], y: [-2] }));
  });

  it('duplicate, opposite and zero rows', async () => {
    const rows = [...X, ...X.slice(0, 4), X[0]!.map((value) => -value), [0, 0, 0], [0, 0, 0]];
    await solved(problemOf(kind, { X: rows, y: Array.from(normals(rows.length, 7)) }));
  });

  it('zero and constant columns, and twice the same one', async () => {
    await solved(problemOf(kind, { X: X.map((row) => [...row, 0, 1, 5, row[0]!]) }));
    const twice = X.map((row) => [...row, ...row]);
    const a = await solved(problemOf(kind, { X: twice, bias: true }));
    expect(a.network.inputs).toBe(2 * d + 1);
  });

  it('an X of zeros, and a y of zeros', async () => {
    const flat = await solved(problemOf(kind, { X: X.map((row) => row.map(() => 0)) }));
    expect(flat.activeGroups).toBe(0);
    const silent = await solved(problemOf(kind, { y: y.map(() => 0) }));
    expect(silent.activeGroups).toBe(0);
    expect(silent.objective).toBe(0);
    expect(Math.abs(silent.relativeGap)).toBe(0);
  });

  it.each([1e-12, 1e12])('X and β in units of %f', async (unit) => {
    const a = await solved(problemOf(kind));
    const scaled = X.map((row) => row.map((value) => unit * value));
    const b = await solved(problemOf(kind, { X: scaled, beta: 0.1 * unit }));
    expectClose([b.objective], [a.objective], 2 * SOLVER_GAP);
    expect(distance(outputs(a, X), outputs(b, scaled))).toBeLessThanOrEqual(2 * Math.sqrt(2 * a.gap + b.gap));
  });

  it.each([1e-12, 1e12])('y and β in units of %f', async (unit) => {
    const a = await solved(problemOf(kind));
    const b = await solved(problemOf(kind, { y: y.map((value) => unit * value), beta: 0.1 * unit }));
    expectClose([b.objective], [unit * unit * a.objective], 2 * SOLVER_GAP);
  });

  it.each([1e-40, 1e40])('the same problem near the ends of the range: %f', async (unit) => {
    const scaled = X.map((row) => row.map((value) => unit * value));
    await solved(problemOf(kind, { X: scaled, beta: 0.1 * unit, tolerance: 1e-6 }));
    await solved(
      problemOf(kind, {
        X: scaled,
        y: y.map((value) => unit * value),
        beta: 0.1 * unit * unit,
        tolerance: 1e-6,
      }),
    );
  });

  it.each([1e3, 1e100, Number.MAX_VALUE])('a huge β: the zero network (%f)', async (beta) => {
    const result = await solved(problemOf(kind, { beta }));
    expect(result.activeGroups).toBe(0);
    expect(result.network.subNetworks).toEqual([]);
    expectClose([result.objective], [y.reduce((sum, value) => sum + value ** 2 / 2, 0)], LAW_ROUNDING);
    expect(outputs(result, X).every((value) => value === 0)).toBe(true);
  });

  it('β = 0, without claiming what is not proven', async () => {
    const warnings: string[] = [];
    const result = await solve(problemOf(kind, { beta: 0, maxIterations: 30 }), {
      onWarning: (message) => warnings.push(message),
    });
    expect(result.dualBound).toBeLessThanOrEqual(result.objective);
    expect(result.relativeGap <= SOLVER_GAP).toBe(result.status === 'optimal');
    if (result.status === 'optimal') expect(warnings).toEqual([]);
    else expect(warnings).toEqual([expect.stringMatching(/^beta is 0.*use a small beta/)]);
    expect(result.status).not.toBe('optimal');
  });

  it('patterns that are all silent: the zero network', async () => {
    // Of one sub-network on one row, some seeds draw one that is off.
    const silent: SolveResult[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const result = await solved(problemOf(kind, { X: [[1]], y: [1], patterns: { sample: 1, seed } }));
      if (result.certificate.patternsTotal === 0) silent.push(result);
    }
    expect(silent.length).toBeGreaterThan(0);
    for (const { activeGroups, objective, network } of silent) {
      expect(activeGroups).toBe(0);
      expect(objective).toBe(0.5);
      expect(network).toMatchObject({
        kind: kind.formulation,
        depth: kind.depth,
        inputs: 1,
        subNetworks: [],
      });
    }
  });
});

describe('the form of the data', () => {
  const kind: Kind = { formulation: 'relu', depth: 2 };
  const flat: FlatMatrix = { values: Float64Array.from(X.flat()), rows: n, columns: d };

  it.each<{ name: string; X: NumberMatrix; y: NumberVector }>([
    { name: 'flat', X: flat, y },
    { name: 'rows of Float64Array', X: X.map((row) => Float64Array.from(row)), y: Float64Array.from(y) },
    { name: 'mixed rows', X: X.map((row, i) => (i % 2 ? row : Float64Array.from(row))), y },
  ])('does not matter: $name', async ({ X: data, y: target }) => {
    const expected = bits(await solve(problemOf(kind)));
    expect(bits(await solve(problemOf(kind, { X: data, y: target })))).toEqual(expected);
  });

  it('does not matter for single precision and integers either', async () => {
    const rounded = X.map((row) => row.map((value) => Math.round(8 * value)));
    const target = y.map((value) => Math.round(8 * value));
    const expected = bits(await solve(problemOf(kind, { X: rounded, y: target })));
    for (const data of [
      rounded.map((row) => Int32Array.from(row)),
      rounded.map((row) => Float32Array.from(row)),
      { values: Float32Array.from(rounded.flat()), rows: n, columns: d },
    ]) {
      const result = await solve(problemOf(kind, { X: data, y: Int32Array.from(target) }));
      expect(bits(result)).toEqual(expected);
    }
  });

  it('is left as it was', async () => {
    const values = Float64Array.from(flat.values);
    const target = Float64Array.from(y);
    await solve(problemOf(kind, { X: { values, rows: n, columns: d }, y: target }));
    expect([...values]).toEqual(X.flat());
    expect([...target]).toEqual(y);
  });

  it('a bias is a column of ones', async () => {
    const expected = await solve(problemOf(kind, { X: X.map((row) => [...row, 1]) }));
    expect(bits(await solve(problemOf(kind, { bias: true })))).toEqual(bits(expected));
  });
});

describe('classes', () => {
  const kind: Kind = { formulation: 'gated', depth: 2 };
  const positive = y.map((value) => value > 0);

  it.each([
    { low: '0', high: '1', y: positive.map(Number) },
    { low: '-1', high: '1', y: positive.map((is) => (is ? 1 : -1)) },
    { low: '2', high: '10', y: positive.map((is) => (is ? 10 : 2)) },
    { low: 'no', high: 'yes', y: positive.map((is) => (is ? 'yes' : 'no')) },
    { low: '10', high: '2', y: positive.map((is) => (is ? '2' : '10')) },
  ])('$low and $high stand for −1 and +1', async ({ low, high, y: labels }) => {
    const signs = positive.map((is) => (is ? 1 : -1));
    const expected = await solved(problemOf(kind, { loss: 'logistic', y: signs }));
    const result = await solved(problemOf(kind, { loss: 'logistic', y: labels as string[] }));
    expect(result.classes).toEqual([low, high]);
    expect(result.network).toEqual(expected.network);
    expect((await solved(problemOf(kind))).classes).toBeNull();
  });

  it('are the outputs of the network with the softmax loss, numbers by value and strings by code unit', async () => {
    const third = y.map((_, i) => i % 3);
    const numbers = third.map((k) => [10, 2, 3][k]!);
    const strings = third.map((k) => ['z', 'B', 'a'][k]!);
    const a = await solved(problemOf(kind, { loss: 'softmax', y: numbers }));
    expect(a.classes).toEqual(['2', '3', '10']);
    expect(a.network.outputs).toBe(3);
    expect(new Set(a.network.subNetworks.map(({ channel }) => channel)).size).toBe(3);
    const b = await solved(problemOf(kind, { loss: 'softmax', y: strings as readonly string[] }));
    expect(b.classes).toEqual(['B', 'a', 'z']);
    expect(b.network).toEqual(a.network);
  });

  it('are refused nothing by the squared hinge loss that logistic takes', async () => {
    const labels = positive.map((is) => (is ? 'yes' : 'no'));
    const result = await solved(problemOf(kind, { loss: 'squared-hinge', y: labels as readonly string[] }));
    expect(result.classes).toEqual(['no', 'yes']);
  });
});

describe('parameters of losses', () => {
  const kind: Kind = { formulation: 'relu', depth: 2 };

  it('have the defaults δ = 1 and ε = 0, and change the optimum', async () => {
    const huber = await solved(problemOf(kind, { loss: 'huber' }));
    expect((await solved(problemOf(kind, { loss: 'huber', huberDelta: 1 }))).objective).toBe(huber.objective);
    const small = await solved(problemOf(kind, { loss: 'huber', huberDelta: 1e-3 }));
    expect(small.objective).toBeLessThan(huber.objective);
    const absolute = await solved(problemOf(kind, { loss: 'absolute' }));
    expect((await solved(problemOf(kind, { loss: 'absolute', epsilon: 0 }))).objective).toBe(
      absolute.objective,
    );
    const wide = await solved(problemOf(kind, { loss: 'absolute', epsilon: 0.5 }));
    expect(wide.objective).toBeLessThan(absolute.objective);
  });
});
