/** Any number of threads gives the same bits: folds, outputs, searches and whole solves. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/executor/executor.js';
import { inlineExecutor } from '../../src/executor/inline-executor.js';
import { openExecutor } from '../../src/executor/open-executor.js';
import { betaMax, RelucentError, solve, solveAll, type ProblemInput } from '../../src/index.js';
import type { Table } from '../../src/table/table.js';
import { trainTable } from '../../src/training/train-table.js';
import { TRAIN_DEFAULTS, type TrainOptions } from '../../src/training/train-options.js';
import { tableOfCells } from '../fixtures/cells.js';
import { normals } from '../fixtures/random-program.js';

const pools = [2, 3].map(openExecutor);

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

/** The pools as they are for work that is worth them, however little it is. */
const eager = pools.map((pool): Executor => ({
  width: pool.width,
  run: (task, inputs, options) => pool.run(task, inputs, { ...options, roughMs: undefined }),
}));

/** Without what no two runs share. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Map)
    return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'seconds');
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutTimes(entry)]));
}

/** Three classes of two columns, with some noise. */
function table(): Table {
  const noise = normals(90, 5);
  const rows = Array.from({ length: 90 }, (_, i) => {
    const a = Math.sin(1.3 * i);
    const b = Math.cos(2.1 * i);
    const side = a + 0.2 * noise[i]!;
    return [String(a), String(b), side > 0.3 ? 'p' : b > 0 ? 'q' : 'r'];
  });
  return tableOfCells(['a', 'b', 'y'], rows);
}

function problemOf(n: number, d: number, seed: number, beta: number): ProblemInput {
  const F = normals(n * (d + 1), seed);
  const X = Array.from({ length: n }, (_, i) => Array.from(F.subarray(i * d, (i + 1) * d)));
  return { X, y: F.slice(n * d), beta, patterns: 'all' };
}

describe('training', () => {
  const options: TrainOptions = { ...TRAIN_DEFAULTS, target: 'y', sample: 20, folds: 3 };

  it('of three outputs, with their folds', async () => {
    const seen: number[] = [];
    const run = (executor: Executor): Promise<unknown> =>
      trainTable(table(), options, {
        executor,
        onCrossValidation: (done, total) => {
          expect(total).toBe(3 * 3 * 8);
          seen.push(done);
        },
      }).then(({ model, beta, scores, linear }) =>
        withoutTimes({
          beta,
          scores,
          outputs: model.outputs,
          linear: [linear.choice, linear.model.outputs],
        }),
      );
    const alone = await run(inlineExecutor);
    const upwards = Array.from({ length: 72 }, (_, k) => k + 1);
    expect(seen.splice(0)).toEqual(upwards);
    for (const pool of eager) {
      expect(await run(pool)).toEqual(alone);
      expect(seen.splice(0)).toEqual(upwards);
    }
  });

  it('is stopped by its signal, wherever it runs', async () => {
    for (const executor of [inlineExecutor, ...eager]) {
      const controller = new AbortController();
      const run = trainTable(table(), options, {
        executor,
        signal: controller.signal,
        onCrossValidation: (done) => {
          if (done === 5) controller.abort(new RangeError('enough'));
        },
      });
      expect(await run.catch((error: unknown) => error)).toBe(controller.signal.reason);
      expect(controller.signal.reason).toEqual(new RangeError('enough'));
    }
  });
});

describe('a solve over all arrangements', () => {
  it('whose searches are divided', async () => {
    const problem = { ...problemOf(40, 6, 3, 9.5), tolerance: 1e-3 };
    let runs = 0;
    const counting: Executor = {
      width: 1,
      run: (...work) => {
        runs++;
        return inlineExecutor.run(...work);
      },
    };
    const alone = withoutTimes(await solve(problem, { executor: counting }));
    expect(runs).toBeGreaterThan(0);
    for (const executor of eager) expect(withoutTimes(await solve(problem, { executor }))).toEqual(alone);
    expect(withoutTimes(await solve({ ...problem, threads: 2 }))).toEqual(alone);
  });

  it('and its β_max', async () => {
    const problem = problemOf(60, 6, 3, 1);
    const alone = await betaMax(problem);
    for (const executor of eager) expect(await betaMax(problem, { executor })).toEqual(alone);
  });
});

describe('solveAll', () => {
  const base = problemOf(30, 2, 7, 1);
  const problems = [0.5, 1, 2, 4].map((beta, k): ProblemInput => ({
    ...base,
    beta,
    ...(k === 2 ? { maxIterations: 1, tolerance: 1e-9 } : {}),
  }));

  it('gives what solve gives, in the order of the problems', async () => {
    const alone: unknown[] = [];
    const said: string[] = [];
    for (const problem of problems)
      alone.push(withoutTimes(await solve(problem, { onWarning: (text) => said.push(text) })));
    expect(said).toHaveLength(1);
    for (const executor of [inlineExecutor, ...pools]) {
      const warnings: [number, string][] = [];
      const iterations = problems.map(() => 0);
      const results = await solveAll(problems, {
        executor,
        onWarning: (at, text) => warnings.push([at, text]),
        onProgress: (at) => iterations[at]!++,
      });
      expect(results.map(withoutTimes)).toEqual(alone);
      expect(warnings).toEqual([[2, said[0]]]);
      expect(iterations).toEqual(results.map(({ history }) => history.length));
    }
    expect((await solveAll(problems, { threads: 2 })).map(withoutTimes)).toEqual(alone);
  });

  it('takes the same kernel in a worker as here', async () => {
    // Enough data for WebAssembly.
    const sampled = { ...problemOf(200, 12, 9, 5), patterns: { sample: 60, seed: 0 } };
    const both = [sampled, { ...sampled, beta: 8, formulation: 'gated' as const }];
    const alone = await Promise.all(both.map((problem) => solve(problem)));
    const results = await solveAll(both, { executor: pools[0] });
    expect(results.map(withoutTimes)).toEqual(alone.map(withoutTimes));
  });

  it('names the problem that is wrong', async () => {
    const wrong = [base, { ...base, beta: -1 }, base];
    for (const threads of [1, 2]) {
      const error: unknown = await solveAll(wrong, { threads }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RelucentError);
      expect(error).toMatchObject({
        code: 'invalid-problem',
        where: 'problems[1].beta',
        message: 'problems[1].beta: expected a number ≥ 0, got -1',
      });
    }
    await expect(solveAll(problems, { threads: 1.5 })).rejects.toThrow(
      'threads: expected a whole number from 1 to 64, got 1.5',
    );
  });
});
