import { describe, expect, it } from 'vitest';
import { randomNetwork } from '../../test/fixtures/random-network.js';
import { normalRows, normals } from '../../test/fixtures/random-program.js';
import type { ParallelNetwork } from '../network/network.js';
import { solve } from '../problem/solve.js';
import { certify, type CertifyProblem } from './certify.js';
import { distanceOf, totalOf } from './distance.js';
import { familyOf } from './family.js';

const relu = (widths: readonly number[], count = 2, d = 2): ParallelNetwork =>
  randomNetwork({ kind: 'relu', widths, d, outputs: 1, count, seed: 3 });

const problem = { X: [[1, 1], [-2, 1], [0.5, 1]], y: [1, -1, 2], beta: 0.3 } satisfies CertifyProblem; // prettier-ignore

describe('familyOf', () => {
  it('takes the widest sub-network of every layer', () => {
    const [a, b] = [relu([3, 1]), relu([2, 4])];
    const both = { ...a, subNetworks: [...a.subNetworks, ...b.subNetworks] };
    expect(familyOf(both)).toEqual({ widths: [3], lastWidth: 4 });
    expect(familyOf(relu([5]))).toEqual({ widths: [], lastWidth: 5 });
    expect(familyOf({ ...a, subNetworks: [] })).toEqual({ widths: [1], lastWidth: 1 });
  });

  it('counts what a unit reads in a tree, and all units of a fully connected layer', async () => {
    const tree = await solve({ ...problem, depth: 4, widths: [2, 3], patterns: { sample: 20, seed: 0 } });
    expect(tree.network.subNetworks[0]!.first.length).toBe(6);
    expect(familyOf(tree.network)).toEqual({ widths: [2, 3], lastWidth: 1 });
    expect(familyOf(relu([3, 2, 1]))).toEqual({ widths: [3, 2], lastWidth: 1 });
    // A zero in a fully connected layer does not make a tree of it.
    const pruned = relu([3, 2, 1], 1);
    pruned.subNetworks[0]!.inner[0]![0]![1] = 0;
    expect(familyOf(pruned).widths).toEqual([3, 2]);
  });

  it('takes given widths that contain the network, and no others', () => {
    expect(familyOf(relu([2, 1]), [4])).toEqual({ widths: [4], lastWidth: 1 });
    expect(() => familyOf(relu([2, 3]), [4])).toThrow(/widths: expected at least \[2,3\].*got \[4,1\]/);
    expect(() => familyOf(relu([300, 1]))).toThrow(/at most 256 first-layer units .*got 300 = 300/);
  });
});

describe('certify', () => {
  it('bounds the distance from both sides by hand: min ½(z − 1)² + 0.3|z| = 0.255 at z = 0.7', async () => {
    const network = { ...relu([1], 1, 1) };
    network.subNetworks[0]!.first[0]!.set([1]);
    network.subNetworks[0]!.output.set([1]);
    const result = await certify(network, { X: [[1]], y: [1], beta: 0.3, tolerance: 1e-9 });
    expect(result).toMatchObject({
      objective: 0.3,
      loss: 0,
      penalty: 0.3,
      pathNorms: 1,
      proven: true,
      subNetworks: 1,
    });
    expect(result.bestObjective).toBeCloseTo(0.255, 9);
    expect(result.distance.atMost).toBeCloseTo(0.045, 8);
    expect(result.distance.relativeAtLeast).toBeCloseTo(0.045 / 0.255, 7);
  });

  it('makes no global claim from patterns found, and none of tightness at a limit', async () => {
    const found = await certify(relu([1]), { ...problem, patterns: { adaptive: 5, seed: 0 } });
    expect(found).toMatchObject({ dualBound: null, proven: false });
    expect(found.distance).toMatchObject({ atMost: null, relativeAtMost: null });
    expect(found.onPatterns.distance.atMost).toBeGreaterThan(0);
    const { X, n, d } = normalRows(12, 2, 1);
    const many = { X: { values: X, rows: n, columns: d }, y: normals(n, 2), beta: 0.3, maxRegions: 1 };
    const loose = await certify(relu([2, 1]), many);
    expect(loose.proven).toBe(false);
    expect(loose.dualBound).toBeLessThan(loose.onPatterns.dualBound);
    expect(loose.distance.atMost).toBeGreaterThan(loose.distance.atLeast);
  });

  it('gives no lower bound of the distance where only wider networks attain the optimum', async () => {
    const result = await certify(relu([1, 2, 1]), { ...problem, maxRegions: 2000, tolerance: 1e-3 });
    expect(result.architecture.tree).toBe(true);
    expect(result.architecture.statement).toContain('lower bound for fully connected');
    expect(result.distance.atLeast).toBe(0);
  });

  it.each<[string, ParallelNetwork, Partial<CertifyProblem>, RegExp]>([
    ['a gated network', randomNetwork({ kind: 'gated', widths: [1], d: 2, outputs: 1, count: 1, seed: 0 }), {}, /expected a ReLU network, got a gated one.*--decompose/], // prettier-ignore
    ['a network without its bias', relu([1], 1, 3), {}, /inputs: expected 2 .*got 3; set bias to true/],
    [
      'two outputs',
      { ...relu([1]), outputs: 2 },
      {},
      /outputs: expected 1 \(the squared loss has one\), got 2/,
    ],
    ['another depth', relu([1]), { depth: 3 }, /depth: expected 2, that of the network, got 3/],
    ['a channel that is not there', { ...relu([1]), subNetworks: [{ ...relu([1]).subNetworks[0]!, channel: 3 }] }, {}, /network\.outputs: expected 4, got 1/], // prettier-ignore
    ['NaN', { ...relu([1]), subNetworks: [{ ...relu([1]).subNetworks[0]!, output: Float64Array.of(NaN) }] }, {}, /subNetworks\.0: expected finite weights, got NaN/], // prettier-ignore
    [
      'sampled patterns',
      relu([1]),
      { patterns: { sample: 5, seed: 0 } as never },
      /patterns: expected "all" or/,
    ],
    ['a negative beta', relu([1]), { beta: -1 }, /beta: expected a number ≥ 0/],
  ])('refuses %s', async (_, network, change, message) => {
    await expect(certify(network, { ...problem, ...change })).rejects.toThrow(message);
  });
});

describe('distanceOf', () => {
  it('says nothing about a share of an optimum that may be 0 or unknown', () => {
    expect(distanceOf(2, { lower: -1, upper: 1 })).toEqual({ atMost: 3, atLeast: 1, relativeAtMost: null, relativeAtLeast: 1 }); // prettier-ignore
    expect(distanceOf(0, { lower: 0, upper: 0 })).toEqual({ atMost: 0, atLeast: 0, relativeAtMost: 0, relativeAtLeast: 0 }); // prettier-ignore
    expect(distanceOf(2, { lower: null, upper: null })).toEqual({ atMost: null, atLeast: 0, relativeAtMost: null, relativeAtLeast: 0 }); // prettier-ignore
  });

  it('adds up over outputs, without a bound if one has none', () => {
    const part = { objective: 3, loss: 2, penalty: 1, dualBound: 2, bestObjective: 2.5, distance: distanceOf(3, { lower: 2, upper: 2.5 }) }; // prettier-ignore
    expect(totalOf([part, part])).toMatchObject({ objective: 6, dualBound: 4, bestObjective: 5, distance: { atMost: 2, atLeast: 1, relativeAtMost: 0.5 } }); // prettier-ignore
    expect(totalOf([part, { ...part, dualBound: null }])).toMatchObject({ dualBound: null, distance: { atMost: null } }); // prettier-ignore
  });
});
