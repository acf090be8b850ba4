import { describe, expect, it } from 'vitest';
import { sparsity } from '../../reproduce/sparsity/experiment.js';
import type { Optimum } from '../../reproduce/sparsity/beta-grid.js';
import { shareOf, type SavedSearches } from '../../reproduce/sparsity/recovery.js';
import { reduceNetwork } from '../../reproduce/sparsity/reduce.js';
import { findsNeurons, hasTwin, plant } from '../../reproduce/sparsity/teacher.js';
import { forward, pathNorm, type ParallelNetwork } from '../../src/network/network.js';
import { normalGenerator } from '../../src/random.js';
import { quickRun } from './quick-run.js';

it('sparsity: sub-networks come in as β falls, and teachers are found again once there are rows enough', async () => {
  const { outcome } = await quickRun(sparsity);
  const { grids, searches } = outcome.numbers as unknown as {
    readonly grids: readonly { readonly optima: readonly Optimum[] }[];
    readonly searches: readonly SavedSearches[];
  };
  const counts = grids[0]!.optima.map(({ reduced }) => reduced.subNetworks);
  expect(counts[0]).toBe(0);
  expect(counts.at(-1)).toBeGreaterThan(1);
  const [few, many] = searches.filter(({ kind }) => kind === 'd = 2, 1 neuron');
  const recovered = ({ error }: SavedSearches): number => shareOf(error, (one) => one < 0.01);
  expect(recovered(few!)).toBeLessThan(1);
  expect(recovered(many!)).toBe(1);
  expect(shareOf(many!.neurons, (found) => found === true)).toBe(1);
});

describe('elimination of dependent sub-networks', () => {
  const normal = normalGenerator(3);
  const random = (length: number): Float64Array => Float64Array.from({ length }, normal);
  const rows = { X: random(6 * 3), n: 6, d: 3 };
  const drawn = (count: number): ParallelNetwork => ({
    kind: 'relu',
    depth: 3,
    inputs: 3,
    outputs: 1,
    subNetworks: Array.from({ length: count }, () => ({
      first: [random(3), random(3)],
      inner: [[random(2)]],
      output: random(1),
      channel: 0,
    })),
  });
  const norms = ({ subNetworks }: ParallelNetwork): number =>
    subNetworks.reduce((sum, subNetwork) => sum + pathNorm(subNetwork), 0);

  it('leaves at most n + 1, with the same outputs and the same path norms in all', () => {
    const network = drawn(40);
    const reduced = reduceNetwork(network, rows);
    expect(reduced.subNetworks.length).toBeLessThanOrEqual(7);
    const wanted = forward(network, rows);
    forward(reduced, rows).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 9);
    });
    expect(norms(reduced)).toBeCloseTo(norms(network), 9);
  });

  it('leaves independent ones alone, and joins copies', () => {
    const network = drawn(1);
    expect(reduceNetwork(network, rows).subNetworks).toHaveLength(1);
    const doubled = { ...network, subNetworks: [...network.subNetworks, ...network.subNetworks] };
    const joined = reduceNetwork(doubled, rows);
    expect(joined.subNetworks).toHaveLength(1);
    expect(norms(joined)).toBeCloseTo(norms(doubled), 9);
  });
});

describe('planted teachers', () => {
  const kind = {
    name: 'three in the plane',
    depth: 2,
    d: 2,
    subNetworks: 3,
    noise: 0,
    ratio: 1e-4,
    within: 0.01,
  } as const;
  /** Neurons at angles in degrees, with their signs. */
  const network = (neurons: readonly (readonly [number, number])[]): ParallelNetwork => ({
    kind: 'relu',
    depth: 2,
    inputs: 2,
    outputs: 1,
    subNetworks: neurons.map(([angle, sign]) => ({
      first: [Float64Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180))],
      inner: [],
      output: Float64Array.of(sign),
      channel: 0,
    })),
  });

  it('see the same rows for every n', () => {
    const few = plant(kind, 3, 5);
    const many = plant({ ...kind, noise: 0 }, 20, 5);
    expect([...many.y.subarray(0, 3)]).toEqual([...few.y]);
  });

  it('have a twin where their signed directions are in no half-plane', () => {
    expect(
      hasTwin(
        network([
          [0, 1],
          [120, 1],
          [240, 1],
        ]),
      ),
    ).toBe(true);
    expect(
      hasTwin(
        network([
          [0, 1],
          [120, 1],
          [240, -1],
        ]),
      ),
    ).toBe(false);
    expect(
      hasTwin(
        network([
          [0, 1],
          [120, 1],
          [60, -1],
        ]),
      ),
    ).toBe(true);
    expect(
      hasTwin(
        network([
          [10, 1],
          [170, 1],
        ]),
      ),
    ).toBe(false);
  });

  it('are found by themselves, and not by their twins', () => {
    const teacher = network([
      [0, 1],
      [120, 1],
      [240, 1],
    ]);
    const twin = network([
      [180, 1],
      [300, 1],
      [60, 1],
    ]);
    const planted = { ...plant(kind, 10, 1), teacher };
    const wanted = forward(teacher, planted.fresh);
    forward(twin, planted.fresh).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 12);
    });
    expect(findsNeurons(teacher, planted)).toBe(true);
    expect(findsNeurons(twin, planted)).toBe(false);
  });
});
