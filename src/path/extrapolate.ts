import { axpy } from '../linalg/vector.js';
import type { GroupCoefficients } from '../program/convex-program.js';
import type { ProgramSolution, WarmStart } from '../solver/solve-program.js';

/** What later values of a path need of an earlier one. */
export type PathPoint = Pick<ProgramSolution, 'program' | 'coefficients' | 'warmStart'>;

/** Smallest ratio of neighbouring β over which the line is followed. */
const NEAR = 0.75;

/**
 * Where to start the solve at `beta` from two solutions of a path: z_g(β) is smooth between the few β at which a group enters
 * or leaves or a face changes, so each group that both hold goes on along the line through them in β; a group of `last` only
 * stays as it is. Any start is a valid one: this one is off by the second order of the step where the last is by the first.
 * Over wide steps, and where the loss has kinks, too much lies between for the line to help (docs/decisions/0005-speed.md).
 */
export function extrapolate(beta: number, last: PathPoint, earlier: PathPoint | null): WarmStart {
  const { loss, beta: from } = last.program;
  const passed = earlier ? from - earlier.program.beta : 0;
  if (!earlier || passed === 0 || loss.kind === 'piecewise' || beta < NEAR * from) return last.warmStart;
  const share = (beta - from) / passed;
  const coefficients: GroupCoefficients = new Map(
    [...last.coefficients].map(([group, z]) => {
      const ahead = Float64Array.from(z);
      const before = earlier.coefficients.get(group);
      if (before) {
        axpy(ahead, share, z);
        axpy(ahead, -share, before);
      }
      return [group, ahead];
    }),
  );
  return { ...last.warmStart, coefficients };
}
