import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { RelucentError } from '../../src/error.js';
import { solve, type ProblemInput } from '../../src/index.js';
import { fixed } from '../fixtures/random-program.js';

/** Problems that are valid, small, and between them use every field. */
const VALID: readonly object[] = [
  { X: [[1, 0.5], [-1, 2], [0.3, 1], [2, -1]], y: [1, -1, 2, 0.5], beta: 0.2, patterns: 'all', maxRegions: 1000 }, // prettier-ignore
  { X: [[1, 0.5], [-1, 2], [0.3, 1]], y: ['a', 'b', 'a'], beta: 0.1, loss: 'logistic', patterns: { sample: 8, seed: 1 }, depth: 3, widths: [2] }, // prettier-ignore
  { X: [[1], [-1], [3]], y: [1, 2, 3], beta: 0.1, loss: 'softmax', formulation: 'gated', bias: true, patterns: { gates: [[1, 0.5], [-1, 2]] } }, // prettier-ignore
  { X: [[1, 2], [2, -3], [3, 3]], y: [1, -2, 0], beta: 0.3, loss: 'huber', huberDelta: 0.5, patterns: { adaptive: 5, seed: 0 } }, // prettier-ignore
  { X: [[1, 2], [2, -3], [3, 3]], y: [1, -2, 0], beta: 0.3, loss: 'absolute', epsilon: 0.1, patterns: 'all', rank: 1, tolerance: 1e-4, kernel: 'javascript', threads: 1 }, // prettier-ignore
];

/** Values that have broken readers before. */
const hostile = fc.constantFrom<unknown>(
  NaN, Infinity, -Infinity, -0, 1e308, 5e-324, 2 ** 53, -1, 0, 1.5, '', '0', 'constructor', '__proto__', '\u0000', null,
  undefined, true, [], {}, [[]], [null], [[NaN]], { length: 1e9 }, { length: -1 }, { values: [1], rows: 1e9, columns: 1e9 },
  { values: new Float64Array(2), rows: 1, columns: 2 }, new Float64Array(3), new Float32Array(2), new Uint8Array(3), 10n, Symbol('s'),
  () => 1, new Date(0), new Map(), new Proxy({}, {}), Object.create(null), JSON.parse('{"__proto__": {"polluted": 1}}'),
  JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
); // prettier-ignore
const anything = fc.oneof(
  hostile,
  fc.jsonValue({ maxDepth: 4 }),
  fc.anything({ withTypedArray: true, withSparseArray: true, withBigInt: true, withDate: true, maxDepth: 3 }),
);

/** Where something stands in a value: the keys that lead there. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  return Object.assign(copy, { [key]: replaced((value as Record<string, unknown>)[key], rest, by) });
}

/** A valid problem with one or two places changed, a field more, or one less. */
const mutated = fc
  .tuple(fc.constantFrom(...VALID), fc.array(fc.tuple(fc.nat(), anything), { minLength: 1, maxLength: 2 }))
  .map(([problem, changes]) =>
    changes.reduce<unknown>((value, [at, by]) => {
      const places = placesOf(value);
      return replaced(value, places[at % places.length] ?? [], by);
    }, problem),
  );
const extended = fc
  .tuple(fc.constantFrom(...VALID), fc.string(), anything)
  .map(([problem, key, value]) => ({ ...problem, [key]: value }));
const shortened = fc
  .tuple(fc.constantFrom(...VALID), fc.nat())
  .map(([problem, at]) =>
    Object.fromEntries(Object.entries(problem).filter((_, i, all) => i !== at % all.length)),
  );

/** Solves with limits, and says what became of it. */
async function outcome(input: unknown): Promise<'result' | 'refused'> {
  const limited =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? { timeLimit: 2, maxIterations: 5, ...input }
      : input;
  try {
    const { status, objective, dualBound } = await solve(limited as ProblemInput);
    expect(['optimal', 'iteration-limit', 'time-limit']).toContain(status);
    expect(dualBound).toBeLessThanOrEqual(objective);
    return 'result';
  } catch (error) {
    expect(error).toBeInstanceOf(RelucentError);
    const { code, message, where } = error as RelucentError;
    expect(['invalid-problem', 'unsupported', 'invalid-argument']).toContain(code);
    expect(message).not.toMatch(/\n|\[object Object\]/);
    expect(where.length).toBeGreaterThan(0);
    return 'refused';
  }
}

describe('a problem from anywhere', () => {
  afterEach(() => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each(VALID)('is solved as it stands: problem %#', async (problem) => {
    expect(await outcome(problem)).toBe('result');
  });

  it.each([
    ['changed in a place or two', mutated, 1500],
    ['with a field more', extended, 150],
    ['with a field less', shortened, 50],
    ['that is anything at all', anything, 500],
  ] as const)('is solved or refused in one line: a problem %s', async (_, arbitrary, runs) => {
    await fc.assert(
      fc.asyncProperty(arbitrary as fc.Arbitrary<unknown>, async (input) => {
        await outcome(input);
      }),
      fixed(runs),
    );
  });

  it('is not believed about how much there is of it', async () => {
    for (const X of [
      { values: [1, 2], rows: 2 ** 40, columns: 2 },
      { values: [1, 2], rows: 1, columns: 2 ** 52 },
      { length: 2 ** 32, 0: [1] },
    ])
      expect(await outcome({ X, y: [1], beta: 1, patterns: 'all' })).toBe('refused');
  });
});
