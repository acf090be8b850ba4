import type { ConvexProgram } from '../src/program/convex-program.js';
import { solveProgram, type SolverOptions } from '../src/solver/solve-program.js';

/** One solve as a process of its own reports it. */
export interface SolveMeasurement {
  readonly n: number;
  readonly d: number;
  readonly patterns: number;
  readonly beta: number;
  readonly status: string;
  readonly objective: number;
  readonly relativeGap: number;
  readonly active: number;
  /** Largest working set on the way. */
  readonly workingSet: number;
  readonly newton: number;
  readonly seconds: number;
  /** Of all threads of the process during the solve: on a busy machine nearer to what `seconds` would be on an idle one. */
  readonly cpuSeconds: number;
  /** Peak of the whole process so far: right only for the first solve of a process. */
  readonly peakMiB: number;
  /** Standing after each outer iteration. */
  readonly history: readonly {
    readonly seconds: number;
    readonly objective: number;
    readonly relativeGap: number;
  }[];
}

/** Solves a program and tells what it took. */
export async function measureSolve(
  program: ConvexProgram,
  options: SolverOptions,
): Promise<SolveMeasurement> {
  const start = process.cpuUsage();
  const solution = await solveProgram(program, options);
  const cpuSeconds = cpuSecondsSince(start);
  return {
    n: program.rows.n,
    d: program.rows.d,
    patterns: program.patterns.length,
    beta: program.beta,
    status: solution.status,
    objective: solution.objective,
    relativeGap: solution.relativeGap,
    active: solution.coefficients.size,
    workingSet: Math.max(...solution.history.map((standing) => standing.workingSet)),
    newton: solution.newtonSteps,
    seconds: solution.seconds,
    cpuSeconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    history: solution.history.map(({ seconds, objective, relativeGap }) => ({
      seconds,
      objective,
      relativeGap,
    })),
  };
}

/** CPU seconds of this process, all its threads, since a reading of `process.cpuUsage()`. */
export function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The measurement whose number of seconds is the median of several (the upper one of two in the middle). */
export function medianBySeconds<Run extends { readonly seconds: number }>(runs: readonly Run[]): Run {
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds);
  const median = sorted[sorted.length >> 1];
  if (!median) throw new Error('expected at least one run to take the median of, got none');
  return median;
}

/** Prints one line of a table in Markdown. */
export function printRow(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

/** Prints the head of a table in Markdown. */
export function printHead(columns: readonly string[]): void {
  printRow(columns);
  printRow(columns.map(() => '---'));
}
