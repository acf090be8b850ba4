/**
 * Solve times to a certified gap, each case in a process of its own so that its peak memory is its own.
 *
 *   npm run bench                     every case, once
 *   npm run bench -- breast           the cases whose name contains "breast"
 *   npm run bench -- --runs 3 P1      median of 3 runs
 *   npm run bench -- --file p.json    a problem file, gated and ReLU
 *   npm run bench -- arrangements     enumeration of cells instead, see arrangements.ts
 *   npm run bench -- global           global optima over all arrangements, see global.ts
 *   npm run bench -- executor         folds and searches on several threads, see executor.ts
 *   npm run bench -- kernels          GFLOP/s of the dense loops, see kernels.ts
 *
 * Correctness first: a run that misses its tolerance is printed as such and makes the exit code 1.
 */
import { parseArgs } from 'node:util';
import { fista } from '../test/oracles/fista.js';
import { solveProgram } from '../src/solver/solve-program.js';
import { benchArrangements } from './arrangements.js';
import { benchExecutor } from './executor.js';
import { benchGlobal } from './global.js';
import { benchKernels } from './kernels.js';
import { cases, problemFile } from './cases.js';
import { inChild } from './in-child.js';

interface Measurement {
  readonly n: number;
  readonly d: number;
  readonly patterns: number;
  readonly beta: number;
  readonly status: string;
  readonly objective: number;
  readonly relativeGap: number;
  readonly active: number;
  readonly newton: number;
  readonly seconds: number;
  readonly peakMiB: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '1' }, child: { type: 'string' }, file: { type: 'string' } },
});

if (values.child !== undefined) await measure(values.child);
else if (positionals[0] === 'arrangements') await benchArrangements(positionals.slice(1));
else if (positionals[0] === 'global') await benchGlobal(positionals.slice(1));
else if (positionals[0] === 'executor') await benchExecutor(positionals.slice(1));
else if (positionals[0] === 'kernels') await benchKernels(positionals.slice(1));
else await main();

async function main(): Promise<void> {
  const names = values.file
    ? [`${values.file}:gated`, `${values.file}:relu`]
    : cases.map((c) => c.name).filter((name) => positionals.every((part) => name.includes(part)));
  console.log(
    '| case | n | d | patterns | beta | active | seconds | Newton | relative gap | objective | peak MiB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const name of names) {
    const runs: Measurement[] = [];
    for (let run = 0; run < Number(values.runs); run++)
      runs.push(await inChild<Measurement>(import.meta.url, ['--child', name]));
    runs.sort((a, b) => a.seconds - b.seconds);
    const m = runs[runs.length >> 1];
    if (!m) continue;
    const cells = [name, m.n, m.d, m.patterns, m.beta, m.active, m.seconds.toFixed(2), m.newton];
    const gap =
      m.status === 'optimal'
        ? m.relativeGap.toExponential(1)
        : `${m.status} ${m.relativeGap.toExponential(1)}`;
    console.log(`| ${[...cells, gap, m.objective.toPrecision(9), m.peakMiB.toFixed(0)].join(' | ')} |`);
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
  const solution = await solveProgram(program, { tolerance: known?.tolerance ?? 1e-6 });
  const measurement: Measurement = {
    n: program.rows.n,
    d: program.rows.d,
    patterns: program.patterns.length,
    beta: program.beta,
    status: solution.status,
    objective: solution.objective,
    relativeGap: solution.relativeGap,
    active: solution.coefficients.size,
    newton: solution.newtonSteps,
    seconds: solution.seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(measurement);
}
