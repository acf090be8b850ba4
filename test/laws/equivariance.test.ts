import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realisedPattern, type StoredRows } from '../../src/arrangement/sub-network-pattern.js';
import { lossNamed } from '../../src/loss/index.js';
import { forward } from '../../src/network/network.js';
import { reconstructNetwork } from '../../src/network/reconstruct.js';
import { type ConvexProgram } from '../../src/program/convex-program.js';
import { solveProgram, type ProgramSolution } from '../../src/solver/solve-program.js';
import { distance, expectClose, largest } from '../fixtures/close.js';
import { fixed, programSpecArbitrary, randomProgram } from '../fixtures/random-program.js';
import { LAW_GAP, LAW_ROUNDING, SCALED_OUTPUTS } from '../tolerances.js';

interface Fit {
  readonly program: ConvexProgram;
  readonly solution: ProgramSolution;
  /** Outputs of the reconstructed network on the rows of the program. */
  readonly outputs: Float64Array;
}

async function fit(program: ConvexProgram): Promise<Fit> {
  const solution = await solveProgram(program, { tolerance: LAW_GAP });
  expect(solution.status).toBe('optimal');
  return { program, solution, outputs: outputsOn(program, solution, program.rows) };
}

function outputsOn(program: ConvexProgram, solution: ProgramSolution, rows: StoredRows): Float64Array {
  return forward(reconstructNetwork(program, solution.coefficients), rows);
}

/** The same gates on other rows. */
function onRows(
  program: ConvexProgram,
  rows: StoredRows,
  change: Partial<ConvexProgram> = {},
): ConvexProgram {
  const patterns = program.patterns.map(({ gates }) => realisedPattern(rows, gates));
  return { ...program, rows, patterns, ...change };
}

/**
 * ‖f − f*‖ for outputs f of a solution with gap ε: ½‖f − f*‖² ≤ ε for the squared loss. The logistic loss has curvature
 * 1/(2 + 2 cosh f) ≥ 1/(4 cosh²(f/2)) on the way, so the same holds with that share of it.
 */
function outputError({ program, solution, outputs }: Fit): number {
  const most = 1 + largest(outputs);
  const curvature = program.loss.name === 'squared' ? 1 : 1 / (4 * Math.cosh(most / 2) ** 2);
  return Math.sqrt((2 * (solution.gap + LAW_ROUNDING * solution.objective)) / curvature);
}

function permutation(n: number, seed: number): number[] {
  const key = (i: number): number => Math.sin(1 + i * 12.9898 + seed);
  return Array.from({ length: n }, (_, i) => i).sort((a, b) => key(a) - key(b));
}

function takeRows({ X, d }: StoredRows, order: readonly number[]): StoredRows {
  const values = order.flatMap((i) => Array.from(X.subarray(i * d, (i + 1) * d)));
  return { X: Float64Array.from(values), n: order.length, d };
}

const anyPrograms = programSpecArbitrary.map(randomProgram);
/** Programs whose optimal outputs are unique, with a known curvature. */
const programs = programSpecArbitrary
  .filter(({ loss }) => loss === 'squared' || loss === 'logistic')
  .map(randomProgram);
/** Exact in float64, so that patterns stay as they are. */
const scales = fc.constantFrom(2 ** -40, 2 ** -7, 2 ** 3, 2 ** 40);
/** Whose square roots are exact too. */
const evenScales = fc.constantFrom(2 ** -40, 2 ** -6, 2 ** 4, 2 ** 40);

