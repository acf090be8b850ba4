/**
 * Global optima over all arrangements: seconds, number of cells and how many of them were skipped by bounds, each case in
 * a process of its own so that its peak memory is its own.
 *
 *   npm run bench -- global                every case; the largest takes two minutes
 *   npm run bench -- global "rank 3"       the cases whose name contains "rank 3"
 *
 * Correctness first: a run that is not certified over all arrangements makes the exit code 1.
 */
import { readFileSync } from 'node:fs';
import { betaMax, solve, type ProblemInput, type SolveResult } from '../src/index.js';
import { integerGenerator } from '../src/random.js';
import { inChild } from './in-child.js';

/** First argument of the child processes, followed by the name of a case. */
const CHILD = '--global';

interface GlobalCase {
  readonly name: string;
  readonly problem: () => Promise<ProblemInput>;
  /** Seconds of an interior-point solver on the same problem, from its golden file. */
  readonly reference?: number;
  /** Solves of which the median counts, after as many to warm up; 1 for a cold one. */
  readonly runs: number;
}

interface Measurement {
  readonly result: Pick<
    SolveResult,
    'status' | 'objective' | 'relativeGap' | 'certificate' | 'subNetworks' | 'newtonSteps'
  >;
  readonly seconds: number;
  readonly peakMiB: number;
}

const golden: readonly GlobalCase[] = [
  'relu2-all-n12d2',
  'relu2-all-n20d2',
  'relu2-all-n14d3',
  'relu2-exact-T1',
  'relu3-all-n5d2m2',
].map((name) => {
  const { problem, expected } = JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8')) as {
    problem: ProblemInput;
    expected: { referenceSeconds: number };
  };
  return {
    name: `golden ${name}`,
    problem: () => Promise.resolve(problem),
    reference: expected.referenceSeconds,
    runs: 50,
  };
});

const concrete = ['cement', 'age_days', 'water', 'slag', 'fine_aggregate', 'coarse_aggregate'];

/** Columns of a table and its bias, squared loss on the standardised target, β = 0.02 β_max. */
const real: readonly GlobalCase[] = [
  ...[150, 300, 569, 1000].map((n) => ({ r: 3, n, depth: 2 })),
  ...[4, 5, 6].map((r) => ({ r, n: 100, depth: 2 })),
  ...[20, 50, 100].map((n) => ({ r: 2, n, depth: 3 })),
].map(({ r, n, depth }) => ({
  name: `concrete depth ${depth} rank ${r} n ${n}`,
  problem: () => concreteProblem(r, n, depth),
  runs: 1,
}));

const breastCancer: readonly GlobalCase[] = [150, 569].map((n) => ({
  name: `breast-cancer depth 2 rank 3 n ${n}`,
  problem: () => table('data/breast-cancer.csv', ['mean_radius', 'mean_texture'], 'diagnosis', n, 2),
  runs: 1,
}));

const cases = [...golden, ...real, ...breastCancer];

if (process.argv[2] === CHILD) await measure(process.argv[3] ?? '');

/** Runs the cases whose name contains every part, or, as a child process, one of them. */
export async function benchGlobal(parts: readonly string[]): Promise<void> {
  console.log(
    '| case | cells or patterns | seconds | ref. / ours | relative gap | searches, regions, exact | skipped | held | active | peak MiB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { name, reference } of cases.filter((c) => parts.every((part) => c.name.includes(part)))) {
    console.log(line(name, await inChild<Measurement>(import.meta.url, [CHILD, name]), reference));
  }
}

function line(name: string, { result, seconds, peakMiB }: Measurement, reference?: number): string {
  const { certificate, status, relativeGap } = result;
  const { search, patternsTotal, patternsTotalExact, patternsHeld } = certificate;
  const certified = status === 'optimal' && certificate.scope === 'all-arrangements';
  if (!certified) process.exitCode = 1;
  // A cell is looked at by itself where it is in the program, or, at most 2^rows of them, in a region solved exactly.
  const seen = patternsHeld + (search?.exactRegions ?? 0);
  const count = patternsTotal < 1e6 ? String(patternsTotal) : patternsTotal.toExponential(2);
  return `| ${[
    name,
    `${patternsTotalExact ? '' : '≤ '}${count}`,
    seconds.toPrecision(3),
    reference === undefined ? '' : Math.round(reference / seconds),
    `${certified ? '' : `${status} `}${relativeGap.toExponential(1)}`,
    search ? `${search.verifications}, ${search.regions}, ${search.exactRegions}` : '',
    `${(100 * Math.max(0, 1 - seen / patternsTotal)).toPrecision(4)} %`,
    patternsHeld,
    result.subNetworks,
    peakMiB.toFixed(0),
  ].join(' | ')} |`;
}

async function measure(name: string): Promise<void> {
  const found = cases.find((c) => c.name === name);
  if (!found) throw new Error(`no case ${name}`);
  const problem = await found.problem();
  let result = await solve(problem);
  const times = [result.seconds];
  if (found.runs > 1) {
    for (let run = 1; run < found.runs; run++) await solve(problem);
    times.length = 0;
    for (let run = 0; run < found.runs; run++) {
      const start = performance.now();
      result = await solve(problem);
      times.push((performance.now() - start) / 1000);
    }
  }
  times.sort((a, b) => a - b);
  const { status, objective, relativeGap, certificate, subNetworks, newtonSteps } = result;
  const measurement: Measurement = {
    result: { status, objective, relativeGap, certificate, subNetworks, newtonSteps },
    seconds: times[times.length >> 1] ?? NaN,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(measurement);
}

/** The first r − 1 columns of the concrete data and a bias, on n rows. */
export function concreteProblem(r: number, n: number, depth: number): Promise<ProblemInput> {
  return table('data/concrete.csv', concrete.slice(0, r - 1), 'strength', n, depth);
}

async function table(
  path: string,
  columns: readonly string[],
  target: string,
  n: number,
  depth: number,
): Promise<ProblemInput> {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split(',');
  const rows = shuffled(lines.map((text) => text.split(','))).slice(0, n);
  const column = (name: string): number[] => {
    const at = names.indexOf(name);
    return standardised(
      rows.map((row) => (row[at] === 'malignant' ? 1 : Number(row[at] === 'benign' ? 0 : row[at]))),
    );
  };
  const inputs = columns.map(column);
  const problem: ProblemInput = {
    X: rows.map((_, i) => inputs.map((values) => values[i] ?? NaN)),
    y: column(target),
    beta: 1,
    depth,
    widths: depth === 2 ? [] : [2],
    bias: true,
    patterns: 'all',
    maxRegions: 100_000_000,
  };
  const rough = await betaMax({ ...problem, patterns: { adaptive: 50, seed: 0 } });
  return { ...problem, beta: 0.02 * rough.betaMax };
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / deviation);
}

/** The same order on every machine, so that a table of fewer rows is part of one of more. */
function shuffled<T>(items: readonly T[]): T[] {
  const draw = integerGenerator(7);
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = draw(i);
    const swapped = out[i];
    const other = out[j];
    if (swapped === undefined || other === undefined) continue;
    out[i] = other;
    out[j] = swapped;
  }
  return out;
}
