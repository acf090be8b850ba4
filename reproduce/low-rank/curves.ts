import { forward, type ParallelNetwork } from '../../src/network/network.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import type { Approximation } from '../../src/problem/result.js';
import { betaMax, solve } from '../../src/problem/solve.js';
import { regressionScores } from '../../src/training/regression-scores.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import type { Case, CaseData } from './data.js';

/** Relative duality gap of every solve. */
export const tolerance = 1e-6;

/** One κ: the network that is optimal on X_κ, and what it is worth on X. */
export type Point = {
  readonly rank: number;
  /** P_κ: (1) on the original data for the network trained on X_κ. */
  readonly objective: number;
  /** Lower bound for P* that follows from the solve on X_κ alone. */
  readonly dualBound: number;
  /** The problem on X_κ by itself, and the factor of the theorem. */
  readonly approximation: Pick<
    Approximation,
    'bound' | 'singularValue' | 'objective' | 'dualBound' | 'relativeGap'
  >;
  readonly scope: Certified['scope'];
  readonly subNetworks: number;
  /** Regions of weights that the searches over all arrangements bounded. */
  readonly regions: number;
  readonly testScore: number;
};

/** All κ for one problem and one β. */
export type Curve = {
  readonly case: string;
  readonly share: number;
  readonly beta: number;
  /** P*, solved on X without any approximation. */
  readonly optimum: Certified;
  readonly testScore: number;
  /** κ = 1 … rank of X. */
  readonly points: readonly Point[];
};

/** What a case is, beside its curves. */
export type CaseFacts = {
  readonly name: string;
  readonly n: number;
  readonly testRows: number;
  /** √(m₁m₂…). */
  readonly rootLeaves: number;
  readonly betaMax: number;
  /** Test score of the best constant predictor of the training rows. */
  readonly constantScore: number;
};

function problemOf({ loss, depth, widths }: Case, { rows, y }: CaseData, beta: number): ProblemInput {
  const X = { values: rows.X, rows: rows.n, columns: rows.d };
  return { X, y, beta, loss, depth, widths, patterns: 'all', tolerance };
}

/** Size, β_max and the score to beat. */
export async function factsOf({ signal, executor }: Lab, one: Case, data: CaseData): Promise<CaseFacts> {
  const found = await betaMax(problemOf(one, data, 1), { signal, executor });
  return {
    name: one.name,
    n: data.rows.n,
    testRows: data.test.n,
    rootLeaves: Math.sqrt(one.widths.reduce((product, m) => product * m, 1)),
    betaMax: found.betaMax,
    constantScore: constantScore(one, data),
  };
}

interface Strength {
  readonly share: number;
  readonly beta: number;
}

/** The optimum on X, and the networks of all κ. */
export async function curveOf(
  lab: Lab,
  one: Case,
  data: CaseData,
  { share, beta }: Strength,
): Promise<Curve> {
  const { signal, executor } = lab;
  const problem = problemOf(one, data, beta);
  const exact = await solve(problem, { signal, executor });
  const points: Point[] = [];
  for (let rank = 1; rank <= data.rows.d; rank++) {
    lab.progress(`κ = ${rank} of ${data.rows.d}`);
    const result = await solve({ ...problem, rank }, { signal, executor });
    if (result.approximation === null) {
      throw new RangeError(`rank ${rank}: expected a result with its approximation, got none`);
    }
    const { bound, singularValue, objective, dualBound, relativeGap } = result.approximation;
    points.push({
      rank,
      objective: result.objective,
      dualBound: result.dualBound,
      approximation: { bound, singularValue, objective, dualBound, relativeGap },
      scope: result.certificate.scope,
      subNetworks: result.subNetworks,
      regions: result.certificate.search?.regions ?? 0,
      testScore: testScore(one, result.network, data),
    });
  }
  const score = testScore(one, exact.network, data);
  return { case: one.name, share, beta, optimum: certified(exact), testScore: score, points };
}

/** R², or the share of test rows on the right side of 0 (class 1 is the positive side). */
function testScore({ score }: Case, network: ParallelNetwork, { test, testY }: CaseData): number {
  const f = forward(network, test);
  if (score === 'accuracy') return hits(testY, (i) => ((f[i] ?? 0) > 0 ? 1 : 0));
  return rSquared(testY, (i) => f[i] ?? 0);
}

/** The score of the larger class, or of the mean, of the training rows. */
function constantScore({ score }: Case, { y, testY }: CaseData): number {
  const mean = Array.from(y).reduce((sum, value) => sum + value / y.length, 0);
  return score === 'accuracy' ? hits(testY, () => (mean > 0.5 ? 1 : 0)) : rSquared(testY, () => mean);
}

function hits(actual: CaseData['testY'], predicted: (row: number) => number): number {
  return Array.from(actual).filter((label, i) => predicted(i) === label).length / actual.length;
}

function rSquared(actual: CaseData['testY'], predicted: (row: number) => number): number {
  return regressionScores(
    Float64Array.from(actual, (_, i) => predicted(i)),
    Float64Array.from(actual),
  ).rSquared;
}

/** P_κ as a multiple of P*. */
export function ratioOf({ objective }: Pick<Point, 'objective'>, { optimum }: Curve): number {
  return objective / optimum.objective;
}

/**
 * The factor without its square. The theorem goes from X to X_κ and back and pays 1 + R q/β each way, but the way back costs
 * nothing: optimal weights for X_κ lie in its row space, where X and X_κ act alike (docs/gallery/low-rank.md).
 */
export function oneStep({ approximation }: Pick<Point, 'approximation'>): number {
  return Math.sqrt(approximation.bound);
}
