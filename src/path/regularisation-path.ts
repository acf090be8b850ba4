import type { ConvexProgram } from '../program/convex-program.js';
import { extrapolate, type PathPoint } from './extrapolate.js';
import {
  solveProgram,
  type ProgramSolution,
  type SolverOptions,
  type WarmStart,
} from '../solver/solve-program.js';

/** `count` values from `largest` down to `ratio · largest`, evenly spaced on a logarithmic scale. */
export function betaGrid(largest: number, ratio: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => largest * ratio ** (count === 1 ? 1 : i / (count - 1)),
  );
}

/** Where a path was stopped: its last two points. */
export interface PathEnd {
  readonly last: PathPoint;
  readonly earlier: PathPoint | null;
}

/**
 * Solves the program for each β of a decreasing sequence, each solve warm-started where the two before it point. Every
 * solution carries its own certificate. Yields solutions as they come, so that a caller may stop early, and go on later from
 * `after` to the same bits.
 */
export async function* regularisationPath(
  program: ConvexProgram,
  betas: Iterable<number>,
  { after, ...options }: Omit<SolverOptions, 'warmStart'> & { readonly after?: PathEnd | undefined } = {},
): AsyncGenerator<{
  readonly beta: number;
  readonly program: ConvexProgram;
  readonly solution: ProgramSolution;
}> {
  let last: PathPoint | null = after?.last ?? null;
  let earlier: PathPoint | null = after?.earlier ?? null;
  for (const beta of betas) {
    const atBeta: ConvexProgram = { ...program, beta };
    const warmStart: WarmStart | undefined = last ? extrapolate(beta, last, earlier) : undefined;
    const solution: ProgramSolution = await solveProgram(atBeta, { ...options, warmStart });
    yield { beta, program: atBeta, solution };
    earlier = last;
    last = solution;
  }
}
