import { inlineExecutor } from '../../src/executor/inline-executor.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import { betaMax, solve } from '../../src/problem/solve.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { dataOf, type Size } from './data.js';
import type { Plan, Sweep } from './plans.js';

/** β as a share of β_max. */
export const betaShare = 0.05;
export const tolerance = 1e-6;

/** What a solve does, whatever the machine. */
type Counts = {
  /** Patterns that exist, and whether they were counted or bounded by the formula. */
  readonly patternsTotal: number;
  readonly patternsTotalExact: boolean;
  readonly patternsHeld: number;
  readonly regions: number;
  readonly verifications: number;
  readonly searchComplete: boolean;
  readonly iterations: number;
  readonly newtonSteps: number;
};

/** One data set: its counts, and the seconds of every repeat. */
export type Trial = Counts & {
  readonly seed: number;
  readonly optimum: Certified;
  readonly seconds: readonly number[];
  /** Whether every repeat had the same counts and the same objective, bit for bit. */
  readonly isRepeatable: boolean;
};

/** All data sets of one size. */
export type Measured = {
  readonly sweep: string;
  readonly n: number;
  readonly d: number;
  readonly rank: number;
  readonly trials: readonly Trial[];
};

/**
 * Solves the problems of one size. Times are of whole calls of `solve` on one thread, from data to network and certificate;
 * β_max is found before. One solve that is not timed goes first: it warms up the compiler.
 */
export async function measure(lab: Lab, plan: Plan, sweep: Sweep, size: Size): Promise<Measured> {
  const trials: Trial[] = [];
  for (const seed of plan.seeds) {
    const problem = await problemOf(lab, sweep, size, seed);
    if (trials.length === 0) await timed(lab, problem);
    const runs: Run[] = [];
    for (let repeat = 0; repeat < plan.repeats; repeat++) runs.push(await timed(lab, problem));
    const [first] = runs;
    if (first === undefined) throw new RangeError(`repeats: expected at least 1, got ${plan.repeats}`);
    const sameAs = JSON.stringify([first.counts, first.optimum.objective]);
    trials.push({
      ...first.counts,
      seed,
      optimum: first.optimum,
      seconds: runs.map(({ seconds }) => seconds),
      isRepeatable: runs.every(
        ({ counts, optimum }) => JSON.stringify([counts, optimum.objective]) === sameAs,
      ),
    });
    lab.progress(`seed ${seed}, ${first.seconds.toPrecision(2)} s`);
  }
  return { sweep: sweep.name, ...size, trials };
}

async function problemOf(
  { signal }: Lab,
  { widths }: Sweep,
  size: Size,
  seed: number,
): Promise<ProblemInput> {
  const depth = widths.length + 2;
  const problem = { ...dataOf(size, seed), beta: 1, depth, widths, patterns: 'all', tolerance } as const;
  const largest = await betaMax(problem, { signal, executor: inlineExecutor });
  return { ...problem, beta: betaShare * largest.betaMax };
}

interface Run {
  readonly counts: Counts;
  readonly optimum: Certified;
  readonly seconds: number;
}

async function timed({ signal }: Lab, problem: ProblemInput): Promise<Run> {
  const start = performance.now();
  const result = await solve(problem, { signal, executor: inlineExecutor });
  const seconds = (performance.now() - start) / 1000;
  const { patternsTotal, patternsTotalExact, patternsHeld, search } = result.certificate;
  return {
    counts: {
      patternsTotal,
      patternsTotalExact,
      patternsHeld,
      regions: search?.regions ?? 0,
      verifications: search?.verifications ?? 0,
      searchComplete: search?.complete ?? false,
      iterations: result.iterations,
      newtonSteps: result.newtonSteps,
    },
    optimum: certified(result),
    seconds,
  };
}
