import { describe, expect, it, vi } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { LAW_ROUNDING, SOLVER_GAP } from '../../test/tolerances.js';
import { patternsOfGates } from '../arrangement/pattern-source.js';
import { lossNamed } from '../loss/index.js';
import { kernelFor } from '../kernel/choose-kernel.js';
import {
  groupCount,
  predictorOf,
  primalObjective,
  signOfGroup,
  type ConvexProgram,
} from '../program/convex-program.js';
import { cooperativePause } from './pause.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import { solveProgram } from './solve-program.js';

const program = randomProgram({ seed: 8, n: 40, d: 4, depth: 2, loss: 'squared', formulation: 'relu', betaRatio: 0.02, draws: 100 }); // prettier-ignore

describe('solveProgram by hand', () => {
  const rows = { X: Float64Array.of(1, 2), n: 2, d: 1 };
  const line: ConvexProgram = {
    rows,
    y: Float64Array.of(1, 3),
    loss: lossNamed('squared'),
    outputs: 1,
    beta: 2,
    formulation: 'gated',
    depth: 2,
    patterns: patternsOfGates(rows, [[1]]).patterns,
  };

  it.each([
    { name: 'gated', change: {}, group: 0, z: 1, optimum: 2.5 },
    { name: 'gated, negative', change: { y: Float64Array.of(-1, -3) }, group: 0, z: -1, optimum: 2.5 },
    { name: 'relu', change: { formulation: 'relu' as const }, group: 0, z: 1, optimum: 2.5 },
    { name: 'relu, negative', change: { formulation: 'relu' as const, y: Float64Array.of(-1, -3) }, group: 1, z: 1, optimum: 2.5 }, // prettier-ignore
    { name: 'without β', change: { beta: 1e-12, y: Float64Array.of(1, 2) }, group: 0, z: 1, optimum: 1e-12 },
  ])('soft thresholding in one dimension: $name', async ({ change, group, z, optimum }) => {
    const solution = await solveProgram({ ...line, ...change }, { tolerance: SOLVER_GAP });
    expect([...solution.coefficients.keys()]).toEqual([group]);
    expectClose(solution.coefficients.get(group)!, [z], Math.sqrt(SOLVER_GAP));
    expectClose([solution.objective, solution.dualBound], [optimum, optimum], 2 * SOLVER_GAP);
  });

  it('of one row and the logistic loss', async () => {
    const one = { X: Float64Array.of(1), n: 1, d: 1 };
    const { patterns } = patternsOfGates(one, [[1]]);
    const odds = {
      ...line,
      rows: one,
      y: Float64Array.of(1),
      loss: lossNamed('logistic'),
      beta: 0.25,
      patterns,
    };
    const { coefficients, objective } = await solveProgram(odds, { tolerance: SOLVER_GAP });
    expectClose(coefficients.get(0)!, [Math.log(3)], 10 * Math.sqrt(SOLVER_GAP));
    expectClose([objective], [Math.log(4 / 3) + Math.log(3) / 4], SOLVER_GAP);
  });

  it('without patterns is the zero network, with a gap of 0', async () => {
    const solution = await solveProgram({ ...line, patterns: [] });
    expect(solution).toMatchObject({ status: 'optimal', objective: 5, iterations: 0, newtonSteps: 0 });
    expectClose([solution.dualBound], [5], LAW_ROUNDING);
  });
});

