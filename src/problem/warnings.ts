import type { CheckedProblem } from './problem-input.js';
import type { SolveResult } from './result.js';

/** The caution a result deserves, in one line. */
export function warningOf(problem: CheckedProblem, result: SolveResult): string | null {
  if (problem.beta === 0 && result.status !== 'optimal') {
    return 'beta is 0: no dual point can be scaled to feasibility, so the bound says little; use a small beta > 0';
  }
  const { search, boundOnPatterns } = result.certificate;
  if (result.status === 'iteration-limit' && search !== null && !search.complete) {
    return (
      `the search over all arrangements stopped at maxRegions: the dual bound ${result.dualBound} is valid but loose; on the ` +
      `${result.certificate.patternsHeld} patterns found the bound is ${boundOnPatterns}; raise maxRegions, or take a lower rank`
    );
  }
  if (result.status !== 'optimal') {
    return (
      `stopped (${result.status}) at relative duality gap ${result.relativeGap.toExponential(2)}, above the tolerance ` +
      `${problem.tolerance}; raise timeLimit or maxIterations, or relax tolerance`
    );
  }
  if (result.approximation) return null;
  const difference = Math.abs(result.networkObjective - result.objective);
  if (difference > 1e-6 * Math.abs(result.objective)) {
    return (
      `the network's own objective ${result.networkObjective} differs from the convex one by ${difference.toExponential(2)}: ` +
      'columns of X differ too much in scale for float64; standardise them'
    );
  }
  return null;
}
