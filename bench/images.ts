/**
 * Ten classes of images: a gated network of sampled patterns, softmax loss, certified. Prints a line for each outer iteration.
 *
 *   npm run bench -- images                          1000 made-up images (synthetic-images.ts)
 *   npm run bench -- images --data DIR               MNIST or Fashion-MNIST in its IDX files, compressed by gzip
 *   --rows 60000 --patterns 200 --beta-ratio 0.1     first rows of the training images, candidates for patterns, β over β_max
 *   --threads 2                                      threads of the kernels; default 1
 *   --gap 1e-3 --time-limit 600                      relative gap to reach, seconds after which the solve stops
 *
 * No centring, no bias: rows are pixels over 256. Patterns are those of sampled gates from seed 0. A result that misses its
 * gap within the limit makes the exit code 1.
 */
import { parseArgs } from 'node:util';
import { samplePatterns } from '../src/arrangement/pattern-source.js';
import { realisedPattern, type Rows } from '../src/arrangement/sub-network-pattern.js';
import { kernelFor } from '../src/kernel/choose-kernel.js';
import { lossNamed } from '../src/loss/index.js';
import { betaMax } from '../src/path/beta-max.js';
import { outputSlice, predictorOf, type ConvexProgram } from '../src/program/convex-program.js';
import {
  solveProgram,
  type Iteration,
  type ProgramSolution,
  type SolverOptions,
} from '../src/solver/solve-program.js';
import { readImages, type LabelledImages } from './image-data.js';
import { numberOption } from './options.js';
import { printHead, printRow } from './measured-solve.js';

const CLASSES = 10;

const settings = {
  data: { type: 'string' },
  rows: { type: 'string', default: '1000' },
  patterns: { type: 'string', default: '200' },
  'beta-ratio': { type: 'string', default: '0.1' },
  gap: { type: 'string', default: '1e-3' },
  'time-limit': { type: 'string', default: '600' },
  threads: { type: 'string', default: '1' },
} as const;

/** Reads or makes the images, solves, and prints how it went. */
export async function benchImages(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: settings });
  const { train, test } = timed('images read', () =>
    readImages(values.data, numberOption('rows', values.rows, { least: 1, whole: true })),
  );
  const without = programOf(train, numberOption('patterns', values.patterns, { least: 1, whole: true }));
  const largest = timed('β_max found', () => betaMax(without));
  const program = { ...without, beta: numberOption('beta-ratio', values['beta-ratio']) * largest };
  const { n, d } = program.rows;
  console.log(
    `n = ${n}, d = ${d}, ${program.patterns.length} patterns, β = ${program.beta.toPrecision(6)}\n`,
  );
  const solution = await solveWithLines(program, {
    tolerance: numberOption('gap', values.gap),
    timeLimit: numberOption('time-limit', values['time-limit']),
    kernel: kernelFor(program.rows, {
      threads: numberOption('threads', values.threads, { least: 1, whole: true }),
    }),
  });
  console.log(`\n${summary(solution)}`);
  if (test) console.log(`accuracy on ${test.n} test images: ${accuracy(solution, test).toFixed(4)}`);
  console.log(`accuracy on the training images: ${accuracy(solution, train).toFixed(4)}`);
  if (solution.status !== 'optimal') process.exitCode = 1;
}

function programOf(images: LabelledImages, count: number): ConvexProgram {
  const rows = rowsOf(images);
  const { patterns } = timed('patterns sampled', () => samplePatterns(rows, { count, seed: 0, widths: [] }));
  return {
    rows,
    y: images.labels,
    loss: lossNamed('softmax'),
    outputs: CLASSES,
    beta: 0,
    formulation: 'gated',
    depth: 2,
    patterns,
  };
}

function rowsOf({ X, n, d }: LabelledImages): Rows {
  return { X: new Float64Array(X), n, d };
}

async function solveWithLines(program: ConvexProgram, options: SolverOptions): Promise<ProgramSolution> {
  printHead(['iteration', 'seconds', 'objective', 'bound', 'relative gap', 'active', 'working set', 'MiB']);
  const onIteration = (standing: Iteration): void => {
    printRow([
      standing.iteration,
      standing.seconds.toFixed(1),
      standing.objective.toPrecision(9),
      standing.dualBound.toPrecision(9),
      standing.relativeGap.toExponential(1),
      standing.activeGroups,
      standing.workingSet,
      mebibytes(),
    ]);
  };
  return solveProgram(program, { ...options, onIteration });
}

function summary(solution: ProgramSolution): string {
  const { status, seconds, relativeGap, newtonSteps, coefficients } = solution;
  return (
    `${status} after ${seconds.toFixed(1)} s, ${newtonSteps} Newton steps: relative gap ${relativeGap.toExponential(1)}, ` +
    `${coefficients.size} active groups; peak memory ${mebibytes()} MiB`
  );
}

/** Share of images whose largest output is that of their class. */
function accuracy({ program, coefficients }: ProgramSolution, images: LabelledImages): number {
  const rows = rowsOf(images);
  const patterns = program.patterns.map(({ gates }) => realisedPattern(rows, gates));
  const there = { ...program, rows, y: images.labels, patterns };
  const f = predictorOf(there, coefficients);
  const outputs = Array.from({ length: CLASSES }, (_, k) => outputSlice(there, f, k));
  const right = images.labels.filter((label, i) => {
    const values = outputs.map((output) => output[i] ?? NaN);
    return values.indexOf(Math.max(...values)) === label;
  });
  return right.length / images.n;
}

function timed<Result>(what: string, task: () => Result): Result {
  const start = performance.now();
  const result = task();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s, peak ${mebibytes()} MiB`);
  return result;
}

/** Peak memory of the process so far. */
function mebibytes(): string {
  return (process.resourceUsage().maxRSS / 1024).toFixed(0);
}