describe('solveProgram', () => {
  it('reports the standing after every iteration, and the objective of its coefficients', async () => {
    const onIteration = vi.fn();
    const solution = await solveProgram(program, { tolerance: SOLVER_GAP, onIteration });
    const { history, coefficients, objective, dualBound, gap, relativeGap } = solution;
    expect(onIteration.mock.calls.map(([standing]) => standing as unknown)).toEqual(history);
    expect(history[0]).toMatchObject({ iteration: 0, activeGroups: 0, workingSet: 0 });
    expect(history[0]!.objective).toBe(program.loss.value(new Float64Array(40), program.y));
    for (const standing of history) {
      expect(standing.relativeGap).toBe(relativeGapOf(standing.objective, standing.dualBound));
      expect(standing.workingSet).toBeLessThanOrEqual(groupCount(program));
    }
    expect(objective).toBe(primalObjective(program, coefficients, predictorOf(program, coefficients)));
    expect(gap).toBe(objective - dualBound);
    expect(relativeGap).toBe(gap / objective);
    expect(solution.groupsPriced).toBe(groupCount(program));
    expect(solution.newtonSteps).toBeGreaterThanOrEqual(solution.iterations);
    expect([...coefficients.keys()]).toEqual([...coefficients.keys()].sort((a, b) => a - b));
    expect([...coefficients.values()].every((z) => z.some((value) => value !== 0))).toBe(true);
  });

  it('stops at the iteration limit with the bounds it has', async () => {
    const optimum = await solveProgram(program, { tolerance: SOLVER_GAP });
    for (const maxIterations of [1, 2, 4]) {
      const solution = await solveProgram(program, { tolerance: SOLVER_GAP, maxIterations });
      expect(solution.status).toBe('iteration-limit');
      expect(solution.iterations).toBe(maxIterations);
      expect(solution.dualBound).toBeLessThanOrEqual(optimum.objective);
      expect(solution.objective).toBeGreaterThanOrEqual(optimum.dualBound);
    }
  });

  it('stops at the time limit, however small, with a valid bound', async () => {
    const optimum = await solveProgram(program, { tolerance: SOLVER_GAP });
    const solution = await solveProgram(program, { tolerance: SOLVER_GAP, timeLimit: 1e-9 });
    expect(solution).toMatchObject({ status: 'time-limit', iterations: 0 });
    expect(solution.objective).toBe(program.loss.value(new Float64Array(40), program.y));
    expect(solution.dualBound).toBeGreaterThan(0);
    expect(solution.dualBound).toBeLessThanOrEqual(optimum.objective);
  });

  it('gives up, honestly, on a tolerance below working precision', async () => {
    const solution = await solveProgram(program, { tolerance: 1e-18 });
    expect(solution.status).toBe('iteration-limit');
    expect(solution.relativeGap).toBeLessThanOrEqual(1e-12);
    expect(solution.dualBound).toBeLessThanOrEqual(solution.objective);
  });

  it('awaits its pause before every Newton step, and rejects with its reason', async () => {
    const pause = vi.fn(() => Promise.resolve());
    const { newtonSteps } = await solveProgram(program, { pause });
    expect(pause.mock.calls.length).toBeGreaterThanOrEqual(newtonSteps);
    const reason = new Error('stop');
    await expect(solveProgram(program, { pause: () => Promise.reject(reason) })).rejects.toBe(reason);
  });

  it('starts warm where it is told, in any state of health', async () => {
    const cold = await solveProgram(program, { tolerance: SOLVER_GAP });
    const zero = await solveProgram(program, {
      tolerance: SOLVER_GAP,
      warmStart: { coefficients: new Map(), dual: new Float64Array(program.rows.n) },
    });
    expect(zero.objective).toBe(cold.objective);
    // Far too large, but in the cones: the objective may only fall from there.
    const large = new Map([...cold.coefficients].map(([g, z]) => [g, z.map((value) => 1e3 * value)]));
    const far = await solveProgram(program, {
      tolerance: SOLVER_GAP,
      warmStart: { coefficients: large, dual: new Float64Array(program.rows.n) },
    });
    expect(far.status).toBe('optimal');
    expectClose([far.objective], [cold.objective], 2 * SOLVER_GAP);
  });

  it('takes nothing from a warm start outside the cones for feasible', async () => {
    const { coefficients } = await solveProgram({ ...program, formulation: 'gated' }, { tolerance: 1e-3 });
    const outside = new Map(
      Array.from({ length: groupCount(program) }, (_, g) => g)
        .filter((g) => signOfGroup(program, g) === 1)
        .flatMap((g, p) => (coefficients.has(p) ? [[g, coefficients.get(p)!] as const] : [])),
    );
    const workspace = kernelFor(program.rows).workspace(program.rows);
    const { dualBound } = await solveProgram(program, { tolerance: SOLVER_GAP });
    expect(primalObjective(program, outside, predictorOf(program, outside, workspace))).toBeLessThan(
      dualBound,
    );
    const start = await solveProgram(program, {
      maxIterations: 0,
      warmStart: { coefficients: outside, dual: new Float64Array(program.rows.n) },
    });
    expect(start.objective).toBeGreaterThanOrEqual(dualBound);
  });

  it('leaves the warm start and the program as they were', async () => {
    const { warmStart } = await solveProgram(program, { tolerance: 1e-3 });
    const before = JSON.stringify([...warmStart.coefficients].map(([g, z]) => [g, ...z]));
    const X = Float64Array.from(program.rows.X);
    await solveProgram(program, { tolerance: SOLVER_GAP, warmStart });
    expect(JSON.stringify([...warmStart.coefficients].map(([g, z]) => [g, ...z]))).toBe(before);
    expect(program.rows.X).toEqual(X);
  });
});

describe('relativeGapOf', () => {
  it('is in units of the objective, and 0 when both bounds are 0', () => {
    expect(relativeGapOf(4, 3)).toBe(0.25);
    expect(relativeGapOf(-4, -5)).toBe(0.25);
    expect(relativeGapOf(0, 0)).toBe(0);
    expect(relativeGapOf(0, -1)).toBe(Infinity);
    expect(relativeGapOf(1, -Infinity)).toBe(Infinity);
  });
});

describe('cooperativePause', () => {
  it('rejects with the reason of an aborted signal at once', async () => {
    const controller = new AbortController();
    const pause = cooperativePause(controller.signal);
    await pause();
    controller.abort('why');
    await expect(pause()).rejects.toBe('why');
  });

  it('lets the event loop run about every twenty milliseconds', async () => {
    const pause = cooperativePause();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const started = performance.now();
    while (performance.now() - started < 120) await pause();
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(1);
  });
});
