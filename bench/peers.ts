/**
 * Against other solvers in the same run: squared loss on given gates, gated and ReLU, to a certified relative gap of 1e-6.
 *
 *   npm run bench -- peers                    P1, P2 and P3, gated and ReLU
 *   npm run bench -- peers P1 "P2 gated"      those whose name contains one of the words
 *   npm run bench -- peers --file p.json      a problem file with squared loss and given gates
 *   npm run bench -- peers --runs 3           medians of 3, ours and theirs in turn; default 1
 *   npm run bench -- peers --limit 600        seconds after which a solve stops; default 300
 *   npm run bench -- peers --threads 2        threads of numpy's BLAS; default 1, as ours
 *
 * The peers that run here are our own numpy scripts (bench/peers, float64, BLAS as found): FISTA with restart, growing
 * steps and a free duality gap, with and without a working set; ADMM with an exact inner step for the cones. Everything
 * runs alone in a process of its own. Clocks start when the data and the gates' patterns are in memory. Peers that can't
 * be run here are quoted, with times from another machine of the same kind, and take no part in the ratios.
 *
 * CPU seconds are those of all threads of the process during the solve: what to compare on a busy machine.
 * "To their objective" is when ours first was at or below the objective the peer ended with. A peer's objective counts
 * even where its cones are violated, which makes it smaller than it could honestly be.
 */
import { parseArgs } from 'node:util';
import { medianBySeconds, printHead, printRow } from './measured-solve.js';
import { numberOption } from './options.js';
import { peerProblemPath, peerProblems } from './peer-problems.js';
import {
  peersOf,
  runOurs,
  runPeer,
  type OurRun,
  type Peer,
  type PeerRun,
  type RunOptions,
} from './peer-runs.js';

const GAP = 1e-6;
/** To go below the objective that a peer reached at GAP. */
const FINE_GAP = 1e-9;

/** Published for these problems, not measured here. */
const quoted: Readonly<
  Partial<Record<string, readonly (readonly [name: string, seconds: number, note: string])[]>>
> = {
  'P1 gated': [['scnn, float64', 0.44, 'gap about 3e-7, computed afterwards']],
  'P2 gated': [['scnn, float64', 6.4, 'gap about 3e-7, computed afterwards']],
  'P3 gated': [['scnn, float64', 74, 'gap about 3e-7, computed afterwards']],
  'P1 relu': [
    ['interior point', 0.94, 'gap 1e-11'],
    ['scnn, float64', 4.4, 'cones violated by 4e-4, objective off by −5e-5'],
  ],
  'P2 relu': [
    ['interior point', 153, 'gap 7e-10, one run'],
    ['scnn, float64', 114, 'cones violated by 8e-5, objective off by 2.4e-3'],
  ],
};

interface Task extends RunOptions {
  readonly name: string;
  readonly runs: number;
}

/** Prints one table for each problem chosen. */
export async function benchPeers(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '1' },
      limit: { type: 'string', default: '300' },
      threads: { type: 'string', default: '1' },
      file: { type: 'string' },
    },
  });
  const problems = values.file === undefined ? peerProblems : [values.file];
  const tasks = problems.flatMap((problem) =>
    (['gated', 'relu'] as const).map((formulation) => ({
      name: `${problem} ${formulation}`,
      problem,
      formulation,
    })),
  );
  const limits = {
    limit: numberOption('limit', values.limit),
    runs: numberOption('runs', values.runs, { least: 1, whole: true }),
    threads: numberOption('threads', values.threads, { least: 1, whole: true }),
  };
  const chosen = tasks.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0)
    throw new Error(
      `expected words of ${tasks.map(({ name }) => name).join(', ')}, got ${positionals.join(' ')}`,
    );
  for (const { name, problem, formulation } of chosen) {
    const path = peerProblems.find((known) => known === problem);
    await compare({ ...limits, name, formulation, path: path ? peerProblemPath(path) : problem });
  }
}

