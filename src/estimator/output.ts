import { samplePatterns } from '../arrangement/pattern-source.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { lossNamed, type LossName } from '../loss/index.js';
import type { ParallelNetwork } from '../network/network.js';
import { betaMax } from '../path/beta-max.js';
import { decompositionOf, resultOf, type CertificateScope } from '../problem/result.js';
import { withBias } from '../problem/matrix-input.js';
import type { ConvexProgram } from '../program/convex-program.js';
import { solveProgram, type Iteration, type SolveStatus } from '../solver/solve-program.js';
import type { CheckedOptions } from './options.js';

/** Certificate of one output, or of several added up. Units: the objective on the standardised data, a sum over rows. */
export interface OutputCertificate {
  readonly scope: CertificateScope;
  readonly objective: number;
  readonly dualBound: number;
  readonly gap: number;
  readonly relativeGap: number;
  readonly tolerance: number;
  readonly status: SolveStatus;
  /** The non-convex objective of the trained weights, computed independently of the solver. */
  readonly networkObjective: number;
  readonly beta: number;
  /** Above it the zero network is optimal. */
  readonly betaMax: number;
  readonly patternsPriced: number;
  readonly patternsTotal: number;
  readonly groups: number;
  readonly activeGroups: number;
  readonly iterations: number;
  readonly seconds: number;
}

/** What cone decomposition did to the objective of a gated solution. */
export interface Decomposition {
  readonly gatedObjective: number;
  readonly networkObjective: number;
  readonly change: number;
}

/** One trained output: a network that returns one number per row, and its certificate. */
export interface FittedOutput {
  /** Class told from the rest, or the target. */
  readonly label: string;
  readonly network: ParallelNetwork;
  readonly certificate: OutputCertificate;
  readonly decomposition: Decomposition | null;
  /** Convergence history; empty in a model read from a file. */
  readonly history: readonly Iteration[];
}

export interface FitHooks {
  /** Called after every outer iteration with the label of the output being trained. */
  readonly onProgress?: (output: string, iteration: Iteration) => void;
  /** Stops the fit: the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Called at most once per fit, with one line, when a result needs a caution. */
  readonly onWarning?: (message: string) => void;
}

/** The program of one output on standardised rows without their bias column; its β is 0 until chosen. */
export function outputProgram(
  rows: Rows,
  y: Float64Array,
  loss: LossName,
  options: Pick<CheckedOptions, 'bias' | 'depth' | 'width' | 'sample' | 'seed' | 'formulation'>,
): ConvexProgram {
  const input = options.bias ? withBias(rows) : rows;
  const { patterns } = samplePatterns(input, {
    count: options.sample,
    seed: options.seed,
    widths: options.depth === 3 ? [options.width] : [],
  });
  return {
    rows: input,
    y,
    loss: lossNamed(loss),
    outputs: 1,
    beta: 0,
    formulation: options.formulation,
    depth: options.depth,
    patterns,
  };
}

/** What one solve is given beside its options. */
interface OutputHooks {
  readonly onIteration: (iteration: Iteration) => void;
  /** Awaited between Newton steps. */
  readonly pause: () => Promise<void>;
}

/** Trains one output. */
export async function fitOutput(
  label: string,
  base: ConvexProgram,
  options: CheckedOptions,
  { onIteration, pause }: OutputHooks,
): Promise<FittedOutput> {
  const largest = betaMax(base);
  const program: ConvexProgram = { ...base, beta: options.beta ?? options.betaRatio * largest };
  const solution = await solveProgram(program, {
    tolerance: options.tolerance,
    maxIterations: options.maxIterations,
    ...(options.timeLimit === undefined ? {} : { timeLimit: options.timeLimit }),
    onIteration,
    pause,
  });
  const result = resultOf(solution, null);
  const relu = options.decompose ? decompositionOf(solution) : null;
  return {
    label,
    network: relu?.network ?? result.network,
    certificate: {
      scope: result.certificate.scope,
      objective: result.objective,
      dualBound: result.dualBound,
      gap: result.gap,
      relativeGap: result.relativeGap,
      tolerance: options.tolerance,
      status: result.status,
      networkObjective: relu?.networkObjective ?? result.networkObjective,
      beta: program.beta,
      betaMax: largest,
      patternsPriced: result.certificate.patternsPriced,
      patternsTotal: result.certificate.patternsTotal,
      groups: result.groups,
      activeGroups: result.activeGroups,
      iterations: result.iterations,
      seconds: result.seconds,
    },
    decomposition: relu && {
      gatedObjective: result.objective,
      networkObjective: relu.networkObjective,
      change: relu.change,
    },
    history: result.history,
  };
}

/** The one caution a fit may give: the output furthest from its tolerance. */
export function fitWarning(outputs: readonly FittedOutput[]): string | null {
  const missed = outputs.filter((output) => output.certificate.status !== 'optimal');
  const worst = missed.sort((a, b) => b.certificate.relativeGap - a.certificate.relativeGap)[0];
  if (!worst) return null;
  const { status, relativeGap, tolerance } = worst.certificate;
  return (
    `output "${worst.label}" stopped (${status}) at relative duality gap ${relativeGap.toExponential(2)}, above the ` +
    `tolerance ${tolerance}; raise timeLimit or maxIterations, raise beta, or relax tolerance`
  );
}
