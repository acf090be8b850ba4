import { RelucentError } from '../error.js';
import { lossNamed } from '../loss/index.js';
import { forward, totalPathNorm, type ParallelNetwork } from '../network/network.js';
import type { Architecture } from '../problem/architecture.js';
import { readMatrix, withBias } from '../problem/matrix-input.js';
import { checkProblem, type CheckedProblem, type ProblemInput } from '../problem/problem-input.js';
import type { SolveResult } from '../problem/result.js';
import { solve, type SolveOptions } from '../problem/solve.js';
import { readTarget } from '../problem/target-input.js';
import { distanceOf, type Distance } from './distance.js';
import { checkNetwork, familyOf } from './family.js';

/**
 * The problem a network is held against: that of {@link solve} without what the network itself says. `depth` may be given
 * and must then be the network's; `widths` widen the family beyond the network's own widths.
 */
export interface CertifyProblem extends Omit<ProblemInput, 'patterns' | 'formulation'> {
  readonly formulation?: 'relu';
  /** Default "all". With `adaptive` nothing is proven about patterns that were not found. */
  readonly patterns?: 'all' | { readonly adaptive: number; readonly seed: number };
}

export type CertifyOptions = Pick<SolveOptions, 'onProgress' | 'onWarning' | 'signal' | 'executor'>;

/** Objective (1) of theory §1 on given weights, in its parts. */
export interface NetworkValue {
  /** 𝓛(f(X), y) + β Σ φ. */
  readonly objective: number;
  /** 𝓛(f(X), y). */
  readonly loss: number;
  /** β Σ φ. */
  readonly penalty: number;
  /** Σ φ over the sub-networks. */
  readonly pathNorms: number;
}

/** How far a network is from the global optimum of its problem. */
export interface CertifyResult extends NetworkValue {
  readonly beta: number;
  readonly subNetworks: number;
  /** No network of the family has an objective below it; null with patterns `adaptive`, where nothing of the kind is known. */
  readonly dualBound: number | null;
  /** The smallest objective of a network that is known: the one found, or the given one. */
  readonly bestObjective: number;
  /** Bounds of objective − P*, P* the global optimum over the family. */
  readonly distance: Distance;
  /** Whether the search over all arrangements got through and the optimum is known to the tolerance. */
  readonly proven: boolean;
  /** Against the patterns found alone: not a statement about the global optimum, which may be lower. */
  readonly onPatterns: { readonly dualBound: number; readonly distance: Distance };
  /** The family: any number of sub-networks of these widths. */
  readonly architecture: Architecture;
  /** The optimum found, with its own certificate and network. */
  readonly solution: SolveResult;
}

/**
 * How far a ReLU network is from the global optimum of
 *
 *     min over weights of  𝓛(f(X), y) + β Σ_k φ_k                                                     (1)
 *
 * over networks of any number of sub-networks of the network's depth and widths (the widest sub-network's in every layer):
 * evaluates (1) on the weights and solves it over all activation patterns. The dual bound D holds for every network of the
 * family, so objective − D bounds the distance from above whether or not the search gets through; objective − (best known)
 * bounds it from below.
 *
 * @param network any network, however it was trained; channel k of a softmax network is the k-th class in ascending order
 * @throws RelucentError for a gated network, sizes that do not fit, and all that `solve` throws for
 */
export async function certify(
  network: ParallelNetwork,
  problem: CertifyProblem,
  options: CertifyOptions = {},
): Promise<CertifyResult> {
  checkNetwork(network);
  const { depth } = network;
  if (problem.depth !== undefined && problem.depth !== depth) {
    throw invalid('depth', `expected ${depth}, that of the network, got ${problem.depth}; leave it out`);
  }
  const { widths, lastWidth } = familyOf(network, problem.widths);
  const input: ProblemInput = {
    ...problem,
    depth,
    widths: [...widths, lastWidth],
    formulation: 'relu',
    patterns: problem.patterns ?? 'all',
  };
  const checked = checkProblem(input);
  if (checked.patterns !== 'all' && !('adaptive' in checked.patterns)) {
    throw invalid('patterns', 'expected "all" or { "adaptive": 100, "seed": 0 }, got others; leave it out');
  }
  const value = valueOf(network, checked);
  const solution = await solve(input, options);
  return resultOf(network, value, solution, checked);
}

/** (1) on the weights, by code that shares nothing with the solver. */
function valueOf(network: ParallelNetwork, problem: CheckedProblem): NetworkValue {
  const data = readMatrix(problem.X, 'X');
  const rows = problem.bias ? withBias(data) : data;
  const { y, classes } = readTarget(problem.y, rows.n, problem.loss);
  const outputs = problem.loss === 'softmax' ? (classes?.length ?? 1) : 1;
  if (network.inputs !== rows.d) {
    const columns = problem.bias ? `${data.d} columns of X and the bias` : `${data.d} columns of X`;
    const fix =
      network.inputs === rows.d + 1 ? 'set bias to true if its last input is a 1' : 'make them match';
    throw invalid('network.inputs', `expected ${rows.d} (${columns}), got ${network.inputs}; ${fix}`);
  }
  if (network.outputs !== outputs) {
    const why = problem.loss === 'softmax' ? 'one for each class in y' : `the ${problem.loss} loss has one`;
    throw invalid('network.outputs', `expected ${outputs} (${why}), got ${network.outputs}; make them match`);
  }
  const pathNorms = totalPathNorm(network);
  const loss = lossNamed(problem.loss, problem).value(forward(network, rows), y);
  const objective = loss + problem.beta * pathNorms;
  if (!Number.isFinite(objective)) {
    throw invalid(
      'network',
      `expected weights with a finite objective, got ${objective}; the training has diverged`,
    );
  }
  return { objective, loss, penalty: problem.beta * pathNorms, pathNorms };
}

function resultOf(
  network: ParallelNetwork,
  value: NetworkValue,
  solution: SolveResult,
  { beta, patterns }: CheckedProblem,
): CertifyResult {
  const { objective } = value;
  const { architecture, certificate, status } = solution;
  const isGlobal = patterns === 'all';
  const bestObjective = Math.min(objective, solution.objective);
  // Wider networks attain the objective of a tree program, not those of the given widths.
  const upper = architecture.tree ? null : bestObjective;
  const dualBound = isGlobal ? solution.dualBound : null;
  const boundOnPatterns = solution.approximation ? solution.dualBound : certificate.boundOnPatterns;
  return {
    ...value,
    beta,
    subNetworks: network.subNetworks.length,
    dualBound,
    bestObjective,
    distance: distanceOf(objective, { lower: dualBound, upper }),
    proven: isGlobal && status === 'optimal',
    onPatterns: {
      dualBound: boundOnPatterns,
      distance: distanceOf(objective, { lower: boundOnPatterns, upper }),
    },
    architecture,
    solution,
  };
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-problem', where, message);
}
