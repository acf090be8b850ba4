/**
 * Where the time of one case goes: self time by folder and by function, from the CPU profiler of Node.
 *
 *   npm run bench -- profile "P2 relu"                a case of cases.ts or of the peers, by its name
 *   npm run bench -- profile "golden relu2-all-n20d2" a problem file of test/golden, as it stands there
 *   npm run bench -- profile p.json                   any problem file
 *   npm run bench -- profile "P1 gated" --top 40      more functions than 25
 *   npm run bench -- profile "P1 gated" --cold        the first solve of the process whatever it takes
 *
 * A solve of two seconds or more is profiled as it comes, compilation included; of a shorter one the first is left out
 * and as many are profiled as fill two seconds. Time in compiled code that was inlined belongs to the outer function.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { solve, type ProblemInput } from '../src/index.js';
import { solveProgram } from '../src/solver/solve-program.js';
import { cases } from './cases.js';
import { printHead, printRow } from './measured-solve.js';
import { numberOption } from './options.js';
import { peerCases } from './peer-problems.js';
import { profiled, selfTimes, type SelfTime } from './self-time.js';

const ENOUGH_SECONDS = 2;

/** A solve under the profiler; resolves to what it ended with, for the reader. */
type Job = () => Promise<{ readonly status: string; readonly relativeGap: number }>;

/** Prints the profile of the case named. */
export async function benchProfile(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { top: { type: 'string', default: '25' }, cold: { type: 'boolean', default: false } },
  });
  const name = positionals.join(' ');
  const job = jobNamed(name);
  const { seconds, runs, ended, times } = await profileOf(job, values.cold);
  const { status, relativeGap } = ended;
  console.log(
    `${name}: ${runs} solve${runs === 1 ? ', the first of its process' : 's after one left out'}, ` +
      `${(seconds / runs).toPrecision(3)} s each; ${status}, relative gap ${relativeGap.toExponential(1)}\n`,
  );
  printShares(
    'folder',
    sumBy(times, ({ folder }) => folder),
  );
  console.log();
  printShares(
    'function',
    sumBy(times, ({ folder, where }) => `${where} (${folder})`),
    numberOption('top', values.top, { least: 1, whole: true }),
  );
  if (status !== 'optimal') process.exitCode = 1;
}

async function profileOf(
  job: Job,
  cold: boolean,
): Promise<{ seconds: number; runs: number; ended: Awaited<ReturnType<Job>>; times: readonly SelfTime[] }> {
  const first = await profiled(job);
  if (cold || first.seconds >= ENOUGH_SECONDS) {
    return { ...first, runs: 1, ended: first.result, times: selfTimes(first.profile) };
  }
  let runs = 0;
  const many = await profiled(async () => {
    const start = performance.now();
    let ended = await job();
    for (runs = 1; performance.now() - start < 1000 * ENOUGH_SECONDS; runs++) ended = await job();
    return ended;
  });
  return { ...many, runs, ended: many.result, times: selfTimes(many.profile) };
}

function jobNamed(name: string): Job {
  const known = [...cases, ...peerCases].find((c) => c.name === name);
  if (known) {
    const program = known.make();
    return () => solveProgram(program, { tolerance: known.tolerance });
  }
  const golden = /^golden (\S+)$/.exec(name)?.[1];
  if (golden !== undefined) return fileJob(`test/golden/${golden}.json`);
  if (name.endsWith('.json')) return fileJob(name);
  const names = [...cases, ...peerCases].map((c) => c.name);
  throw new Error(
    `bench profile: expected "golden NAME", a problem file, or one of\n  ${names.join('\n  ')}\ngot "${name}"`,
  );
}

function fileJob(path: string): Job {
  const json = JSON.parse(readFileSync(path, 'utf8')) as { problem?: ProblemInput };
  const problem = json.problem ?? (json as ProblemInput);
  return () => solve(problem);
}

function sumBy(times: readonly SelfTime[], key: (time: SelfTime) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const time of times) sums.set(key(time), (sums.get(key(time)) ?? 0) + time.seconds);
  return sums;
}

function printShares(what: string, sums: ReadonlyMap<string, number>, top = Infinity): void {
  const total = [...sums.values()].reduce((sum, seconds) => sum + seconds, 0);
  printHead(['share', 'seconds', what]);
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  for (const [name, seconds] of sorted.slice(0, top)) {
    printRow([`${((100 * seconds) / total).toFixed(1)} %`, seconds.toFixed(3), name]);
  }
}
