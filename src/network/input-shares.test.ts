import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { inputShares } from './input-shares.js';
import { pathNorm, type ParallelNetwork, type SubNetwork } from './network.js';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

function network(subNetworks: SubNetwork[], inputs: number): ParallelNetwork {
  return { kind: 'relu', depth: 2, inputs, outputs: 1, subNetworks };
}

describe('inputShares', () => {
  it('is Σ φ_kj²/φ_k, worked out by hand for depth 2', () => {
    // φ₁ = 2·5 with squares 36 and 64 of 100; φ₂ = 1, all of input 1. The third column is the bias.
    const nets = [
      network(
        [
          { first: [of(3, 4, 0)], inner: [], output: of(2), channel: 0 },
          { first: [of(0, 1, 0)], inner: [], output: of(-1), channel: 0 },
        ],
        3,
      ),
    ];
    expectClose(inputShares(nets, 2), [3.6 / 11, (6.4 + 1) / 11], FEW_ROUNDINGS);
  });

  it('adds up to the path norm at depth 3, and is linear over outputs', () => {
    const deep: SubNetwork = {
      first: [of(1, 2), of(3, -1)],
      inner: [[of(1, -2)]],
      output: of(0.5),
      channel: 0,
    };
    const phi = pathNorm(deep);
    // Paths from input 0: 1·1·½ and 3·(−2)·½; from input 1: 2·1·½ and (−1)(−2)·½.
    const squares = [0.25 + 9, 1 + 1];
    expectClose([squares[0]! + squares[1]!], [phi ** 2], FEW_ROUNDINGS);
    const one = { ...network([deep], 2), depth: 3 };
    expectClose(
      inputShares([one], 2),
      squares.map((square) => square / phi ** 2),
      10 * FEW_ROUNDINGS,
    );
    expectClose(inputShares([one, one], 2), inputShares([one], 2), FEW_ROUNDINGS);
  });

  it('leaves the bias out, and is 0 for the zero network', () => {
    const biased = network([{ first: [of(1, 100)], inner: [], output: of(1), channel: 0 }], 2);
    expect([...inputShares([biased], 1)]).toEqual([1]);
    expect([...inputShares([network([], 3)], 2)]).toEqual([0, 0]);
  });
});
