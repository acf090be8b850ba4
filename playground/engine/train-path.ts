import { parallelToJson } from '../../src/network/architecture-json.js';
import { pathNorm } from '../../src/network/network.js';
import { RelucentError } from '../../src/error.js';
import type { SolveResult } from '../../src/problem/result.js';
import { betaMax as largestBeta, solve } from '../../src/problem/solve.js';
import type { Iteration, WarmStart } from '../../src/solver/solve-program.js';
import type { PathPoint, PlaygroundProblem } from '../protocol.js';
import { betaAt, pathLength } from '../state.js';
import { problemInput } from './problem-input.js';

/** What is heard of a path while it is solved. */
export interface PathHooks {
  /** Stops the work within some tens of milliseconds: the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  readonly onStart?: (betaMax: number) => void;
  /** Every outer iteration of the value with this index. */
  readonly onIteration?: (index: number, iteration: Iteration) => void;
  readonly onPoint?: (point: PathPoint) => void;
}

/**
 * The regularisation path of a problem by `solve` of the library: `pathLength` values of β from β_max down, each started from
 * the solution before it, each with a certificate of its own. Yields to the event loop every few milliseconds.
 *
 * @throws RelucentError for points or a model that `solve` refuses
 */
export async function trainPath(problem: PlaygroundProblem, hooks: PathHooks = {}): Promise<void> {
  const { signal, onStart, onIteration, onPoint } = hooks;
  const { betaMax } = await largestBeta(problemInput(problem, 0), signal ? { signal } : {});
  if (!(betaMax > 0)) {
    throw new RelucentError(
      'invalid-problem',
      'points',
      'expected targets that a network can improve on, got such that the zero network is optimal for every β; move or add points',
    );
  }
  onStart?.(betaMax);
  let warmStart: WarmStart | undefined;
  for (let index = 0; index < pathLength; index++) {
    const beta = betaAt(betaMax, index);
    const result = await solve(problemInput(problem, beta), {
      ...(signal ? { signal } : {}),
      ...(warmStart ? { warmStart } : {}),
      onProgress: (iteration) => onIteration?.(index, iteration),
    });
    warmStart = result.warmStart;
    onPoint?.(pathPoint(index, beta, result));
  }
}

/** What the page is told of a result. */
export function pathPoint(index: number, beta: number, result: SolveResult): PathPoint {
  const { certificate, network } = result;
  return {
    index,
    beta,
    objective: result.objective,
    dualBound: result.dualBound,
    relativeGap: result.relativeGap,
    networkObjective: result.networkObjective,
    status: result.status,
    scope: certificate.scope,
    patternsTotal: certificate.patternsTotal,
    patternsHeld: certificate.patternsHeld,
    groups: result.groups,
    network: parallelToJson(network),
    pathNorms: network.subNetworks.map((subNetwork) => pathNorm(subNetwork)),
    iterations: result.iterations,
    seconds: result.seconds,
    history: result.history.map(({ objective, dualBound }) => ({ objective, dualBound })),
  };
}
