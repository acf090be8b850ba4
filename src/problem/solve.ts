import { patternsOfGates, samplePatterns, type PatternSet } from '../arrangement/pattern-source.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import { lossNamed } from '../loss/index.js';
import { decomposeToRelu } from '../network/cone-decomposition.js';
import type { ParallelNetwork } from '../network/network.js';
import { networkObjective } from '../network/objective.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { widenLastLayer } from '../network/widen.js';
import { groupCount, type ConvexProgram } from '../program/convex-program.js';
import { cooperativePause } from '../solver/pause.js';
import {
  solveProgram,
  type Iteration,
  type ProgramSolution,
  type SolveStatus,
  type WarmStart,
} from '../solver/solve-program.js';
import { architectureOf, type Architecture } from './architecture.js';
import { readMatrix, withBias } from './matrix-input.js';
import { checkProblem, type CheckedProblem, type ProblemInput } from './problem-input.js';
import { readTarget } from './target-input.js';

export type CertificateScope = 'all-arrangements' | 'given-arrangements';

/** What a dual bound was checked against. */
export interface Certificate {
  /**
   * `given-arrangements`: optimal among all networks on the patterns used, not a claim about other patterns.
   * `all-arrangements` (a global optimum) is not claimed by this version.
   */
  readonly scope: CertificateScope;
  /** Distinct patterns (of whole sub-networks) whose dual constraints were checked. */
  readonly patternsPriced: number;
  /** Distinct patterns in the program. */
  readonly patternsTotal: number;
}

/** Result of {@link solve}; the fields of interface.md. Objective and bounds are in the units of the problem. */
export interface SolveResult {
  readonly status: SolveStatus;
  readonly objective: number;
  readonly dualBound: number;
  readonly gap: number;
  /** gap / |objective|. */
  readonly relativeGap: number;
  readonly certificate: Certificate;
  /** The non-convex objective on the reconstructed weights, computed independently of the solver. */
  readonly networkObjective: number;
  readonly activeGroups: number;
  /** Groups in the program. */
  readonly groups: number;
  readonly subNetworks: number;
  readonly iterations: number;
  readonly newtonSteps: number;
  readonly seconds: number;
  /** Always null in this version. */
  readonly approximation: null;
  /**
   * Labels of the classes, ascending, for the losses of a classification, else null: the two that stand for −1 and +1, or,
   * with the softmax loss, one for each output.
   */
  readonly classes: readonly string[] | null;
  readonly network: ParallelNetwork;
  /** Widths of the sub-networks, and what the bounds say about fully connected ones. */
  readonly architecture: Architecture;
  /** With the option `decompose` on a gated problem, else null. */
  readonly decomposition: ReluDecomposition | null;
  readonly history: readonly Iteration[];
  /** Pass to a later solve of the same X, patterns and formulation, e.g. with a smaller β. */
  readonly warmStart: WarmStart;
}

/** A ReLU network with the outputs of a gated one on the rows of X. */
export interface ReluDecomposition {
  readonly network: ParallelNetwork;
  /** The non-convex objective of that network. */
  readonly networkObjective: number;
  /** networkObjective less the gated objective: what the larger path norm costs, ≥ 0 up to rounding. */
  readonly change: number;
}

