import { widenRows, type StoredRows } from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import type { Executor } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { withExecutor } from '../executor/open-executor.js';
import { kernelFor } from '../kernel/choose-kernel.js';
import type { Checkpoint } from '../solver/checkpoint.js';
import { lossNamed } from '../loss/index.js';
import { networkObjective } from '../network/objective.js';
import { betaMax as largestBeta } from '../path/beta-max.js';
import { predictorLength, type ConvexProgram } from '../program/convex-program.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import { cooperativePause } from '../solver/pause.js';
import { solveProgram, type Iteration, type WarmStart } from '../solver/solve-program.js';
import { architectureOf } from './architecture.js';
import { readStoredMatrix, withBias } from './matrix-input.js';
import { planPatterns, type PatternPlan } from './pattern-plan.js';
import { checkProblem, type CheckedProblem, type ProblemInput } from './problem-input.js';
import { approximateRank, RankBound, type RankApproximation } from '../program/rank-approximation.js';
import { atLastWidth, certificateOf, decompositionOf, resultOf, type SolveResult } from './result.js';
import { readTarget } from './target-input.js';
import { warningOf } from './warnings.js';

export interface SolveOptions {
  /** Turn a gated solution into a ReLU network by cone decomposition (no effect on the ReLU formulation). */
  readonly decompose?: boolean;
  /** Called after every outer iteration. */
  readonly onProgress?: (iteration: Iteration) => void;
  /** Stops the solve: the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  readonly warmStart?: WarmStart;
  /** Called after every outer iteration with what `resume` takes: plain data that structured cloning carries. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Goes on from a checkpoint of the same problem. Nothing it says is believed: objective and bound are computed anew. */
  readonly resume?: Checkpoint | undefined;
  /** Called with one line before work that may not get to its end, and with one when the result needs a caution. */
  readonly onWarning?: (message: string) => void;
  /** Where large searches run; default: threads of its own, as many as `threads` of the problem says. */
  readonly executor?: Executor | undefined;
}

/**
 * Solves the bare problem min 𝓛(f(X), y) + β Σ_k φ_k over parallel networks to a certified duality gap (docs/math): over all
 * activation patterns that exist, a global optimum; or on given, sampled or adaptively found ones. Runs on the calling
 * thread and yields to its event loop every few milliseconds; with `threads`, large searches over all patterns run in
 * workers, to the same bits.
 *
 * @throws RelucentError for bad input; reaching a limit is no error but a `status`.
 */
export async function solve(problem: ProblemInput, options: SolveOptions = {}): Promise<SolveResult> {
  const checked = checkProblem(problem);
  const pause = cooperativePause(options.signal);
  return withExecutor(options.executor, checked.threads ?? 1, (executor) =>
    solveChecked(checked, { executor, pause }, options),
  );
}

/** {@link solve} of a checked problem for a caller that has its own pause; `options.signal` is not looked at. */
export async function solveChecked(
  checked: CheckedProblem,
  { executor, pause }: { readonly executor: Executor; readonly pause: () => Promise<void> },
  options: SolveOptions,
): Promise<SolveResult> {
  const { program, classes, plan, approximation, rows } = programOf(checked, executor);
  if (plan.notice !== null) options.onWarning?.(plan.notice);
  const kernel = kernelFor(program.rows, checked);
  const solution = await solveProgram(program, {
    tolerance: checked.tolerance,
    maxIterations: checked.maxIterations,
    ...(checked.timeLimit === undefined ? {} : { timeLimit: checked.timeLimit }),
    kernel,
    warmStart: options.warmStart,
    onCheckpoint: options.onCheckpoint,
    resume: options.resume,
    ...(options.onProgress ? { onIteration: options.onProgress } : {}),
    pause,
    ...(plan.oracle ? { oracle: plan.oracle } : {}),
  });
  const own = { ...program, rows, beta: checked.beta };
  const solved = atLastWidth(
    {
      ...resultOf(solution, classes, certificateOf(solution, plan, checked.widths)),
      kernel: kernel.name,
      architecture: architectureOf(checked.depth, checked),
      decomposition: options.decompose ? decompositionOf(solution) : null,
    },
    own,
  );
  const result = approximation ? onOriginalRows(solved, own, approximation, checked) : solved;
  const warning = warningOf(checked, result);
  if (warning !== null) options.onWarning?.(warning);
  return result;
}

