import loader, { type Highs } from 'highs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternsOfGates } from '../../src/arrangement/pattern-source.js';
import { patternOf, isActive } from '../../src/arrangement/pattern.js';
import type { SubNetworkPattern } from '../../src/arrangement/sub-network-pattern.js';
import { lossNamed } from '../../src/loss/index.js';
import type { ConvexProgram } from '../../src/program/convex-program.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import { expectClose } from '../fixtures/close.js';
import { fixed, normals } from '../fixtures/random-program.js';
import { LAW_GAP, ORACLE_OBJECTIVE } from '../tolerances.js';

const loadHighs = loader as unknown as () => Promise<Highs>;

/** One column of a linear program: what it adds to f, and its sign if that is fixed. */
interface Column {
  readonly values: readonly number[];
  readonly isPositive: boolean;
}

/**
 * min Σ_i t_i + β Σ_g s_g  s.t.  t_i ≥ ±(f_i − y_i) − ε, s_g ≥ ±z_g, t ≥ 0: the absolute loss with groups of one dimension,
 * whose norms are absolute values.
 */
async function linearProgram(
  columns: readonly Column[],
  y: Float64Array,
  { beta, epsilon }: { readonly beta: number; readonly epsilon: number },
): Promise<number> {
  const term = (factor: number, name: string): string =>
    `${factor < 0 ? '-' : '+'} ${Math.abs(factor).toFixed(17)} ${name}`;
  const rows = Array.from(y, (target, i) => {
    const f = (sign: number): string =>
      columns.map(({ values }, g) => term(-sign * values[i]!, `z${g}`)).join(' ');
    return [` a${i}: t${i} ${f(1)} >= ${-target - epsilon}`, ` b${i}: t${i} ${f(-1)} >= ${target - epsilon}`];
  });
  const norms = columns.flatMap((_, g) => [` c${g}: s${g} - z${g} >= 0`, ` d${g}: s${g} + z${g} >= 0`]);
  const objective = [
    ...Array.from(y, (_, i) => `+ t${i}`),
    ...columns.map((_, g) => term(beta, `s${g}`)),
  ].join(' ');
  const bounds = columns.map(({ isPositive }, g) => (isPositive ? ` z${g} >= 0` : ` z${g} free`));
  const model = [`Minimize`, ` obj: ${objective}`, 'Subject To', ...rows.flat(), ...norms, 'Bounds', ...bounds, 'End']; // prettier-ignore
  const { Status, ObjectiveValue } = (await loadHighs()).solve(model.join('\n'), { output_flag: false });
  if (Status !== 'Optimal') throw new Error(`HiGHS: ${Status}`);
  return ObjectiveValue;
}

/** A gated group on any set of rows, whether a gate realises it or not. */
function maskPattern(values: Float64Array): SubNetworkPattern {
  const mask = patternOf(values);
  return {
    leaves: [{ sign: 1, mask }],
    units: [{ pattern: mask, terms: [{ leaf: 0, sign: 1, mask: null }] }],
    gates: { first: [Float64Array.of(1)] },
  };
}

const instance = fc.record({
  n: fc.integer({ min: 2, max: 25 }),
  seed: fc.nat(1e6),
  groups: fc.integer({ min: 1, max: 12 }),
  beta: fc.constantFrom(1e-3, 0.1, 1, 5),
  epsilon: fc.constantFrom(0, 0.3),
});

describe('the absolute loss with groups of one dimension, and linear programming', () => {
  it('agree without cones', async () => {
    await fc.assert(
      fc.asyncProperty(instance, async ({ n, seed, groups, beta, epsilon }) => {
        const X = normals(n, seed);
        const y = normals(n, seed + 1);
        const patterns = Array.from({ length: groups }, (_, c) => maskPattern(normals(n, seed + 2 + c)));
        const program: ConvexProgram = { rows: { X, n, d: 1 }, y, loss: lossNamed('absolute', { epsilon }), outputs: 1, beta, formulation: 'gated', depth: 2, patterns }; // prettier-ignore
        const columns = patterns.map(({ leaves }) => ({
          values: Array.from(X, (x, i) => (isActive(leaves[0]!.mask, i) ? x : 0)),
          isPositive: false,
        }));
        await expectAgreement(program, await linearProgram(columns, y, { beta, epsilon }));
      }),
      fixed(60),
    );
  });

  it('agree with cones, where a group of one dimension has one sign', async () => {
    await fc.assert(
      fc.asyncProperty(instance, async ({ n, seed, beta, epsilon }) => {
        const X = normals(n, seed);
        const y = normals(n, seed + 1);
        const rows = { X, n, d: 1 };
        const { patterns } = patternsOfGates(rows, [[1], [-1]]);
        const program: ConvexProgram = { rows, y, loss: lossNamed('absolute', { epsilon }), outputs: 1, beta, formulation: 'relu', depth: 2, patterns }; // prettier-ignore
        // A ReLU of weight ±1, times an output weight ±.
        const columns = [1, -1].flatMap((w) =>
          [1, -1].map((sign) => ({
            values: Array.from(X, (x) => sign * Math.max(0, w * x)),
            isPositive: true,
          })),
        );
        await expectAgreement(program, await linearProgram(columns, y, { beta, epsilon }));
      }),
      fixed(40),
    );
  });
});

async function expectAgreement(program: ConvexProgram, reference: number): Promise<void> {
  const solution = await solveProgram(program, { tolerance: LAW_GAP });
  expect(solution.status).toBe('optimal');
  expectClose(
    [solution.objective, solution.dualBound],
    [reference, reference],
    ORACLE_OBJECTIVE,
    1 + reference,
  );
}
