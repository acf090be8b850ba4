/**
 * Coarse parallel work on one and on more threads: seconds, their ratio, and whether the results are the same bits. Runs take
 * turns and the fastest of each counts; workers start anew in every run, as they do for a user.
 *
 *   npm run bench -- executor              1 and 2 threads
 *   npm run bench -- executor 4 folds      1 and 4 threads, the cases whose name contains "folds"
 *
 * Correctness first: another result on more threads makes the exit code 1. Seconds of processor time stand beside those of
 * the clock: on a busy machine only they mean something.
 */
import { checkOptions } from '../src/estimator/options.js';
import { entriesAt, foldRows, rowsAt, type LearningRows } from '../src/estimator/fold-data.js';
import { crossValidateRecipes, CV_GRID } from '../src/estimator/select-beta.js';
import type { Executor } from '../src/executor/executor.js';
import { openExecutor } from '../src/executor/open-executor.js';
import { solve } from '../src/index.js';
import { foldIds } from '../src/table/split.js';
import { breastCancerRows } from './cases.js';
import { concreteProblem } from './global.js';

interface ExecutorCase {
  readonly name: string;
  /** All of the result but its times. */
  readonly run: (executor: Executor) => Promise<unknown>;
}

interface Timing {
  /** The result as text. */
  readonly bits: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const RUNS = 3;

const cases: readonly ExecutorCase[] = [
  { name: 'breast-cancer, 5 folds × 8 β, 200 patterns', run: breastCancerFolds },
  { name: 'concrete, all arrangements, rank 5, n 100', run: concreteOptimum },
];

/** Compares 1 with more threads on the cases whose name contains every part. */
export async function benchExecutor([first = '2', ...parts]: readonly string[]): Promise<void> {
  const threads = Number(first);
  const heads = [
    'case',
    's, 1 thread',
    `s, ${threads} threads`,
    'ratio',
    'CPU s, 1',
    `CPU s, ${threads}`,
    'bits',
  ];
  console.log(`| ${heads.join(' | ')} |`);
  console.log(`| ${heads.map(() => '---').join(' | ')} |`);
  for (const { name, run } of cases.filter((c) => parts.every((part) => c.name.includes(part)))) {
    const one: Timing[] = [];
    const more: Timing[] = [];
    for (let turn = 0; turn < RUNS; turn++) {
      one.push(await timed(1, run));
      more.push(await timed(threads, run));
    }
    const isSame = [...one, ...more].every(({ bits }) => bits === one[0]?.bits);
    if (!isSame) process.exitCode = 1;
    const [a, b] = [fastest(one), fastest(more)];
    const figures = [a.seconds, b.seconds, a.seconds / b.seconds, a.cpuSeconds, b.cpuSeconds];
    const cells = [name, ...figures.map((value) => value.toPrecision(3)), isSame ? 'same' : 'DIFFERENT'];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function timed(threads: number, run: ExecutorCase['run']): Promise<Timing> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const executor = openExecutor(threads);
  const result = await run(executor);
  await executor.close();
  const { user, system } = process.cpuUsage(cpu);
  return {
    bits: JSON.stringify(result, plain),
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}

/** Seconds are no part of a result; maps would be left out. */
function plain(key: string, value: unknown): unknown {
  if (key === 'seconds') return undefined;
  return value instanceof Map ? [...value] : value;
}

function fastest(timings: readonly Timing[]): Timing {
  return timings.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

/** What `train` does to choose β on data/breast-cancer.csv, on all rows. */
function breastCancerFolds(executor: Executor): Promise<unknown> {
  const { rows, y } = breastCancerRows();
  const options = checkOptions({ bias: false, standardize: false });
  const labels = Int32Array.from(y, (value) => (value > 0 ? 1 : 0));
  const foldOf = foldIds(labels, rows.n, { folds: 5, seed: 0 });
  const recipe = { kind: 'network', loss: 'logistic', outputs: 1, options } as const;
  const part = (at: Int32Array): LearningRows => ({
    rows: rowsAt(rows, at),
    targets: [entriesAt(y, at)],
    weights: null,
  });
  const folds = foldRows(foldOf, 5).map(({ inside, outside }) => ({
    inside: part(inside),
    outside: part(outside),
    unit: 1,
  }));
  return crossValidateRecipes(folds, [recipe], { ...CV_GRID, executor });
}

async function concreteOptimum(executor: Executor): Promise<unknown> {
  return solve(await concreteProblem(5, 100, 2), { executor });
}
