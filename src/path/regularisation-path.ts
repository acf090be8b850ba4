import type { ConvexProgram } from '../program/convex-program.js';
import { solveProgram, type ProgramSolution, type SolverOptions } from '../solver/solve-program.js';

/** `count` values from `largest` down to `ratio · largest`, evenly spaced on a logarithmic scale. */
export function betaGrid(largest: number, ratio: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => largest * ratio ** (count === 1 ? 1 : i / (count - 1)),
  );
}

/**
 * Solves the program for each β of a decreasing sequence, each solve warm-started from the one before. Every solution
 * carries its own certificate. Yields solutions as they come, so that a caller may stop early.
 */
export async function* regularisationPath(
  program: ConvexProgram,
  betas: Iterable<number>,
  options: Omit<SolverOptions, 'warmStart'> = {},
): AsyncGenerator<{
  readonly beta: number;
  readonly program: ConvexProgram;
  readonly solution: ProgramSolution;
}> {
  let previous: ProgramSolution | null = null;
  for (const beta of betas) {
    const atBeta: ConvexProgram = { ...program, beta };
    const solution: ProgramSolution = await solveProgram(atBeta, {
      ...options,
      warmStart: previous?.warmStart,
    });
    yield { beta, program: atBeta, solution };
    previous = solution;
  }
}
