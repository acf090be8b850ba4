import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { OutputCertificate } from '../estimator/output.js';
import { programFrom, type ProgramRecipe } from '../estimator/program-recipe.js';
import type { Task, TaskContext } from '../executor/executor.js';
import { forward, type ParallelNetwork } from '../network/network.js';
import { lossNamed, type Loss } from '../loss/index.js';
import { reconstructNetwork } from '../network/reconstruct.js';
import { betaMax } from '../path/beta-max.js';
import type { PathPoint } from '../path/extrapolate.js';
import { regularisationPath } from '../path/regularisation-path.js';
import { withBias } from '../problem/matrix-input.js';
import { resultOf } from '../problem/result.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { ProgramSolution } from '../solver/solve-program.js';

/** A solution on a path, as plain data: all that the values after it start from. */
export interface StoredPoint {
  readonly beta: number;
  /** Non-zero z_g with their numbers, in the order of the solver, which later bits depend on. */
  readonly coefficients: readonly { readonly group: number; readonly z: Float64Array }[];
  readonly dual: Float64Array;
  readonly sigma: number | null;
}

/** One value of the path of one output. */
export interface PathValue {
  /** Its place on the grid, from 0 at the largest β. */
  readonly at: number;
  readonly certificate: OutputCertificate;
  readonly point: StoredPoint;
  /** Mean held-out loss per row; null without held-out rows. */
  readonly loss: number | null;
}

/** The path of one output on some rows. */
export interface PathPartInput {
  readonly rows: Rows;
  readonly y: Float64Array;
  /** Weight > 0 of each row, or null where all are 1. */
  readonly weights: Float64Array | null;
  readonly recipe: ProgramRecipe;
  /** Shares of the part's own β_max, decreasing. */
  readonly ratios: readonly number[];
  readonly tolerance: number;
  /** Multiplies held-out losses, so that folds with targets on scales of their own are in one unit. */
  readonly unit: number;
  /** Rows to take the loss on. */
  readonly heldOut: { readonly rows: Rows; readonly y: Float64Array } | null;
  /** Where an earlier run stopped; null to start with the first share. */
  readonly after: {
    readonly done: number;
    readonly last: StoredPoint;
    readonly earlier: StoredPoint | null;
  } | null;
}

/**
 * A warm-started path that reports each value as it is solved; resolves to the number of values. Goes on from `after` to the
 * same bits as without a stop. Cost: one solve for each share.
 */
export const pathPart: Task<PathPartInput, number, PathValue> = { name: 'path-part', run: runPart };

async function runPart(
  { rows, y, weights, recipe, ratios, tolerance, unit, heldOut, after }: PathPartInput,
  { pause, progress }: TaskContext<PathValue>,
): Promise<number> {
  const program = programFrom(recipe, { rows, y, weights });
  const lossOf = heldOut && heldOutLoss(program, lossNamed(recipe.loss), heldOut);
  const largest = betaMax(program);
  let at = after?.done ?? 0;
  const betas = ratios.slice(at).map((ratio) => ratio * largest);
  const end = after && {
    last: pointOf(program, after.last),
    earlier: after.earlier && pointOf(program, after.earlier),
  };
  for await (const step of regularisationPath(program, betas, {
    tolerance,
    pause,
    ...(end && { after: end }),
  })) {
    progress({
      at,
      certificate: certificateOf(step.solution, tolerance, largest),
      point: stored(step.solution),
      loss: lossOf && unit * lossOf(reconstructNetwork(step.program, step.solution.coefficients)),
    });
    at++;
  }
  return at;
}

/** Mean loss per held-out row of a network. */
function heldOutLoss(
  { rows: { d } }: ConvexProgram,
  loss: Loss,
  { rows, y }: { readonly rows: Rows; readonly y: Float64Array },
): (network: ParallelNetwork) => number {
  // Networks read the bias column where the program has one.
  const input = d > rows.d ? withBias(rows) : rows;
  return (network) => loss.value(forward(network, input), y) / y.length;
}

/** The point of a path that plain data stands for. */
export function pointOf(program: ConvexProgram, { beta, coefficients, dual, sigma }: StoredPoint): PathPoint {
  const map = new Map(coefficients.map(({ group, z }) => [group, z]));
  return {
    program: { ...program, beta },
    coefficients: map,
    warmStart: { coefficients: map, dual, patterns: program.patterns, ...(sigma === null ? {} : { sigma }) },
  };
}

function stored({ program, coefficients, warmStart }: ProgramSolution): StoredPoint {
  return {
    beta: program.beta,
    coefficients: [...coefficients].map(([group, z]) => ({ group, z })),
    dual: warmStart.dual,
    sigma: warmStart.sigma ?? null,
  };
}

function certificateOf(solution: ProgramSolution, tolerance: number, largest: number): OutputCertificate {
  const { certificate, objective, dualBound, gap, relativeGap, status, networkObjective, ...rest } = resultOf(
    solution,
    null,
  );
  const { groups, activeGroups, iterations, seconds } = rest;
  return {
    scope: certificate.scope,
    objective,
    dualBound,
    gap,
    relativeGap,
    tolerance,
    status,
    networkObjective,
    beta: solution.program.beta,
    betaMax: largest,
    patternsPriced: certificate.patternsPriced,
    patternsTotal: certificate.patternsTotal,
    groups,
    activeGroups,
    iterations,
    seconds,
  };
}
