import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { Pricer, type Prices, type PricingOptions } from '../certificate/pricing.js';
import { relativeGapOf } from '../certificate/relative-gap.js';
import { kernelFor } from '../kernel/choose-kernel.js';
import type { Kernel, Workspace } from '../kernel/kernel.js';
import type { Loss } from '../loss/index.js';
import {
  groupCount,
  predictorLength,
  predictorOf,
  primalObjective,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';
import type { AugmentedLagrangian } from './augmented-lagrangian.js';
import { BoundKeeper } from './bound-keeper.js';
import type { Checkpoint } from './checkpoint.js';
import { evaluated, resumeInner, startInner, warmStartOf } from './start.js';
import { growingProgram, PatternGrowth } from './pattern-growth.js';
import type { PatternOracle } from './pattern-oracle.js';

/** Where a later solve of a neighbouring program (same groups, another β or y) may start. */
export interface WarmStart {
  readonly coefficients: GroupCoefficients;
  /** Dual vector of the best bound, length n·K: priced before the first step, for the bound it may give at once. */
  readonly dual: Float64Array;
  /** The patterns that the numbers of the groups stand for; needed with an oracle, whose programs come without. */
  readonly patterns?: readonly SubNetworkPattern[];
  /** Proximal parameter that the earlier solve ended with. */
  readonly sigma?: number;
}

/** Standing of a solve after one outer iteration. Bounds are the best found so far, so they close monotonically. */
export interface Iteration {
  readonly iteration: number;
  readonly seconds: number;
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
  /** Groups that are not zero. */
  readonly activeGroups: number;
  /** Groups the inner solver works on. */
  readonly workingSet: number;
}

export type SolveStatus = 'optimal' | 'iteration-limit' | 'time-limit';

export interface SolverOptions {
  /** Relative duality gap to reach; default 1e-6. */
  readonly tolerance?: number;
  /** Outer iterations; default 100. Solves usually need 5 to 15. */
  readonly maxIterations?: number;
  /** Wall-clock limit in seconds; default none. */
  readonly timeLimit?: number;
  readonly warmStart?: WarmStart | undefined;
  readonly onIteration?: (iteration: Iteration) => void;
  /** Called after every outer iteration with what {@link SolverOptions.resume} takes. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Goes on from a checkpoint of the same program; its objective is computed anew. */
  readonly resume?: Checkpoint | undefined;
  /** Source of patterns that the program does not hold yet: it grows until none violates its dual constraint. */
  readonly oracle?: PatternOracle | undefined;
  /** What runs the dense loops; default by the size of the data. */
  readonly kernel?: Kernel | undefined;
  /** Awaited between Newton steps; rejecting stops the solve with that reason. */
  readonly pause?: () => Promise<void>;
}

export interface ProgramSolution {
  readonly status: SolveStatus;
  /** The program solved: the one given, with the patterns found on the way where there was an oracle. */
  readonly program: ConvexProgram;
  /** Whether `dualBound` holds for every arrangement that exists, not only for the patterns of the program. */
  readonly global: boolean;
  /** Lower bound on the optimum over the patterns of the program alone: the one to look at where no search got through. */
  readonly boundOnPatterns: number;
  /** Whether the search behind a global bound left nothing open. */
  readonly searchComplete: boolean;
  /** Non-zero z_g by group number. */
  readonly coefficients: GroupCoefficients;
  readonly objective: number;
  /** Lower bound on the optimum (over all arrangements where `global`), from a dual feasible point. */
  readonly dualBound: number;
  readonly gap: number;
  readonly relativeGap: number;
  /** Number of groups whose dual constraint was checked for `dualBound`: all of them. */
  readonly groupsPriced: number;
  readonly iterations: number;
  readonly newtonSteps: number;
  readonly seconds: number;
  readonly history: readonly Iteration[];
  readonly warmStart: WarmStart;
}

/** First working set, and least number of groups added at once: measured in docs/decisions/0002-solver.md. */
const BATCH = 32;
const SIGMA_GROWTH = 3;
/** After a subproblem that took so few Newton steps, σ grows by more. */
const EASY_STEPS = 2;
const EASY_GROWTH = 10;
/** After one that took more than these σ stays: the next would be harder still. */
const HARD_STEPS = 12;
const ACCURACY = 0.5;
/**
 * For piecewise losses: from 1 on a subproblem may count as solved where it started, and the centres drift apart.
 */
const ACCURACY_PIECEWISE = 0.3;
const FLOOR = 0.1;
const NEWTON_LIMIT = 50;
/**
 * While the gap is above ROUGH_GAP, subproblems are solved to ROUGH_ACCURACY only and pricing gives each projection no more
 * than ROUGH_CHANGES changes of its active set.
 */
const ROUGH_GAP = 0.1;
const ROUGH_ACCURACY = 2;
const ROUGH_CHANGES = 16;
/** Iterations without a smaller gap after which working precision is taken to be exhausted. */
const STALL = 15;
/** The same at β = 0, where no bound can close and only the objective can still fall. */
const STALL_WITHOUT_BETA = 3;

class TimeLimitReached extends Error {}

/**
 * Solves the convex program
 *
 *     min  𝓛( Σ_g σ_g A_g z_g, y ) + β Σ_g ‖z_g‖        s.t. z_g ∈ K_g  (ReLU formulation)
 *
 * to a relative duality gap: an augmented Lagrangian method with semismooth Newton steps on a working set of groups;
 * after each outer step all groups are priced against the inner dual iterate v, which gives a certificate valid for the whole
 * program and the groups to add. At most n + 1 groups are needed at an optimum, so working sets stay small.
 *
 * The result is deterministic. Memory: one n×n matrix, or n times the total dimension of the active faces, whichever is
 * cheaper to factorise; and per group priced 16·dims·(active constraints) bytes for its projection.
 */
export async function solveProgram(
  given: ConvexProgram,
  options: SolverOptions = {},
): Promise<ProgramSolution> {
  const workspace = (options.kernel ?? kernelFor(given.rows)).workspace(given.rows);
  try {
    return await solveIn(workspace, given, options);
  } finally {
    workspace.dispose();
  }
}

async function solveIn(
  workspace: Workspace,
  given: ConvexProgram,
  options: SolverOptions,
): Promise<ProgramSolution> {
  const started = performance.now();
  const { resume } = options;
  const seconds = (): number => (resume?.seconds ?? 0) + (performance.now() - started) / 1000;
  const { tolerance = 1e-6, maxIterations = 100, timeLimit = Infinity, oracle } = options;
  const warmStart = resume ? warmStartOf(resume) : options.warmStart;
  const program = oracle ? growingProgram(given, oracle, warmStart?.patterns) : given;
  const cones = program.formulation === 'relu' ? new ConePool(rowGeometry(program.rows)) : null;
  const history: Iteration[] = [];
  let best: { objective: number; coefficients: GroupCoefficients } = resume
    ? evaluated(workspace, program, resume)
    : { objective: Infinity, coefficients: new Map() };
  const inner = resume
    ? resumeInner(program, workspace, cones, resume)
    : startInner(program, workspace, cones, warmStart);
  const keeper = new BoundKeeper(program, warmStart?.dual ?? new Float64Array(predictorLength(program)));
  // Pricing pauses without the time limit: whatever the limit, a result has a bound.
  const breathe = options.pause ?? ((): Promise<void> => Promise.resolve());
  const pricer = new Pricer(program, workspace, cones);
  const price = (v: Float64Array, limits?: PricingOptions): Promise<Prices> =>
    pricer.price(v, breathe, limits);
  const growth = oracle ? new PatternGrowth(program, oracle, keeper, (v, from) => price(v, { from })) : null;
  const global = growth?.global ?? null;
  if (warmStart) keeper.consider(warmStart.dual, await price(warmStart.dual));
  let status: SolveStatus | null = null;
  let smallestGapAt = 0;
  let smallestGap = Infinity;

  const pause = async (): Promise<void> => {
    if (seconds() > timeLimit) throw new TimeLimitReached();
    await breathe();
  };

  for (let iteration = resume?.iteration ?? 0; status === null; iteration++) {
    const coefficients = inner.coefficients();
    const f = predictorOf(program, coefficients, workspace);
    const objective = primalObjective(program, coefficients, f);
    if (objective < best.objective) best = { objective, coefficients };
    const v = inner.dualIterate();
    const rough = relativeGapOf(best.objective, keeper.bound) > ROUGH_GAP;
    let prices = await price(v, { maxChanges: rough ? ROUGH_CHANGES : undefined });
    keeper.consider(v, prices);
    try {
      const { objective } = best;
      const round = await growth?.round({ v, prices, coefficients, objective, tolerance, pause });
      if (round?.grown === true) smallestGap = Infinity;
      prices = round?.prices ?? prices;
    } catch (error) {
      if (!(error instanceof TimeLimitReached)) throw error;
    }
    if (global?.bound === -Infinity) global.takeLoose(keeper);
    if (best.objective - keeper.bound < 0.999 * smallestGap) {
      smallestGapAt = iteration;
      smallestGap = best.objective - keeper.bound;
    }
    const bound = global ? global.bound : keeper.bound;
    const standing: Iteration = {
      iteration,
      seconds: seconds(),
      objective: best.objective,
      dualBound: bound,
      relativeGap: relativeGapOf(best.objective, bound),
      activeGroups: best.coefficients.size,
      workingSet: inner.workingSetSize,
    };
    history.push(standing);
    options.onIteration?.(standing);
    status = statusOf(standing, {
      tolerance,
      maxIterations,
      timeLimit,
      stalled: iteration - smallestGapAt,
      patience: program.beta > 0 ? STALL : STALL_WITHOUT_BETA,
    });
    // What is left open could only be closed by a larger search.
    if (
      status === null &&
      global?.isExhausted === true &&
      relativeGapOf(best.objective, keeper.bound) <= tolerance
    ) {
      status = 'iteration-limit';
    }
    if (status !== null) break;

    const violators = prices.violators.map(({ group }) => group);
    if (iteration > 0) {
      const violated = new Set(violators);
      inner.dropZeros((group) => violated.has(group));
    }
    addViolators(inner, violators);
    const stepsBefore = inner.newtonSteps;
    try {
      await pause();
      const { converged } = await inner.step(
        {
          accuracy: accuracyOf(program.loss, rough),
          floor: decrementFloor(program, FLOOR * tolerance * Math.abs(best.objective)),
          maxNewton: NEWTON_LIMIT,
        },
        pause,
      );
      // A subproblem too hard for Newton's method becomes easier with a smaller σ; else a larger one closes faster.
      inner.rescale(converged ? growthAfter(inner.newtonSteps - stepsBefore) : 1 / SIGMA_GROWTH);
      options.onCheckpoint?.({
        iteration: iteration + 1,
        seconds: seconds(),
        inner: inner.state(),
        best,
        dual: keeper.vector,
        patterns: oracle ? [...program.patterns] : null,
      });
    } catch (error) {
      if (!(error instanceof TimeLimitReached)) throw error;
      status = 'time-limit';
    }
  }
  const bound = global ? global.bound : keeper.bound;
  return {
    status,
    program,
    global: global !== null,
    boundOnPatterns: keeper.bound,
    searchComplete: global?.complete ?? false,
    coefficients: best.coefficients,
    objective: best.objective,
    dualBound: bound,
    gap: best.objective - bound,
    relativeGap: relativeGapOf(best.objective, bound),
    groupsPriced: groupCount(program),
    iterations: history.at(-1)?.iteration ?? 0,
    newtonSteps: inner.newtonSteps,
    seconds: seconds(),
    history,
    warmStart: {
      coefficients: best.coefficients,
      dual: keeper.vector,
      patterns: program.patterns,
      sigma: inner.sigma,
    },
  };
}

/** Factor of σ after a subproblem that took so many Newton steps. */
function growthAfter(steps: number): number {
  if (steps <= EASY_STEPS) return EASY_GROWTH;
  return steps <= HARD_STEPS ? SIGMA_GROWTH : 1;
}

function accuracyOf(loss: Loss, rough: boolean): number {
  if (loss.kind === 'piecewise') return ACCURACY_PIECEWISE;
  return rough ? ROUGH_ACCURACY : ACCURACY;
}

/** Decrement below which a subproblem's minimum leaves at most `share` to gain. */
function decrementFloor(program: ConvexProgram, share: number): number {
  // Half the squared decrement bounds what is left to gain.
  if (program.loss.curvatureBound < Infinity) return Math.sqrt(share);
  return 0;
}

function addViolators(inner: AugmentedLagrangian, violators: readonly number[]): void {
  let room = Math.max(BATCH, inner.workingSetSize);
  for (const group of violators) {
    if (room === 0) return;
    if (inner.has(group)) continue;
    inner.add(group);
    room--;
  }
}

function statusOf(
  standing: Iteration,
  limits: {
    tolerance: number;
    maxIterations: number;
    timeLimit: number;
    stalled: number;
    patience: number;
  },
): SolveStatus | null {
  if (standing.relativeGap <= limits.tolerance) return 'optimal';
  if (standing.seconds > limits.timeLimit) return 'time-limit';
  if (standing.iteration >= limits.maxIterations || limits.stalled >= limits.patience)
    return 'iteration-limit';
  return null;
}
