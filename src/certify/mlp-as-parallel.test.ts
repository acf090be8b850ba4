import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { reluNetworkArbitrary } from '../../test/fixtures/random-network.js';
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { ARCHITECTURE } from '../../test/tolerances.js';
import { toMlp, type Mlp } from '../network/mlp.js';
import { forward, pathNorm } from '../network/network.js';
import { mlpAsParallel, type WrittenMlp } from './mlp-as-parallel.js';

function written({ layers }: Mlp, subNetworks: 'one' | 'blocks'): WrittenMlp {
  return {
    subNetworks,
    layers: layers.map(({ inputs, outputs, weights }) => ({
      weights: Array.from({ length: outputs }, (_, u) => [...weights.subarray(u * inputs, (u + 1) * inputs)]),
    })),
  };
}

describe('mlpAsParallel', () => {
  it('keeps the function, and blocks find the sub-networks of a block-diagonal MLP again', () => {
    fc.assert(
      fc.property(reluNetworkArbitrary, ({ network, rows }) => {
        fc.pre(network.subNetworks.length > 0);
        const mlp = toMlp(network);
        const expected = forward(network, rows);
        const blocks = mlpAsParallel(written(mlp, 'blocks'));
        expectClose(forward(blocks, rows), expected, ARCHITECTURE);
        expectClose(forward(mlpAsParallel(written(mlp, 'one')), rows), expected, ARCHITECTURE);
        // At depth 2 blocks are single units.
        if (network.depth === 2) return;
        const sorted = (subNetworks: typeof network.subNetworks): number[] =>
          subNetworks.map(pathNorm).sort((a, b) => a - b);
        expectClose(sorted(blocks.subNetworks), sorted(network.subNetworks), ARCHITECTURE);
      }),
      fixed(100),
    );
  });

  it('at depth 2 adds up units one by one, or takes the root of their squares', () => {
    const layers = [{ weights: [[3, 4], [0, 1]] }, { weights: [[1, -12]] }]; // prettier-ignore
    const norms = (subNetworks: 'one' | 'blocks'): number[] =>
      mlpAsParallel({ subNetworks, layers }).subNetworks.map(pathNorm);
    expect(norms('blocks')).toEqual([5, 12]);
    expect(norms('one')).toEqual([13]);
  });

  it('takes a first-layer bias for the weights of the column of ones', () => {
    const bias = mlpAsParallel({
      subNetworks: 'one',
      layers: [{ weights: [[2], [3]], bias: [-1, 1] }, { weights: [[1, 1]] }],
    });
    expect(bias.inputs).toBe(2);
    expect(bias.subNetworks[0]!.first.map((w) => [...w])).toEqual([[2, -1], [3, 1]]); // prettier-ignore
  });

  it('gives each output a sub-network of the units it shares with the others', () => {
    const rows = normalRows(6, 2, 3);
    const [w, a] = [normals(6, 4), normals(6, 5)];
    const split = (v: Float64Array, k: number): number[][] =>
      Array.from({ length: v.length / k }, (_, u) => [...v.subarray(u * k, (u + 1) * k)]);
    const mlp = mlpAsParallel({
      subNetworks: 'one',
      layers: [{ weights: split(w, 2) }, { weights: split(a, 3) }],
    });
    expect(mlp.subNetworks.map(({ channel }) => channel)).toEqual([0, 1]);
    expect(forward(mlp, rows).length).toBe(12);
  });

  it.each([
    [{ weights: [[1, 2], [3]] }, /layers\.0\.weights\.1: expected 2/],
    [{ weights: [[1], [2]], outputs: 3 }, /layers\.0\.outputs: expected 2, got 3/],
    [{ weights: [[1], [2]], bias: [1] }, /layers\.0\.bias: expected 2, got 1/],
  ])('refuses sizes that do not fit: %j', (layer, message) => {
    const mlp: WrittenMlp = { subNetworks: 'one', layers: [layer, { weights: [[1, 1]] }] };
    expect(() => mlpAsParallel(mlp)).toThrow(message);
  });

  it('refuses a bias above the first layer, unless it is zero', () => {
    const mlp = (bias: number[]): WrittenMlp => ({
      subNetworks: 'one',
      layers: [{ weights: [[1]] }, { weights: [[1]], bias }],
    });
    expect(() => mlpAsParallel(mlp([0.5]))).toThrow(/layers\.1\.bias: expected no bias above.*bias=False/);
    expect(mlpAsParallel(mlp([0])).subNetworks.length).toBe(1);
  });
});
