import { totalPathNorm, type ParallelNetwork } from '../../src/network/network.js';
import { networkObjective } from '../../src/network/objective.js';
import { lossNamed } from '../../src/loss/index.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import { solveAll } from '../../src/problem/solve-all.js';
import { betaMax } from '../../src/problem/solve.js';
import { tune } from '../baseline/tune.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { activeCounts } from './active.js';
import type { Training } from './beta-grid.js';
import { findsNeurons, freshError, hasTwin, plant, type Planted, type TeacherKind } from './teacher.js';

const squared = lossNamed('squared');

/** What a network has of its teacher. */
export type Likeness = {
  /** Relative error on fresh rows. */
  readonly error: number;
  readonly active: number;
  /** Its neurons are where the teacher's are, see `findsNeurons`; null at depth 3. */
  readonly neurons: boolean | null;
};

/** The certified optimum for one planted teacher. */
export type Search = Certified &
  Likeness & {
    readonly seed: number;
    readonly beta: number;
    /** (1) on the teacher's weights: no less than the optimum, whatever the data. */
    readonly teacherObjective: number;
    /** Σ φ as a share of the teacher's. */
    readonly normShare: number;
    /** See `hasTwin`; null but for two inputs and two layers. */
    readonly twin: boolean | null;
  };

/** The best of several networks trained for one planted teacher, by their objective. */
export type Descended = Likeness & {
  readonly seed: number;
  readonly objective: number;
  readonly dualBound: number;
  /** Share of the optimum by which the objective is above it. */
  readonly above: number;
};

/** All trials of one kind of teacher with n rows. */
export type Searches = { readonly kind: string; readonly n: number; readonly trials: readonly Search[] };
export type Descents = { readonly kind: string; readonly n: number; readonly trials: readonly Descended[] };

/** Seeds of trials: teachers of different kinds are drawn from sequences of their own. */
export function seedsOf(kinds: readonly TeacherKind[], kind: TeacherKind, trials: number): number[] {
  const first = 1000 * (1 + kinds.indexOf(kind));
  return Array.from({ length: trials }, (_, trial) => first + trial);
}

/** Certified optima for planted teachers, one for each seed. */
export async function searchAll(
  kind: TeacherKind,
  n: number,
  seeds: readonly number[],
  { executor, signal }: Lab,
): Promise<Searches> {
  const planted = seeds.map((seed) => plant(kind, n, seed));
  const problems: ProblemInput[] = [];
  for (const one of planted) {
    const problem = problemOf(kind, one);
    const { betaMax: largest } = await betaMax(problem, { executor, signal });
    problems.push({ ...problem, beta: kind.ratio * largest });
  }
  const results = await solveAll(problems, { executor, signal });
  const trials = results.map((result, k): Search => {
    const one = planted[k];
    const beta = problems[k]?.beta;
    const seed = seeds[k];
    if (one === undefined || beta === undefined || seed === undefined) throw new RangeError(`trial ${k}`);
    return {
      ...certified(result),
      ...likeness(result.network, one),
      seed,
      beta,
      teacherObjective: networkObjective(one.teacher, { ...one, loss: squared, beta }),
      normShare: totalPathNorm(result.network) / totalPathNorm(one.teacher),
      twin: kind.depth === 2 && kind.d === 2 ? hasTwin(one.teacher) : null,
    };
  });
  return { kind: kind.name, n, trials };
}

function problemOf({ depth }: TeacherKind, { rows: { X, n, d }, y }: Planted): ProblemInput {
  return {
    X: { values: X, rows: n, columns: d },
    y,
    beta: 1,
    depth,
    widths: depth === 3 ? [2] : [],
    patterns: 'all',
    tolerance: 1e-6,
  };
}

function likeness(network: ParallelNetwork, planted: Planted): Likeness {
  return {
    error: freshError(network, planted),
    active: activeCounts(network, planted.rows, planted.y)[0] ?? 0,
    neurons: network.depth === 2 ? findsNeurons(network, planted) : null,
  };
}

/** Adam on the same objectives; of several initialisations the one with the smallest objective counts. Depth 2. */
export async function descendAll(
  kind: TeacherKind,
  { n, trials }: Searches,
  training: Training,
  lab: Lab,
): Promise<Descents> {
  const { subNetworks, seeds, iterations, rates } = training;
  const descended: Descended[] = [];
  for (const { seed, beta, dualBound, objective: optimum } of trials) {
    const planted = plant(kind, n, seed);
    const tuned = await tune(
      { rows: planted.rows, targets: planted.y },
      { inputs: kind.d, widths: [1], subNetworks, outputs: 1 },
      { loss: 'squared', beta, penalty: 'path-norm' },
      { optimiser: 'adam', iterations, every: iterations / 5, schedule: 'falling' },
      { rates, seeds: Array.from({ length: seeds }, (_, k) => k) },
      { signal: lab.signal },
    );
    const best = tuned.trials.reduce((a, b) => (b.best < a.best ? b : a));
    descended.push({
      seed,
      objective: best.best,
      dualBound,
      above: best.best / optimum - 1,
      ...likeness(best.network, planted),
    });
  }
  return { kind: kind.name, n, trials: descended };
}

/** Share of trials for which `holds`. */
export function shareOf<T>(trials: readonly T[], holds: (trial: T) => boolean): number {
  return trials.filter(holds).length / trials.length;
}

/** What is saved of the trials of one kind and size: their numbers to six digits, field by field, trial after trial. */
export type SavedSearches = {
  readonly kind: string;
  readonly n: number;
  readonly error: readonly number[];
  readonly active: readonly number[];
  readonly neurons: readonly (boolean | null)[];
  readonly twin: readonly (boolean | null)[];
  readonly normShare: readonly number[];
  readonly objective: readonly number[];
  readonly relativeGap: readonly number[];
  readonly teacherObjective: readonly number[];
};

/** Searches for the record. */
export function savedSearches({ kind, n, trials }: Searches): SavedSearches {
  const each = (field: (trial: Search) => number): number[] =>
    trials.map((trial) => Number(field(trial).toPrecision(6)));
  return {
    kind,
    n,
    error: each(({ error }) => error),
    active: trials.map(({ active }) => active),
    neurons: trials.map(({ neurons }) => neurons),
    twin: trials.map(({ twin }) => twin),
    normShare: each(({ normShare }) => normShare),
    objective: each(({ objective }) => objective),
    relativeGap: each(({ relativeGap }) => relativeGap),
    teacherObjective: each(({ teacherObjective }) => teacherObjective),
  };
}
