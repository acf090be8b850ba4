import { expect, it } from 'vitest';
import { uci } from '../../reproduce/uci/experiment.js';
import type { SplitResult } from '../../reproduce/uci/results.js';
import { quickRun } from './quick-run.js';

it('uci: every method learns, tuned on rows of its own, certified over all arrangements on balloons', async () => {
  const { outcome } = await quickRun(uci);
  const { splits } = outcome.numbers as unknown as { readonly splits: readonly SplitResult[] };
  expect(splits.map(({ set, split }) => `${set} ${split}`)).toEqual([
    'balloons 0',
    'pittsburgh-bridges-span-clean 0',
    'balloons 1',
    'pittsburgh-bridges-span-clean 1',
  ]);
  for (const { set, methods } of splits) {
    expect(methods).toHaveLength(5);
    for (const { method, train, certificate } of methods) {
      // What the zero network has for each of its outputs: a trained one is to be clearly below.
      const zero = (set === 'balloons' ? 1 : 3) * Math.log(2);
      expect(train.loss, `${set}, ${method}`).toBeLessThan(0.6 * zero);
      if (method.startsWith('convex')) {
        const isGlobal = set === 'balloons' && method.includes('2 layers');
        expect(certificate?.scope).toBe(isGlobal ? 'all-arrangements' : 'given-arrangements');
      } else expect(certificate).toBeNull();
    }
  }
  // On balloons the program is the global optimum of what Adam minimises: at the least, Adam is near it from above.
  const excess = outcome.tables.find(({ name }) => name === 'excess')?.rows[0];
  expect(excess?.[1]).toBe('all');
  expect(excess?.[2]).toBeGreaterThan(-0.01);
  expect(excess?.[2]).toBeLessThan(50);
});