async function compare(task: Task): Promise<void> {
  const peers = peersOf[task.formulation];
  const ours: OurRun[] = [];
  const theirs = new Map<Peer, PeerRun[]>(peers.map((peer) => [peer, []]));
  for (let run = 0; run < task.runs; run++) {
    const own = await runOurs(task, GAP);
    if (own) ours.push(own);
    for (const [peer, runs] of theirs) runs.push(await runPeer(peer, task, GAP));
  }
  if (ours.length === 0) {
    console.log(`${task.name}: ours had to be ended after ${task.limit} s`);
    process.exitCode = 1;
    return;
  }
  const own = medianBySeconds(ours);
  printOurs(task, own);
  for (const [peer, runs] of theirs) await printPeer(task, own, peer, medianBySeconds(runs));
  for (const [name, seconds, note] of quoted[task.name] ?? [])
    printRow([`${name} (quoted, another run)`, '', seconds, '', note, '', '', '', '', '']);
  console.log();
}

function printOurs({ name, runs, limit }: Task, own: OurRun): void {
  const { n, d, patterns, beta } = own;
  console.log(`${name}: n = ${n}, d = ${d}, ${patterns} patterns, β = ${beta}; median of ${runs}\n`);
  printHead([
    'solver',
    'seconds to gap 1e-3',
    `to ${GAP.toExponential(0)}`,
    'CPU seconds',
    'relative gap',
    'objective',
    'iterations',
    'peak MiB',
    'theirs / ours to the gap',
    'ours to their objective, seconds (ratio)',
  ]);
  const reached = own.status === 'optimal';
  if (!reached) process.exitCode = 1;
  printRow([
    'ours, one thread',
    seconds(own.history.find(({ relativeGap }) => relativeGap <= 1e-3)?.seconds ?? null),
    reached ? seconds(own.seconds) : `${own.status} (limit ${limit})`,
    seconds(own.cpuSeconds),
    own.relativeGap.toExponential(1),
    own.objective.toPrecision(12),
    `${own.newton} Newton, ${own.active} active`,
    own.peakMiB.toFixed(0),
    1,
    '',
  ]);
  if (own.again !== null)
    printRow(['ours, again in the same process', '', seconds(own.again), '', '', '', '', '', '', '']);
}

async function printPeer(task: Task, own: OurRun, peer: Peer, run: PeerRun): Promise<void> {
  const violation = run.violation ?? 0;
  const reached = Math.max(run.relativeGap, violation) <= GAP;
  const ratio = run.seconds / own.seconds;
  const bound = own.objective - own.relativeGap * Math.abs(own.objective);
  const beaten =
    secondsTo(run.objective, own) ??
    (run.objective < bound ? null : await secondsAtFineGap(task, run.objective));
  printRow([
    `${peer.name}, numpy ${run.numpy}, ${blasOf(run)}, ${task.threads} thread${task.threads === 1 ? '' : 's'}`,
    seconds(run.secondsRough),
    reached ? seconds(run.seconds) : `not in ${run.seconds.toFixed(0)}`,
    seconds(run.cpuSeconds),
    run.relativeGap.toExponential(1) + (violation > 0 ? `, violation ${violation.toExponential(1)}` : ''),
    run.objective.toPrecision(12),
    run.iterations,
    run.peakMiB.toFixed(0),
    `${reached ? '' : '> '}${ratio.toPrecision(3)}`,
    beaten === null ? missed(run, bound) : `${seconds(beaten)} (${(run.seconds / beaten).toPrecision(3)})`,
  ]);
}

/** When ours first was at or below an objective. */
function secondsTo(objective: number, own: OurRun): number | null {
  return own.history.find((standing) => standing.objective <= objective)?.seconds ?? null;
}

/** The same where the gap asked for came first: from a run that goes on. */
async function secondsAtFineGap(task: Task, objective: number): Promise<number | null> {
  const run = await runOurs(task, FINE_GAP);
  return run && secondsTo(objective, run);
}

/** Why ours has no objective as low: a peer that violates its cones can end below the optimum. */
function missed({ objective }: PeerRun, bound: number): string {
  const below = (bound - objective) / Math.abs(bound);
  return below > 0 ? `none: below the proven bound by ${below.toExponential(1)}` : 'not reached';
}

function blasOf({ blas }: PeerRun): string {
  return /openblas|mkl|blis|accelerate/i.exec(blas)?.[0] ?? blas;
}

function seconds(value: number | null): string {
  return value === null ? '–' : value.toPrecision(3);
}
