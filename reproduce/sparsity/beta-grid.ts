import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { networkObjective } from '../../src/network/objective.js';
import { lossNamed } from '../../src/loss/index.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import { betaMax, solve } from '../../src/problem/solve.js';
import { objectiveOf, type Objective } from '../baseline/objective.js';
import { tune } from '../baseline/tune.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { activeCounts, type ActiveCounts } from './active.js';
import type { Setting } from './data.js';
import { reduceNetwork } from './reduce.js';

/** First-layer neurons m₁ of a sub-network of three layers. */
export const width = 2;

const squared = lossNamed('squared');

/** The certified optimum of (1) at one β. */
export type Optimum = Certified & {
  /** β / β_max. */
  readonly ratio: number;
  readonly beta: number;
  readonly active: ActiveCounts;
  /** ½‖f − y‖² as a share of ½‖y‖². */
  readonly loss: number;
  /** The same outputs with at most n + 1 sub-networks. */
  readonly reduced: { readonly subNetworks: number; readonly objective: number };
};

/** How the networks of the baselines are trained. */
export interface Training {
  readonly subNetworks: number;
  readonly seeds: number;
  readonly iterations: number;
  readonly rates: readonly number[];
}

/** Networks trained at one β at the best learning rate. */
export type Trained = {
  readonly penalty: Objective['penalty'];
  readonly ratio: number;
  readonly beta: number;
  readonly rate: number;
  readonly rates: readonly { readonly rate: number; readonly mean: number }[];
  readonly trials: readonly {
    readonly seed: number;
    /** What was minimised. */
    readonly objective: number;
    /** (1), whatever was minimised. */
    readonly pathObjective: number;
    readonly loss: number;
    readonly active: ActiveCounts;
  }[];
};

export type GridPoint = {
  readonly ratio: number;
  readonly beta: number;
};

/** β from β_max down, at the given shares of it. */
export async function betaGridOf(
  setting: Setting,
  ratios: readonly number[],
  { signal, executor }: Lab,
): Promise<{ readonly betaMax: number; readonly exact: boolean; readonly points: GridPoint[] }> {
  const { betaMax: largest, exact } = await betaMax(problemOf(setting, 1), { signal, executor });
  return { betaMax: largest, exact, points: ratios.map((ratio) => ({ ratio, beta: ratio * largest })) };
}

function problemOf({ rows, y }: Setting, beta: number): ProblemInput {
  const { X, n, d } = rows;
  return {
    X: { values: X, rows: n, columns: d },
    y,
    beta,
    depth: 3,
    widths: [width],
    patterns: 'all',
    tolerance: 1e-6,
  };
}

/** The certified optimum over all arrangements, and how many sub-networks it takes. */
export async function optimumAt(
  setting: Setting,
  { ratio, beta }: GridPoint,
  { signal, executor }: Lab,
): Promise<Optimum> {
  const result = await solve(problemOf(setting, beta), { signal, executor });
  const { network } = result;
  const reduced = reduceNetwork(network, setting.rows);
  return {
    ...certified(result),
    ratio,
    beta,
    active: activeCounts(network, setting.rows, setting.y),
    loss: lossShare(network, setting),
    reduced: {
      subNetworks: reduced.subNetworks.length,
      objective: networkObjective(reduced, { ...setting, loss: squared, beta }),
    },
  };
}

function lossShare(network: ParallelNetwork, { rows, y }: Setting): number {
  return squared.value(forward(network, rows), y) / squared.value(new Float64Array(y.length), y);
}

/** Adam on (1) or on weight decay with the same β, from the same initialisations. */
export async function trainedAt(
  setting: Setting,
  { ratio, beta }: GridPoint,
  penalty: Objective['penalty'],
  training: Training,
  lab: Lab,
): Promise<Trained> {
  const { rows, y } = setting;
  const data = { rows, targets: y };
  const { subNetworks, seeds, iterations, rates } = training;
  const tuned = await tune(
    data,
    { inputs: rows.d, widths: [width, 1], subNetworks, outputs: 1 },
    { loss: 'squared', beta, penalty },
    { optimiser: 'adam', iterations, every: Math.max(1, iterations / 10), schedule: 'falling' },
    { rates, seeds: Array.from({ length: seeds }, (_, seed) => seed) },
    { signal: lab.signal },
  );
  return {
    penalty,
    ratio,
    beta,
    rate: tuned.rate,
    rates: tuned.rates,
    trials: tuned.trials.map(({ seed, best, network }) => ({
      seed,
      objective: best,
      pathObjective: objectiveOf(network, data, { loss: 'squared', beta, penalty: 'path-norm' }),
      loss: lossShare(network, setting),
      active: activeCounts(network, rows, y),
    })),
  };
}
