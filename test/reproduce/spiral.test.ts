import { expect, it } from 'vitest';
import { accuracy, spiral } from '../../reproduce/spiral/spiral.js';
import { spiralExperiment } from '../../reproduce/spiral/experiment.js';
import type { Fit } from '../../reproduce/spiral/methods.js';
import { typedNetwork } from '../../src/network/network-json.js';
import { quickRun } from './quick-run.js';

it('spiral: two arms that no line parts, each the other turned by half a turn', () => {
  const { points, rows, arms } = spiral({ perArm: 50, turns: 1.5, noise: 0, seed: 0 });
  expect(rows).toMatchObject({ n: 100, d: 3 });
  for (let i = 0; i < rows.n; i += 2) {
    expect(points[i]!.x1).toBe(-points[i + 1]!.x1);
    expect(points[i]!.x2).toBe(-points[i + 1]!.x2);
    expect([arms[i], arms[i + 1]]).toEqual([1, -1]);
    expect([...rows.X.subarray(3 * i, 3 * i + 3)]).toEqual([points[i]!.x1, points[i]!.x2, 1]);
  }
  // The arm turns by 1.5 turns: its angle grows all the way.
  const angles = points.filter(({ arm }) => arm === 1).map(({ x1, x2 }) => Math.atan2(x2, x1));
  const steps = angles.slice(1).map((angle, k) => (angle - angles[k]! + 2 * Math.PI) % (2 * Math.PI));
  expect(steps.reduce((sum, step) => sum + step, 0)).toBeCloseTo(2 * Math.PI * 1.5 * (49 / 50), 9);
  const vertical = (sign: number) => ({
    kind: 'relu' as const,
    depth: 2,
    inputs: 3,
    outputs: 1,
    subNetworks: [
      { first: [Float64Array.of(sign, 0, 0)], inner: [], output: Float64Array.of(1), channel: 0 },
      { first: [Float64Array.of(-sign, 0, 0)], inner: [], output: Float64Array.of(-1), channel: 0 },
    ],
  });
  const right = accuracy(vertical(1), { points, rows, arms });
  expect(right).toBeGreaterThan(0.3);
  expect(right).toBeLessThan(0.7);
  expect(accuracy(vertical(-1), { points, rows, arms })).toBeCloseTo(1 - right, 12);
});

it('spiral: certificates hold, and the networks that are saved are those of the accuracies', async () => {
  const { outcome } = await quickRun(spiralExperiment);
  const { fits, plan } = outcome.numbers as unknown as {
    readonly fits: readonly Fit[];
    readonly plan: { readonly perArm: number; readonly turns: number; readonly noise: number };
  };
  expect(fits).toHaveLength(6);
  const train = spiral({ ...plan, seed: 0 });
  for (const { trials, network } of fits) {
    const best = trials.reduce((least, trial) => (trial.objective < least.objective ? trial : least));
    expect(accuracy(typedNetwork(network), train)).toBe(best.train);
  }
  const of = (name: string) => fits.find(({ method }) => method === name)!;
  expect(of('2-convex').certified).toMatchObject({ status: 'optimal', scope: 'all-arrangements' });
  expect(of('3-convex').certified).toMatchObject({ status: 'optimal', scope: 'given-arrangements' });
  for (const name of ['2-convex', '3-convex']) expect(of(name).trials[0]!.train).toBe(1);
  // Here local search finds enough patterns for three layers to gain by their depth.
  expect(of('3-convex').certified!.objective).toBeLessThan(0.9 * of('2-convex').certified!.dualBound);
});
