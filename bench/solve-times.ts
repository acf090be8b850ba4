/**
 * Solve times to a certified gap, each case in a process of its own so that its peak memory is its own.
 *
 *   npm run bench                     every case, once
 *   npm run bench -- breast           the cases whose name contains "breast"
 *   npm run bench -- --runs 3 P1      median of 3 runs
 *   npm run bench -- --file p.json    a problem file, gated and ReLU
 *
 * Correctness first: a run that misses its tolerance is printed as such and makes the exit code 1.
 */
import { parseArgs } from 'node:util';
import { fista } from '../test/oracles/fista.js';
import { solveProgram } from '../src/solver/solve-program.js';
import { cases, problemFile } from './cases.js';
import { inChild } from './in-child.js';
import { chosenBy, numberOption } from './options.js';
import {
  measureSolve,
  medianBySeconds,
  printHead,
  printRow,
  type SolveMeasurement,
} from './measured-solve.js';

/** First argument of the child processes, followed by the name of a case. */
const CHILD = '--solve-time';

if (process.argv[2] === CHILD) await measure(process.argv[3] ?? '');

/** Prints the table of the cases whose name contains every part given. */
export async function benchSolveTimes(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { runs: { type: 'string', default: '1' }, file: { type: 'string' } },
  });
  const names = values.file
    ? [`${values.file}:gated`, `${values.file}:relu`]
    : chosenBy(positionals, cases).map(({ name }) => name);
  const count = numberOption('runs', values.runs, { least: 1, whole: true });
  printHead('case,n,d,patterns,beta,active,seconds,Newton,relative gap,objective,peak MiB'.split(','));
  for (const name of names) {
    const runs: SolveMeasurement[] = [];
    for (let run = 0; run < count; run++)
      runs.push(await inChild<SolveMeasurement>(import.meta.url, [CHILD, name]));
    const m = medianBySeconds(runs);
    const gap = `${m.status === 'optimal' ? '' : `${m.status} `}${m.relativeGap.toExponential(1)}`;
    const cells = [name, m.n, m.d, m.patterns, m.beta, m.active, m.seconds.toFixed(2), m.newton, gap];
    printRow([...cells, m.objective.toPrecision(9), m.peakMiB.toFixed(0)]);
    if (m.status !== 'optimal') process.exitCode = 1;
  }
  if (!values.file && positionals.length === 0) await againstFista();
}

/** Ratio to the plain reference solver of the tests, in this very run: seconds to the same objective. */
async function againstFista(): Promise<void> {
  const program = problemFile('test/golden/P1.json', 'gated');
  let start = performance.now();
  const ours = await solveProgram(program, { tolerance: 1e-6 });
  const seconds = (performance.now() - start) / 1000;
  start = performance.now();
  const reference = fista(program, { step: 1e-7, maxIterations: 20_000 });
  const referenceSeconds = (performance.now() - start) / 1000;
  console.log(
    `\nP1 gated against plain FISTA (test/oracles, no certificate): ${seconds.toFixed(2)} s against ` +
      `${referenceSeconds.toFixed(2)} s, ratio ${(referenceSeconds / seconds).toFixed(1)}; ` +
      `objectives ${ours.objective.toPrecision(10)} and ${reference.objective.toPrecision(10)}`,
  );
}

async function measure(name: string): Promise<void> {
  const known = cases.find((c) => c.name === name);
  const at = name.lastIndexOf(':');
  const program = known
    ? known.make()
    : problemFile(name.slice(0, at), name.slice(at + 1) === 'relu' ? 'relu' : 'gated');
  process.send?.(await measureSolve(program, { tolerance: known?.tolerance ?? 1e-6 }));
}
