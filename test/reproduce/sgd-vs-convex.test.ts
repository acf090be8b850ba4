import { expect, it } from 'vitest';
import { sgdVsConvex, type Trials } from '../../reproduce/sgd-vs-convex/experiment.js';
import { quickRun } from './quick-run.js';

it('sgd-vs-convex: no trial is below the certified optimum, and more sub-networks come closer', async () => {
  const { outcome } = await quickRun(sgdVsConvex);
  const { trials } = outcome.numbers as unknown as { readonly trials: readonly Trials[] };
  const medians = [1, 5].map((count) => {
    const adam = trials.find((one) => one.optimiser === 'adam' && one.subNetworks === count);
    const best = (adam?.trials ?? []).map((trial) => trial.best).sort((a, b) => a - b);
    expect(best).toHaveLength(5);
    return best[2] ?? NaN;
  });
  expect(medians[1]).toBeLessThan((medians[0] ?? 0) / 2);
});