describe('the optimum', () => {
  it('does not depend on the order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(programs, fc.nat(1e6), async (program, seed) => {
        const { rows, y } = program;
        const order = permutation(rows.n, seed);
        const permuted = onRows(program, takeRows(rows, order), {
          y: Float64Array.from(order, (i) => y[i]!),
        });
        const a = await fit(program);
        const b = await fit(permuted);
        expectClose([b.solution.objective], [a.solution.objective], 2 * LAW_GAP);
        expect(
          distance(
            b.outputs,
            order.map((i) => a.outputs[i]!),
          ),
        ).toBeLessThanOrEqual(outputError(a) + outputError(b));
      }),
      fixed(60),
    );
  });

  it('keeps its outputs when X and β are scaled together', async () => {
    await fc.assert(
      fc.asyncProperty(anyPrograms, scales, async (program, c) => {
        const { rows, beta } = program;
        const scaled = onRows(program, { ...rows, X: rows.X.map((value) => c * value) }, { beta: c * beta });
        const a = await fit(program);
        const b = await fit(scaled);
        expectClose([b.solution.objective], [a.solution.objective], SCALED_OUTPUTS);
        expectClose([b.solution.dualBound], [a.solution.dualBound], SCALED_OUTPUTS);
        expectClose(b.outputs, a.outputs, SCALED_OUTPUTS);
        expect(b.solution.newtonSteps).toBe(a.solution.newtonSteps);
      }),
      fixed(60),
    );
  });

  it('scales its outputs with y and β: squared loss', async () => {
    await fc.assert(
      fc.asyncProperty(programSpecArbitrary, scales, async (spec, c) => {
        const program = randomProgram({ ...spec, loss: 'squared' });
        const { y, beta } = program;
        const scaled = { ...program, y: y.map((value) => c * value), beta: c * beta };
        const a = await fit(program);
        const b = await fit(scaled);
        expectClose([b.solution.objective], [c * c * a.solution.objective], SCALED_OUTPUTS);
        expectClose(
          b.outputs,
          a.outputs.map((value) => c * value),
          SCALED_OUTPUTS,
        );
        expect(b.solution.newtonSteps).toBe(a.solution.newtonSteps);
      }),
      fixed(60),
    );
  });

  it.each([
    { loss: 'huber' as const, power: 2 },
    { loss: 'absolute' as const, power: 1 },
  ])('scales its outputs with y, β and the parameter of the loss: $loss loss', async ({ loss, power }) => {
    await fc.assert(
      fc.asyncProperty(programSpecArbitrary, evenScales, async (spec, c) => {
        const program = randomProgram({ ...spec, loss, huberDelta: 0.5, epsilon: 0.1 });
        const scaled = {
          ...program,
          y: program.y.map((value) => c * value),
          beta: c ** (power - 1) * program.beta,
          loss: lossNamed(loss, { huberDelta: 0.5 * c, epsilon: 0.1 * c }),
        };
        const a = await fit(program);
        const b = await fit(scaled);
        expectClose([b.solution.objective], [c ** power * a.solution.objective], SCALED_OUTPUTS);
        expectClose(
          b.outputs,
          a.outputs.map((value) => c * value),
          SCALED_OUTPUTS,
        );
        expect(b.solution.newtonSteps).toBe(a.solution.newtonSteps);
      }),
      fixed(60),
    );
  });

  it('of a loss with intervals of optimal outputs does not depend on the order of the rows either', async () => {
    const spec = programSpecArbitrary.filter(({ loss }) => loss !== 'softmax');
    await fc.assert(
      fc.asyncProperty(spec.map(randomProgram), fc.nat(1e6), async (program, seed) => {
        const order = permutation(program.rows.n, seed);
        const permuted = onRows(program, takeRows(program.rows, order), {
          y: Float64Array.from(order, (i) => program.y[i]!),
        });
        const a = await fit(program);
        const b = await fit(permuted);
        expectClose([b.solution.objective], [a.solution.objective], 2 * LAW_GAP);
      }),
      fixed(60),
    );
  });

  it('doubles, with the same outputs, when every row comes twice and β is doubled', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { rows, y, beta } = program;
        const twice = Array.from({ length: 2 * rows.n }, (_, i) => i % rows.n);
        const doubled = onRows(program, takeRows(rows, twice), {
          y: Float64Array.from(twice, (i) => y[i]!),
          beta: 2 * beta,
        });
        const a = await fit(program);
        const b = await fit(doubled);
        expectClose([b.solution.objective], [2 * a.solution.objective], 2 * LAW_GAP);
        const single = outputsOn(b.program, b.solution, rows);
        expect(distance(single, a.outputs)).toBeLessThanOrEqual(outputError(a) + outputError(b));
        expectClose(b.outputs, [...single, ...single], LAW_ROUNDING);
      }),
      fixed(60),
    );
  });
});
