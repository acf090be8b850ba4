import { describe, expect, it } from 'vitest';
import { isSilent, realisedPattern, type Rows } from '../../src/arrangement/sub-network-pattern.js';
import { lossNamed, type LossName } from '../../src/loss/index.js';
import { networkObjective } from '../../src/network/objective.js';
import type { ParallelNetwork, SubNetwork } from '../../src/network/network.js';
import { betaMax as largestBeta } from '../../src/path/beta-max.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import { betaMax, solve } from '../../src/problem/solve.js';
import { predictorLength, type ConvexProgram } from '../../src/program/convex-program.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import { normalGenerator } from '../../src/random.js';
import { expectClose } from '../fixtures/close.js';
import { LOSSES, normalRows, normals, targetOf } from '../fixtures/random-program.js';
import { everyGates } from '../oracles/largest-support.js';
import { LAW_ROUNDING, LOSS_GAP, NETWORK_OBJECTIVE, SOLVER_GAP, WEAK_DUALITY } from '../tolerances.js';

/** A small problem over all arrangements and the program that holds every pattern there is. */
interface Pair {
  readonly problem: ProblemInput;
  /** At β = 1. */
  readonly program: ConvexProgram;
}

function pair(loss: LossName, widths: readonly number[], seed: number): Pair {
  const [n, d] = widths.length === 0 ? [10, 3] : [5, 2];
  const rows = normalRows(n, d, seed);
  for (let i = 0; i < n; i++) rows.X[i * d + d - 1] = 1;
  const y = normals(n, seed + 1).map((value) => targetOf(loss, value));
  if (loss === 'softmax') y.set([0, 1, 2]);
  const patterns = everyGates(rows, widths)
    .map((gates) => realisedPattern(rows, gates))
    .filter((pattern) => !isSilent(pattern));
  const depth = 2 + widths.length;
  return {
    problem: { ...inputOf(rows, y), beta: 1, loss, depth, widths, patterns: 'all' },
    program: { rows, y, loss: lossNamed(loss), outputs: loss === 'softmax' ? 3 : 1, beta: 1, formulation: 'relu', depth, patterns }, // prettier-ignore
  };
}

function inputOf({ X, n, d }: Rows, y: Float64Array): { X: number[][]; y: number[] } {
  return {
    X: Array.from({ length: n }, (_, i) => Array.from(X.subarray(i * d, (i + 1) * d))),
    y: Array.from(y),
  };
}

/** Networks of random weights, scaled so that neither term of the objective drowns the other. */
function randomNetworks(program: ConvexProgram, widths: readonly number[], count: number): ParallelNetwork[] {
  const { rows, outputs, depth } = program;
  const normal = normalGenerator(77);
  const vector = (length: number): Float64Array => Float64Array.from({ length }, normal);
  return Array.from({ length: count }, (_, k) => {
    const sizes = [...widths, 1];
    const scale = 10 ** ((k % 7) / 2 - 2.5);
    const subNetworks = Array.from({ length: 1 + (k % 3) }, (__, s): SubNetwork => {
      const first = Array.from({ length: sizes[0]! }, () => vector(rows.d));
      const inner = sizes.slice(1).map((m, l) => Array.from({ length: m }, () => vector(sizes[l]!)));
      return { first, inner, output: Float64Array.of(scale * normal()), channel: (k + s) % outputs };
    });
    return { kind: 'relu', depth, inputs: rows.d, outputs, subNetworks };
  });
}

const combinations = LOSSES.flatMap((loss): { loss: LossName; widths: number[] }[] => [
  { loss, widths: [] },
  { loss, widths: [2] },
]);

describe.each(combinations)('all arrangements: $loss loss, widths $widths', ({ loss, widths }) => {
  const { problem, program } = pair(loss, widths, 3);
  const tolerance = widths.length === 0 ? SOLVER_GAP : LOSS_GAP;

  it('has β_max of the program with every pattern, and the zero network from there on', async () => {
    const expected = largestBeta(program);
    const found = await betaMax(problem);
    expect(found.exact).toBe(true);
    expectClose([found.betaMax], [expected], SOLVER_GAP);
    const zero = program.loss.value(new Float64Array(predictorLength(program)), program.y);
    const above = await solve({ ...problem, beta: expected * (1 + 1e-9), tolerance });
    expect(above).toMatchObject({ status: 'optimal', objective: zero, subNetworks: 0 });
    expect((await solve({ ...problem, beta: expected * (1 - 1e-3), tolerance })).subNetworks).toBeGreaterThan(
      0,
    );
    const wide = await betaMax({ ...problem, widths: [...widths, 4] });
    expectClose([wide.betaMax], [2 * expected], SOLVER_GAP);
  });

  it.each([0.5, 0.05])('has the optimum of the program with every pattern: β = %d β_max', async (share) => {
    const beta = share * largestBeta(program);
    const reference = await solveProgram({ ...program, beta }, { tolerance });
    const result = await solve({ ...problem, beta, tolerance });
    expect(result.status).toBe('optimal');
    expect(result.relativeGap).toBeLessThanOrEqual(tolerance);
    expect(result.certificate).toMatchObject({ scope: 'all-arrangements', search: { complete: true } });
    expectClose([result.objective], [reference.objective], 2 * tolerance);
    expect(result.dualBound).toBeLessThanOrEqual(reference.objective * (1 + LAW_ROUNDING));
    expect(reference.dualBound).toBeLessThanOrEqual(result.objective * (1 + LAW_ROUNDING));
    expectClose([result.networkObjective], [result.objective], NETWORK_OBJECTIVE);
    const sampled = await solve({ ...problem, beta, tolerance, patterns: { sample: 8, seed: 1 } });
    expect(result.dualBound).toBeLessThanOrEqual(sampled.objective * (1 + LAW_ROUNDING));
    const adaptive = await solve({ ...problem, beta, tolerance, patterns: { adaptive: 8, seed: 1 } });
    expect(adaptive.certificate.scope).toBe('given-arrangements');
    expect(result.dualBound).toBeLessThanOrEqual(adaptive.objective * (1 + LAW_ROUNDING));
    expect(adaptive.objective).toBeLessThanOrEqual(sampled.objective * (1 + 2 * tolerance));
    for (const network of randomNetworks(program, widths, 200)) {
      const objective = networkObjective(network, { ...program, beta });
      expect(result.dualBound).toBeLessThanOrEqual(objective * (1 + WEAK_DUALITY));
    }
  });
});

describe('a bound over all arrangements', () => {
  it('is below every network of depth 4', async () => {
    const rows = normalRows(4, 2, 5);
    const y = normals(4, 6);
    const widths = [2, 2];
    const problem = { ...inputOf(rows, y), beta: 0.1, depth: 4, widths, patterns: 'all' as const };
    const program = { rows, y, loss: lossNamed('squared'), outputs: 1, beta: 0.1, formulation: 'relu' as const, depth: 4 as const, patterns: [] }; // prettier-ignore
    const result = await solve({ ...problem, maxRegions: 300, maxIterations: 20 });
    expect(result.dualBound).toBeGreaterThan(0);
    expect(result.dualBound).toBeLessThanOrEqual(result.networkObjective);
    for (const network of randomNetworks(program, widths, 2000)) {
      expect(result.dualBound).toBeLessThanOrEqual(networkObjective(network, program) * (1 + WEAK_DUALITY));
    }
  });
});