/** What a solution for X_κ says about X: the objective of its network there, and a bound that holds there (theory §4). */
function onOriginalRows(
  result: SolveResult,
  own: ConvexProgram,
  { rank, singularValue }: RankApproximation,
  { widths, lastWidth, beta }: CheckedProblem,
): SolveResult {
  const leaves = widths.reduce((product, m) => product * m, lastWidth);
  const bound = new RankBound(own.loss, own.rows.n, Math.sqrt(leaves) * singularValue, beta);
  const objective = networkObjective(result.network, own);
  const dualBound = bound.shrink(result.dualBound);
  return {
    ...result,
    objective,
    dualBound,
    networkObjective: objective,
    gap: objective - dualBound,
    relativeGap: relativeGapOf(objective, dualBound),
    approximation: {
      rank,
      bound: bound.factor(own.loss.value(new Float64Array(predictorLength(own)), own.y)),
      singularValue,
      objective: result.objective,
      dualBound: result.dualBound,
      relativeGap: result.relativeGap,
    },
  };
}

/** A checked problem made ready to solve. */
export interface PreparedProblem {
  /** The convex program; its β is divided by the root of the width of the last hidden layer. */
  readonly program: ConvexProgram;
  readonly classes: readonly string[] | null;
  readonly plan: PatternPlan;
  /** With `rank`: what the program's rows are; else null. */
  readonly approximation: RankApproximation | null;
  /** The rows of the problem itself. */
  readonly rows: StoredRows;
}

/** The convex program a checked problem stands for; its searches run on `executor`. */
export function programOf(problem: CheckedProblem, executor: Executor = inlineExecutor): PreparedProblem {
  const data = readStoredMatrix(problem.X, 'X');
  const own = problem.bias ? withBias(data) : data;
  const { y, classes } = readTarget(problem.y, own.n, problem.loss);
  const { rank } = problem;
  if (typeof rank === 'number' && problem.formulation === 'gated') {
    throw new RelucentError(
      'unsupported',
      'rank',
      `expected it left out with "formulation": "gated", got ${rank}: the gates of such a network are not continuous in X, ` +
        'and no bound holds; use "relu"',
    );
  }
  const approximation = typeof rank === 'number' ? approximateRank(widenRows(own), rank) : null;
  const rows = approximation?.rows ?? own;
  const outputs = problem.loss === 'softmax' ? (classes?.length ?? 1) : 1;
  const plan = planPatterns(problem, rows, { outputs, executor });
  return {
    program: {
      rows,
      y,
      loss: lossNamed(problem.loss, problem),
      outputs,
      beta: problem.beta / Math.sqrt(problem.lastWidth),
      formulation: problem.formulation,
      depth: problem.depth,
      patterns: plan.patterns,
    },
    classes,
    plan,
    approximation,
    rows: own,
  };
}

/**
 * β_max of a problem: at and above it the zero network is optimal. The problem's own β plays no part. Exact to rounding for
 * the patterns of the program; over all arrangements exact where the search gets through (`exact`), else an upper bound.
 */
export async function betaMax(
  problem: ProblemInput,
  options: Pick<SolveOptions, 'signal' | 'executor'> = {},
): Promise<{ readonly betaMax: number; readonly exact: boolean }> {
  const checked = checkProblem(problem);
  return withExecutor(options.executor, checked.threads ?? 1, (executor) =>
    betaMaxChecked(checked, executor, options.signal),
  );
}

async function betaMaxChecked(
  checked: CheckedProblem,
  executor: Executor,
  signal: AbortSignal | undefined,
): ReturnType<typeof betaMax> {
  const { program, plan } = programOf(checked, executor);
  const root = Math.sqrt(checked.lastWidth);
  if (plan.oracle === null) return { betaMax: root * largestBeta(program), exact: true };
  const v = new Float64Array(predictorLength(program));
  program.loss.gradientInto(v, new Float64Array(v.length), program.y);
  const { lower, upper, complete } = await plan.oracle.maximum(v, cooperativePause(signal));
  return { betaMax: root * (plan.oracle.verifier ? upper : lower), exact: complete };
}
