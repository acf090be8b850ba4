import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { dot, norm2 } from '../../src/linalg/vector.js';
import type { ParallelNetwork, SubNetwork } from '../../src/network/network.js';

/**
 * C residual networks in parallel, each with one block and a ReLU layer on its state:
 *
 *     f(x) = Σ_c Σ_u a_cu ( w_cuᵀ h_c )₊ ,   h_c = x + V_c (W_c x)₊
 *
 * C = 1 is a plain residual network.
 */
export interface ResidualNetwork {
  /** Length d of a row, the bias column included. */
  readonly inputs: number;
  readonly branches: readonly ResidualBranch[];
}

export interface ResidualBranch {
  /** Rows of W: what each of the m units of the block reads, length d. */
  readonly read: readonly Float64Array[];
  /** Columns of V: what each unit of the block adds to the state, length d. */
  readonly write: readonly Float64Array[];
  /** w_u: what each unit of the layer behind the block reads of the state, length d. */
  readonly readout: readonly Float64Array[];
  /** a_u. */
  readonly output: Float64Array;
}

/** f on n rows, block by block as the formula stands. */
export function forwardResidual({ branches, inputs: d }: ResidualNetwork, { X, n }: Rows): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    const x = X.subarray(i * d, (i + 1) * d);
    let sum = 0;
    for (const { read, write, readout, output } of branches) {
      const state = x.slice();
      read.forEach((weights, j) => {
        const unit = Math.max(0, dot(weights, x));
        for (let t = 0; t < d; t++) state[t] = (state[t] ?? 0) + unit * (write[j]?.[t] ?? NaN);
      });
      readout.forEach((weights, u) => {
        sum += (output[u] ?? NaN) * Math.max(0, dot(weights, state));
      });
    }
    return sum;
  });
}

/** φ of each unit behind a block, over the paths of its expansion: |a| √( 2‖w‖² + Σ_j ‖W_j‖² (wᵀV_j)² ). */
export function residualPathNorms({ branches }: ResidualNetwork): number[] {
  return branches.flatMap(({ read, write, readout, output }) =>
    readout.map((weights, u) => {
      const carried = 2 * norm2(weights) ** 2;
      const through = read.map((own, j) => (norm2(own) * dot(weights, write[j] ?? own)) ** 2);
      return Math.abs(output[u] ?? NaN) * Math.sqrt(through.reduce((sum, square) => sum + square, carried));
    }),
  );
}

/**
 * The same function as parallel sub-networks of three layers with m + 2 first-layer units, one for each unit behind a block:
 * wᵀh = Σ_j (wᵀV_j)(W_j x)₊ + (wᵀx)₊ − (−wᵀx)₊, so that x is carried through the first ReLU in two units, of weights ±w.
 */
export function expand({ inputs, branches }: ResidualNetwork): ParallelNetwork {
  const subNetworks = branches.flatMap(({ read, write, readout, output }) =>
    readout.map((weights, u): SubNetwork => {
      const through = read.map((_, j) => dot(weights, write[j] ?? weights));
      return {
        first: [...read, weights, weights.map((weight) => -weight)],
        inner: [[Float64Array.from([...through, 1, -1])]],
        output: Float64Array.of(output[u] ?? NaN),
        channel: 0,
      };
    }),
  );
  return { kind: 'relu', depth: 3, inputs, outputs: 1, subNetworks };
}
