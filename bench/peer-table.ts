import { printHead, printRow } from './measured-solve.js';
import type { OurRun, PeerRun } from './peer-runs.js';

/** Relative gap that both sides are run to. */
export const GAP = 1e-6;

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

const columns = {
  solver: 'solver',
  rough: 'seconds to gap 1e-3',
  fine: `to ${GAP.toExponential(0)}`,
  cpu: 'CPU seconds',
  gap: 'relative gap',
  objective: 'objective',
  iterations: 'iterations',
  peak: 'peak MiB',
  ratio: 'theirs / ours to the gap (CPU)',
  below: 'ours to their objective, seconds (ratio)',
};

/** What a table stands for. */
export interface TableTask {
  readonly name: string;
  readonly runs: number;
  /** Seconds. */
  readonly limit: number;
  /** Threads of numpy's BLAS. */
  readonly threads: number;
}

/** Lower bound of the optimum that a run of ours proved. */
export function boundOf({ objective, relativeGap }: OurRun): number {
  return objective - relativeGap * Math.abs(objective);
}

/** Prints what the problem is, the head of its table, and our lines of it. */
export function printOurs({ name, runs, limit }: TableTask, own: OurRun): void {
  const { n, d, patterns, beta, again } = own;
  console.log(`\n${name}: n = ${n}, d = ${d}, ${patterns} patterns, β = ${beta}; median of ${runs}\n`);
  printHead(Object.values(columns));
  printCells({
    solver: 'ours, one thread',
    rough: figure(own.history.find(({ relativeGap }) => relativeGap <= 1e-3)?.seconds ?? null),
    fine: own.status === 'optimal' ? figure(own.seconds) : `${own.status} (limit ${limit})`,
    cpu: figure(own.cpuSeconds),
    gap: own.relativeGap.toExponential(1),
    objective: own.objective.toPrecision(12),
    iterations: `${own.newton} Newton, ${own.active} active`,
    peak: own.peakMiB.toFixed(0),
  });
  if (again === null) return;
  printCells({
    solver: 'ours, again in the same process',
    fine: figure(again.seconds),
    cpu: figure(again.cpuSeconds),
  });
}

/** Prints a peer's line; `below` is when ours first had an objective as low, null if never. */
export function printPeer(
  { peer, threads }: TableTask & { readonly peer: string },
  own: OurRun,
  run: PeerRun,
  below: number | null,
): void {
  const violation = run.violation ?? 0;
  const reached = Math.max(run.relativeGap, violation) <= GAP;
  const ratio = `${figure(run.seconds / own.seconds)} (${figure(run.cpuSeconds / own.cpuSeconds)})`;
  printCells({
    solver: `${peer}, numpy ${run.numpy}, ${blasOf(run)}, ${threads} thread${threads === 1 ? '' : 's'}`,
    rough: figure(run.secondsRough),
    fine: reached ? figure(run.seconds) : `not in ${run.seconds.toFixed(0)}`,
    cpu: figure(run.cpuSeconds),
    gap:
      run.relativeGap.toExponential(1) + (violation > 0 ? `, violation ${violation.toExponential(1)}` : ''),
    objective: run.objective.toPrecision(12),
    iterations: run.iterations,
    peak: run.peakMiB.toFixed(0),
    ratio: `${reached ? '' : '> '}${ratio}`,
    below: below === null ? missed(run, own) : `${figure(below)} (${figure(run.seconds / below)})`,
  });
}

/** Prints the lines of what could not be run here. */
export function printQuoted(name: string): void {
  for (const [solver, seconds, note] of quoted[name] ?? [])
    printCells({ solver: `${solver} (quoted, another machine)`, fine: seconds, gap: note });
}

function printCells(cells: Partial<Record<keyof typeof columns, string | number>>): void {
  printRow(Object.keys(columns).map((column) => cells[column as keyof typeof columns] ?? ''));
}

/** Why ours has no objective as low: a peer that violates its cones can end below the optimum. */
function missed({ objective }: PeerRun, own: OurRun): string {
  const bound = boundOf(own);
  const below = (bound - objective) / Math.abs(bound);
  return below > 0 ? `none: below the proven bound by ${below.toExponential(1)}` : 'not reached';
}

function blasOf({ blas }: PeerRun): string {
  return /openblas|mkl|blis|accelerate/i.exec(blas)?.[0] ?? blas;
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toPrecision(3);
}
