import { samplePatterns } from '../arrangement/pattern-source.js';
import { lossNamed, withWeights } from '../loss/index.js';
import type { ParallelNetwork } from '../network/network.js';
import { betaMax } from '../path/beta-max.js';
import { decompositionOf, resultOf, type CertificateScope } from '../problem/result.js';
import { withBias } from '../problem/matrix-input.js';
import type { ConvexProgram } from '../program/convex-program.js';
import {
  solveProgram,
  type Iteration,
  type ProgramSolution,
  type SolveStatus,
} from '../solver/solve-program.js';
import type { CheckedOptions } from './options.js';
import type { Learning, NetworkShape, ProgramData } from './program-recipe.js';

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
  /**
   * Lines of progress: 0 none (default), 1 one for each output trained, 2 one for each outer iteration too. They go to
   * `onMessage`, or to the console's standard error without one.
   */
  readonly verbose?: 0 | 1 | 2;
  readonly onMessage?: (line: string) => void;
}

/** The program of a network; its β is 0 until chosen. */
export function outputProgram(
  { rows, y, weights }: ProgramData,
  { loss, outputs }: Learning,
  options: NetworkShape,
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
    loss: withWeights(lossNamed(loss), weights),
    outputs,
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
  return fittedOutput(label, program, solution, { ...options, betaMax: largest });
}

/** A solution as a trained output. */
export function fittedOutput(
  label: string,
  { beta }: ConvexProgram,
  solution: ProgramSolution,
  options: Pick<CheckedOptions, 'decompose' | 'tolerance'> & { readonly betaMax: number },
): FittedOutput {
  const largest = options.betaMax;
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
      beta,
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

/** β as a share of β_max; 1 where nothing can be learnt. */
export function shareOf({ beta, betaMax: largest }: Pick<OutputCertificate, 'beta' | 'betaMax'>): number {
  return largest > 0 ? Math.min(1, beta / largest) : 1;
}

/** The one caution a fit may give: the output furthest from its tolerance, and what to change. */
export function fitWarning(
  outputs: readonly FittedOutput[],
  limits: Pick<CheckedOptions, 'timeLimit' | 'maxIterations'>,
): string | null {
  const missed = outputs.filter((output) => output.certificate.status !== 'optimal');
  const worst = missed.sort((a, b) => b.certificate.relativeGap - a.certificate.relativeGap)[0];
  if (!worst) return null;
  const { status, relativeGap, tolerance, iterations } = worst.certificate;
  return (
    `output "${worst.label}" stopped (${status}) at relative duality gap ${relativeGap.toExponential(2)}, above the ` +
    `tolerance ${tolerance}, after ${iterations} iterations; ${remedy(worst.certificate, limits)}`
  );
}

/** What to change so that an output gets to its tolerance. */
function remedy(
  { status, relativeGap, tolerance, beta, iterations }: OutputCertificate,
  { timeLimit, maxIterations }: Pick<CheckedOptions, 'timeLimit' | 'maxIterations'>,
): string {
  if (beta === 0) return 'at beta 0 hardly a bound can be proven: set beta above 0';
  const room =
    status === 'time-limit'
      ? `raise timeLimit (now ${timeLimit ?? 'none'} s)`
      : iterations >= maxIterations
        ? `raise maxIterations (now ${maxIterations})`
        : null;
  // Where progress had stopped, more iterations do not help.
  const rest = `raise beta (now ${Number(beta.toPrecision(3))}), or accept this gap with tolerance ${roundedUp(relativeGap)}`;
  return tolerance < 1e-10 || room === null ? rest : `${room}, ${rest}`;
}

/** A number of one digit that is no smaller. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(1));
}

/** Writes the lines that `verbose` asks for. */
export function teller({
  verbose = 0,
  onMessage,
}: Pick<FitHooks, 'verbose' | 'onMessage'>): (level: 1 | 2, line: string) => void {
  const write =
    onMessage ??
    ((line: string): void => {
      console.error(line);
    });
  return (level, line) => {
    if (verbose >= level) write(line);
  };
}
