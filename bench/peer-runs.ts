import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Formulation } from '../src/program/convex-program.js';
import { problemFile } from './cases.js';
import { inChildWithin } from './in-child.js';
import { measureSolve, medianBySeconds, type SolveMeasurement } from './measured-solve.js';
import { pythonWithNumpy } from './peer-problems.js';

/** First argument of the child processes, followed by a problem file, a formulation, a gap and a limit in seconds. */
const CHILD = '--peer-run';
/** A first solve of fewer CPU seconds is repeated in the same process, where it is compiled. */
const SHORT_SECONDS = 1;
const REPEATS = 5;
/** Seconds a process gets beyond the limit that its solver keeps. */
const GRACE = 60;

/** What both sides are run with. */
export interface RunOptions {
  readonly path: string;
  readonly formulation: Formulation;
  /** Seconds. */
  readonly limit: number;
  /** Threads that the BLAS of numpy may use. */
  readonly threads: number;
}

/** One run of ours, and, of a short one, the same solve again in the same process (median of 5). */
export interface OurRun extends SolveMeasurement {
  readonly again: SolveMeasurement | null;
}

/** One run of a Python peer, as its script prints it. */
export interface PeerRun {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** When relative gap (and violation) first were 1e-3; null if never. */
  readonly secondsRough: number | null;
  readonly iterations: number;
  readonly objective: number;
  readonly bound: number;
  readonly relativeGap: number;
  /** Largest violation of a cone over the largest target; absent for what has no cones. */
  readonly violation?: number;
  readonly peakMiB: number;
  readonly blas: string;
  readonly numpy: string;
}

/** A peer that is run: its name and its script with the arguments that choose it. */
export interface Peer {
  readonly name: string;
  readonly script: readonly string[];
}

export const peersOf: Readonly<Record<Formulation, readonly Peer[]>> = {
  gated: [
    { name: 'numpy FISTA', script: ['bench/peers/fista.py'] },
    { name: 'numpy FISTA, working set', script: ['bench/peers/fista.py', '--working-set'] },
  ],
  relu: [{ name: 'numpy ADMM (not feasible)', script: ['bench/peers/admm.py'] }],
};

if (process.argv[2] === CHILD) await measure(process.argv.slice(3));

/** Ours, in a process of its own; null where it had to be ended. */
export function runOurs(options: RunOptions, gap: number): Promise<OurRun | null> {
  const { path, formulation, limit } = options;
  return inChildWithin<OurRun>(2 * limit + GRACE, import.meta.url, [
    CHILD,
    path,
    formulation,
    String(gap),
    String(limit),
  ]);
}

/** A peer, in a process of its own. */
export async function runPeer({ script }: Peer, options: RunOptions, gap: number): Promise<PeerRun> {
  const { path, limit, threads } = options;
  const [file = '', ...flags] = script;
  const { stdout } = await promisify(execFile)(
    pythonWithNumpy(),
    [file, path, ...flags, '--gap', String(gap), '--limit', String(limit)],
    {
      env: { ...process.env, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) },
      timeout: 1000 * (2 * limit + GRACE),
    },
  );
  return JSON.parse(stdout) as PeerRun;
}

async function measure([path = '', formulation, gap, limit]: readonly string[]): Promise<void> {
  const program = problemFile(path, formulation === 'relu' ? 'relu' : 'gated');
  const options = { tolerance: Number(gap), timeLimit: Number(limit) };
  const first = await measureSolve(program, options);
  let again: SolveMeasurement | null = null;
  if (first.cpuSeconds < SHORT_SECONDS) {
    const repeats: SolveMeasurement[] = [];
    for (let run = 0; run < 2 * REPEATS; run++) repeats.push(await measureSolve(program, options));
    again = medianBySeconds(repeats.slice(REPEATS));
  }
  const run: OurRun = { ...first, again };
  process.send?.(run);
}