export interface SolveOptions {
  /** Turn a gated solution into a ReLU network by cone decomposition (no effect on the ReLU formulation). */
  readonly decompose?: boolean;
  /** Called after every outer iteration. */
  readonly onProgress?: (iteration: Iteration) => void;
  /** Stops the solve: the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  readonly warmStart?: WarmStart;
  /** Called at most once, with one line, when the result needs a caution. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Solves the bare problem min 𝓛(f(X), y) + β Σ_k φ_k over parallel networks on given or sampled activation patterns, to
 * a certified duality gap (docs/math). Runs on the calling thread and yields to its event loop every few milliseconds.
 *
 * @throws RelucentError for bad input; reaching a limit is no error but a `status`.
 */
export async function solve(problem: ProblemInput, options: SolveOptions = {}): Promise<SolveResult> {
  const checked = checkProblem(problem);
  const { program, classes } = programOf(checked);
  const solution = await solveProgram(program, {
    tolerance: checked.tolerance,
    maxIterations: checked.maxIterations,
    ...(checked.timeLimit === undefined ? {} : { timeLimit: checked.timeLimit }),
    warmStart: options.warmStart,
    ...(options.onProgress ? { onIteration: options.onProgress } : {}),
    pause: cooperativePause(options.signal),
  });
  const result = atLastWidth(
    {
      ...resultOf(program, solution, classes),
      architecture: architectureOf(checked.depth, checked),
      decomposition: options.decompose ? decompositionOf(program, solution) : null,
    },
    { ...program, beta: checked.beta },
  );
  const warning = warningOf(checked, result);
  if (warning !== null) options.onWarning?.(warning);
  return result;
}

/**
 * A result with the last hidden layers of its networks at the width asked for, and their objectives by the given β: the
 * program was solved for single units with β/√m (theory §2).
 */
function atLastWidth(result: SolveResult, problem: ConvexProgram): SolveResult {
  const { lastWidth } = result.architecture;
  if (lastWidth === 1) return result;
  const widened = (narrow: ParallelNetwork): Pick<SolveResult, 'network' | 'networkObjective'> => {
    const network = widenLastLayer(narrow, lastWidth);
    return { network, networkObjective: networkObjective(network, problem) };
  };
  const { decomposition } = result;
  const wide = decomposition && widened(decomposition.network);
  return {
    ...result,
    ...widened(result.network),
    decomposition: wide && { ...wide, change: wide.networkObjective - result.objective },
  };
}

/** The convex program a checked problem stands for. Its β is divided by the root of the width of the last hidden layer. */
export function programOf(problem: CheckedProblem): {
  program: ConvexProgram;
  classes: readonly string[] | null;
} {
  const data = readMatrix(problem.X, 'X');
  const rows = problem.bias ? withBias(data) : data;
  const { y, classes } = readTarget(problem.y, rows.n, problem.loss);
  const { patterns } = patternsOf(problem, rows);
  return {
    program: {
      rows,
      y,
      loss: lossNamed(problem.loss, problem),
      outputs: problem.loss === 'softmax' ? (classes?.length ?? 1) : 1,
      beta: problem.beta / Math.sqrt(problem.lastWidth),
      formulation: problem.formulation,
      depth: problem.depth,
      patterns,
    },
    classes,
  };
}

function patternsOf(problem: CheckedProblem, rows: Rows): PatternSet {
  if ('sample' in problem.patterns) {
    const { sample, seed } = problem.patterns;
    return samplePatterns(rows, { count: sample, seed, widths: problem.widths });
  }
  const gates = readMatrix(problem.patterns.gates, 'patterns.gates');
  if (gates.d !== rows.d) {
    throw new RelucentError(
      'invalid-problem',
      'patterns.gates[0]',
      `expected ${rows.d} numbers (the columns of X${problem.bias ? ' and the bias' : ''}), got ${gates.d}`,
    );
  }
  return patternsOfGates(
    rows,
    Array.from({ length: gates.n }, (_, p) => gates.X.subarray(p * gates.d, (p + 1) * gates.d)),
  );
}

/** Cone decomposition of a gated solution with the change in objective; null for a ReLU program. */
export function decompositionOf(program: ConvexProgram, solution: ProgramSolution): ReluDecomposition | null {
  if (program.formulation === 'relu') return null;
  const network = decomposeToRelu(program, solution.coefficients);
  const objective = networkObjective(network, program);
  return { network, networkObjective: objective, change: objective - solution.objective };
}

/** Result of one solved program with its network and independent objective. */
export function resultOf(
  program: ConvexProgram,
  solution: ProgramSolution,
  classes: readonly string[] | null,
): Omit<SolveResult, 'architecture'> {
  const network = reconstructNetwork(program, solution.coefficients);
  const { status, objective, dualBound, gap, relativeGap } = solution;
  return {
    status,
    objective,
    dualBound,
    gap,
    relativeGap,
    certificate: {
      scope: 'given-arrangements',
      patternsPriced: (program.patterns.length * solution.groupsPriced) / Math.max(1, groupCount(program)),
      patternsTotal: program.patterns.length,
    },
    networkObjective: networkObjective(network, program),
    activeGroups: solution.coefficients.size,
    groups: groupCount(program),
    subNetworks: network.subNetworks.length,
    iterations: solution.iterations,
    newtonSteps: solution.newtonSteps,
    seconds: solution.seconds,
    approximation: null,
    classes,
    network,
    decomposition: null,
    history: solution.history,
    warmStart: solution.warmStart,
  };
}

function warningOf(problem: CheckedProblem, result: SolveResult): string | null {
  if (problem.beta === 0 && result.status !== 'optimal') {
    return 'beta is 0: no dual point can be scaled to feasibility, so the bound says little; use a small beta > 0';
  }
  if (result.status !== 'optimal') {
    return (
      `stopped (${result.status}) at relative duality gap ${result.relativeGap.toExponential(2)}, above the tolerance ` +
      `${problem.tolerance}; raise timeLimit or maxIterations, or relax tolerance`
    );
  }
  const difference = Math.abs(result.networkObjective - result.objective);
  if (difference > 1e-6 * Math.abs(result.objective)) {
    return (
      `the network's own objective ${result.networkObjective} differs from the convex one by ${difference.toExponential(2)}: ` +
      'columns of X differ too much in scale for float64; standardise them'
    );
  }
  if ((problem.threads ?? 1) > 1) {
    return `threads is ${String(problem.threads)}: this version computes on one thread, with the same result`;
  }
  return null;
}
