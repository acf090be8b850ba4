import { descend, type Descent, type DescendOptions, type Trial } from './descend.js';
import type { Objective, TrainingData } from './objective.js';
import { mean } from '../statistics.js';
import type { Shape } from './shape.js';

/** All trials at one learning rate. */
export interface Tried {
  readonly rate: number;
  readonly trials: readonly Trial[];
  /** Mean of the trials' best objectives. */
  readonly mean: number;
}

/** The trials at the rate of the smallest mean objective, and what each rate came to. */
export interface Tuned extends Tried {
  readonly rates: readonly { readonly rate: number; readonly mean: number }[];
}

/**
 * Gradient descent tuned fairly: every learning rate of the grid trains all seeds on the same objective, and the rate with the
 * smallest mean of their best training objectives is kept. A rate at which a trial diverges at once has what it began with.
 */
export function tune(
  data: TrainingData,
  shape: Shape,
  objective: Objective,
  descent: Omit<Descent, 'rate'>,
  grid: { readonly rates: readonly number[]; readonly seeds: readonly number[] },
  options: DescendOptions & { readonly onRate?: (tried: Tried) => void } = {},
): Promise<Tuned> {
  return bestRate(
    grid.rates,
    (rate) => descend(data, shape, objective, { ...descent, rate }, grid.seeds, options),
    options.onRate,
  );
}

/** The rule of {@link tune} for any training. */
export async function bestRate(
  grid: readonly number[],
  train: (rate: number) => Promise<readonly Trial[]>,
  onRate?: (tried: Tried) => void,
): Promise<Tuned> {
  let best: Tried | undefined;
  const rates: { rate: number; mean: number }[] = [];
  for (const rate of grid) {
    const trials = await train(rate);
    const tried = { rate, trials, mean: mean(trials.map(({ best }) => best)) };
    rates.push({ rate, mean: tried.mean });
    onRate?.(tried);
    if (best === undefined || tried.mean < best.mean) best = tried;
  }
  if (best === undefined) throw new RangeError('rates: expected at least one learning rate');
  return { ...best, rates };
}
