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
import { medianBySeconds } from './measured-solve.js';
import { numberOption } from './options.js';
import { peerProblemPath, peerProblems } from './peer-problems.js';
import { boundOf, GAP, printOurs, printPeer, printQuoted } from './peer-table.js';
import {
  peersOf,
  runOurs,
  runPeer,
  type OurRun,
  type Peer,
  type PeerRun,
  type RunOptions,
} from './peer-runs.js';

/** To go below the objective that a peer reached at GAP. */
const FINE_GAP = 1e-9;

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
  const finer = once(() => (own.status === 'optimal' ? runOurs(task, FINE_GAP) : Promise.resolve(null)));
  for (const [peer, runs] of theirs) {
    const run = medianBySeconds(runs);
    printPeer({ ...task, peer: peer.name }, own, run, await secondsBelow(run.objective, own, finer));
  }
  printQuoted(task.name);
  if (own.status !== 'optimal') process.exitCode = 1;
}

/** When ours first was at or below an objective: in the run there is, else in one that goes on; null if it can't be. */
async function secondsBelow(
  objective: number,
  own: OurRun,
  finer: () => Promise<OurRun | null>,
): Promise<number | null> {
  const first = (run: OurRun | null): number | null =>
    run?.history.find((standing) => standing.objective <= objective)?.seconds ?? null;
  return first(own) ?? (objective < boundOf(own) ? null : first(await finer()));
}

/** The same task for every call, done at the first. */
function once<Result>(task: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null;
  return () => (result ??= task());
}
