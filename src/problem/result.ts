import { patternCount } from '../arrangement/group-count.js';
import { widenRows } from '../arrangement/sub-network-pattern.js';
import { decomposeToRelu } from '../network/cone-decomposition.js';
import type { ParallelNetwork } from '../network/network.js';
import { networkObjective } from '../network/objective.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { widenLastLayer } from '../network/widen.js';
import { groupCount, type ConvexProgram } from '../program/convex-program.js';
import type { Iteration, ProgramSolution, SolveStatus, WarmStart } from '../solver/solve-program.js';
import type { Architecture } from './architecture.js';
import type { PatternPlan } from './pattern-plan.js';

export type CertificateScope = 'all-arrangements' | 'given-arrangements';

/** What a dual bound was checked against. */
export interface Certificate {
  /**
   * `all-arrangements`: no network of this form is below the dual bound, whatever its activation patterns: with a closed gap
   * a global optimum. `given-arrangements`: none on the patterns used is, which is no claim about other patterns.
   */
  readonly scope: CertificateScope;
  /** Patterns (of whole sub-networks) whose dual constraints are known to hold: one by one, or by a bound for many. */
  readonly patternsPriced: number;
  /** Patterns in scope: all that exist, or those of the program. Infinity where the number leaves float64. */
  readonly patternsTotal: number;
  /** False where `patternsTotal` is an upper bound (Cover's formula) because counting would have taken long. */
  readonly patternsTotalExact: boolean;
  /** Patterns the program held at the end. */
  readonly patternsHeld: number;
  /** Lower bound over the patterns held alone; equal to the dual bound but for `all-arrangements`. */
  readonly boundOnPatterns: number;
  /** How all arrangements were searched; null where they were not. */
  readonly search: ArrangementSearch | null;
}

/** Effort of the searches over all arrangements in one solve. */
export interface ArrangementSearch {
  /** Dimension of the sphere of weights: rank of X times first-layer units. */
  readonly dimensions: number;
  readonly verifications: number;
  /** Regions of weights bounded in all verifications together, and of these the ones solved exactly. */
  readonly regions: number;
  readonly exactRegions: number;
  /** Whether the search behind the dual bound left nothing open; else the bound is valid but loose. */
  readonly complete: boolean;
}

/** What solving for X_κ in place of X means for X. Objective and dual bound of the result are for X itself. */
export interface Approximation {
  readonly rank: number;
  /** The objective is at most this many times the optimum (theory §4); known before the solve. */
  readonly bound: number;
  /** σ_{κ+1}, the norm of what was left out of X. */
  readonly singularValue: number;
  /** The problem on X_κ, as solved. */
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
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
  /** With `rank`, else null. */
  readonly approximation: Approximation | null;
  /**
   * Labels of the classes, ascending, for the losses of a classification, else null: the two that stand for −1 and +1, or,
   * with the softmax loss, one for each output.
   */
  readonly classes: readonly string[] | null;
  readonly network: ParallelNetwork;
  /** Widths of the sub-networks, and what the bounds say about fully connected ones. */
  /** What ran the dense loops. */
  readonly kernel: string;
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

/**
 * A result with the last hidden layers of its networks at the width asked for, and their objectives by the given β: the
 * program was solved for single units with β/√m (theory §2).
 */
export function atLastWidth(result: SolveResult, problem: ConvexProgram): SolveResult {
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

/** Cone decomposition of a gated solution with the change in objective; null for a ReLU program. */
export function decompositionOf(solution: ProgramSolution): ReluDecomposition | null {
  const { program } = solution;
  if (program.formulation === 'relu') return null;
  const network = decomposeToRelu(program, solution.coefficients);
  const objective = networkObjective(network, program);
  return { network, networkObjective: objective, change: objective - solution.objective };
}

/** Certificate over the patterns of the program. */
function givenCertificate({ program, boundOnPatterns }: ProgramSolution): Certificate {
  const patternsTotal = program.patterns.length;
  return {
    scope: 'given-arrangements',
    patternsPriced: patternsTotal,
    patternsTotal,
    patternsTotalExact: true,
    patternsHeld: patternsTotal,
    boundOnPatterns,
    search: null,
  };
}

/** Certificate of a solution with the patterns of a plan: over all arrangements where they were searched or listed. */
export function certificateOf(
  solution: ProgramSolution,
  plan: PatternPlan,
  widths: readonly number[],
): Certificate {
  const given = givenCertificate(solution);
  const { rows } = solution.program;
  if (!solution.global) return plan.enumerated ? { ...given, scope: 'all-arrangements' } : given;
  const { count, exact } = patternCount(widenRows(rows), widths);
  return {
    ...given,
    scope: 'all-arrangements',
    // A loose bound scales the dual until every constraint holds: they all do, whether the search got through or not.
    patternsPriced: count,
    patternsTotal: count,
    patternsTotalExact: exact,
    search: plan.oracle && {
      dimensions: plan.oracle.dims,
      ...plan.oracle.count,
      complete: solution.searchComplete,
    },
  };
}

/** Result of one solved program with its network and independent objective. */
export function resultOf(
  solution: ProgramSolution,
  classes: readonly string[] | null,
  certificate: Certificate = givenCertificate(solution),
): Omit<SolveResult, 'architecture' | 'kernel'> {
  const { program } = solution;
  const network = reconstructNetwork(program, solution.coefficients);
  const { status, objective, dualBound, gap, relativeGap } = solution;
  return {
    status,
    objective,
    dualBound,
    gap,
    relativeGap,
    certificate,
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
