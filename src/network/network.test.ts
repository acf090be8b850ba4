import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, largest } from '../../test/fixtures/close.js';
import {
  fixed,
  normalRows,
  normals,
  programSpecArbitrary,
  randomProgram,
} from '../../test/fixtures/random-program.js';
import { networkArbitrary } from '../../test/fixtures/random-network.js';
import { witnessOf } from '../../test/oracles/dense-group.js';
import { FEW_ROUNDINGS, SUMMATION } from '../../test/tolerances.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import { lossNamed } from '../loss/index.js';
import {
  groupCount,
  groupDims,
  outputOfGroup,
  patternOfGroup,
  predictorOf,
  signOfGroup,
} from '../program/convex-program.js';
import { forward, pathNorm, type ParallelNetwork, type SubNetwork } from './network.js';
import { networkObjective } from './objective.js';
import { reconstructNetwork } from './reconstruct.js';

function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
  return sum;
}

const relu = (t: number): number => Math.max(0, t);
const step = (t: number): number => (t >= 0 ? 1 : 0);

/** The network by its formula, one row at a time (theory §1; gated: each unit is multiplied by its gate). */
function plainOutput({ subNetworks, outputs }: ParallelNetwork, x: ArrayLike<number>): number[] {
  const f = new Array<number>(outputs).fill(0);
  for (const { first, inner: layers, output, channel, gates } of subNetworks) {
    let values = first.map((w) => inner(w, x));
    let gating = (gates ?? { first }).first.map((g) => inner(g, x));
    layers.forEach((layer, l) => {
      const below = values.map((value, u) => step(gating[u]!) * value);
      const above = gating.map(relu);
      values = layer.map((weights) => inner(weights, below));
      gating = (gates?.inner[l] ?? layer).map((weights) => inner(weights, above));
    });
    f[channel]! += inner(
      output,
      values.map((value, u) => step(gating[u]!) * value),
    );
  }
  return f;
}

/** φ by enumerating every path from an input to the output. */
function plainPathNorm({ first, inner: layers, output }: SubNetwork): number {
  const squaresFrom = (layer: number, unit: number): number => {
    const above = layers[layer];
    if (!above) return output[unit]! ** 2;
    return above.reduce((sum, weights, u) => sum + weights[unit]! ** 2 * squaresFrom(layer + 1, u), 0);
  };
  const squares = first.flatMap((w, j) => Array.from(w, (weight) => weight ** 2 * squaresFrom(0, j)));
  return Math.sqrt(squares.reduce((sum, value) => sum + value, 0));
}

/** Same function, same path norm: units multiplied by positive factors that the next layer divides by. */
function rescaled(network: ParallelNetwork, seed: number): ParallelNetwork {
  return {
    ...network,
    subNetworks: network.subNetworks.map((subNetwork, k) => {
      const layers = [subNetwork.first, ...subNetwork.inner, [subNetwork.output]];
      const factors = layers.map((layer, l) =>
        l === layers.length - 1
          ? Float64Array.of(1)
          : normals(layer.length, seed + 10 * k + l).map((value) => Math.exp(2 * value)),
      );
      const scaled = layers.map((layer, l) =>
        layer.map((w, u) =>
          w.map((value, j) => (factors[l]![u]! * value) / (l === 0 ? 1 : factors[l - 1]![j]!)),
        ),
      );
      return {
        ...subNetwork,
        first: scaled[0]!,
        inner: scaled.slice(1, -1),
        output: scaled.at(-1)![0]!,
      };
    }),
  };
}

function row({ X, d }: Rows, i: number): Float64Array {
  return X.subarray(i * d, (i + 1) * d);
}

describe('forward', () => {
  it('is the formula of the network', () => {
    fc.assert(
      fc.property(networkArbitrary, ({ network, rows }) => {
        const byRow = Array.from({ length: rows.n }, (_, i) => plainOutput(network, row(rows, i)));
        const expected = Array.from({ length: network.outputs }, (_, k) => byRow.map((f) => f[k]!)).flat();
        expectClose(forward(network, rows), expected, SUMMATION, 1 + largest(expected));
      }),
      fixed(150),
    );
  });

  it('is solved by hand', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, -1, -1), n: 3, d: 2 };
    const first = [Float64Array.of(2, -1), Float64Array.of(-1, 3)];
    const deep: ParallelNetwork = {
      kind: 'relu',
      depth: 3,
      inputs: 2,
      outputs: 1,
      subNetworks: [{ first, inner: [[Float64Array.of(1, -1)]], output: Float64Array.of(-5), channel: 0 }],
    };
    // Hidden layer: (2, 0), (0, 3), (0, 0); second layer 2, −3 → 0, 0.
    expect([...forward(deep, rows)].map((value) => value + 0)).toEqual([-10, 0, 0]);
    const gate = { first: [Float64Array.of(-1, 0)], inner: [] };
    const three = { output: Float64Array.of(3), channel: 0 };
    const gated: ParallelNetwork = {
      kind: 'gated',
      depth: 2,
      inputs: 2,
      outputs: 1,
      subNetworks: [{ first: [first[0]!], inner: [], ...three, gates: gate }],
    };
    // The gate is shut on row 1, on its hyperplane on row 2 (open), open on row 3, whatever the sign of the value.
    expect([...forward(gated, rows)]).toEqual([0, -3, -3]);
    // On row 1 both gates of this one are exactly on their hyperplanes: open.
    const inner = [[Float64Array.of(1)]];
    const edge = { first: [Float64Array.of(0, 1)], inner };
    const upper = { first: [first[0]!], inner, ...three, gates: edge };
    expect([...forward({ ...gated, depth: 3, subNetworks: [upper] }, rows)]).toEqual([6, -3, 0]);
  });

  it('of no sub-networks is 0', () => {
    const rows = normalRows(4, 2, 1);
    expect([...forward({ kind: 'relu', depth: 2, inputs: 2, outputs: 1, subNetworks: [] }, rows)]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});

describe('positive rescaling of layers', () => {
  it('changes neither the outputs nor the path norms', () => {
    fc.assert(
      fc.property(networkArbitrary, ({ network, rows, seed }) => {
        const other = rescaled(network, seed + 5);
        const expected = forward(network, rows);
        expectClose(forward(other, rows), expected, SUMMATION, 1 + largest(expected));
        expectClose(other.subNetworks.map(pathNorm), network.subNetworks.map(pathNorm), SUMMATION);
      }),
      fixed(100),
    );
  });
});

describe('pathNorm', () => {
  it('is the norm over all paths', () => {
    fc.assert(
      fc.property(networkArbitrary, ({ network }) => {
        for (const subNetwork of network.subNetworks) {
          expectClose([pathNorm(subNetwork)], [plainPathNorm(subNetwork)], SUMMATION);
        }
      }),
      fixed(100),
    );
    const first = [Float64Array.of(3, 0), Float64Array.of(0, 1)];
    const output = Float64Array.of(-2);
    expect(pathNorm({ first: [first[0]!], inner: [], output, channel: 0 })).toBe(6);
    const inner = [[Float64Array.of(1, -4)]];
    expectClose([pathNorm({ first, inner, output, channel: 0 })], [10], FEW_ROUNDINGS);
  });

  it('neither overflows nor vanishes where the product of the layers does not', () => {
    const two = (value: number): Float64Array => Float64Array.of(value, value);
    for (const scales of [
      [1e150, 1e150, 1e150, 1e-150, 1e-150, 1e-150],
      [1e-150, 1e-150, 1e-150, 1e150, 1e150, 1e150],
      [1e-300, 1e290, 1, 1, 1, 1e10],
    ]) {
      const [first, ...rest] = scales.map(two);
      const inner = rest.slice(0, -1).map((weights) => [weights, weights]);
      const norm = pathNorm({ first: [first!, first!], inner, output: rest.at(-1)!, channel: 0 });
      // 2⁶ paths of weight 1.
      expectClose([norm], [8], SUMMATION);
    }
    // Blocks of very different scale: the smaller path is 1e-290 · 1e-290 · 1e300 · 1e300, the larger one 1.
    const blocks = {
      first: [Float64Array.of(1e-290), Float64Array.of(1)],
      inner: [[Float64Array.of(1e-290, 0), Float64Array.of(0, 1e-300)], [Float64Array.of(1e300, 0)]],
    };
    expectClose([pathNorm({ ...blocks, output: Float64Array.of(1e300), channel: 0 })], [1e20], SUMMATION);
  });
});

describe('networkObjective', () => {
  it('is the loss of the outputs plus β times the path norms', () => {
    fc.assert(
      fc.property(networkArbitrary, fc.constantFrom(0, 0.3, 7), (drawn, beta) => {
        const { rows, seed } = drawn;
        const subNetworks = drawn.network.subNetworks.map((sub) => ({ ...sub, channel: 0 }));
        const network = { ...drawn.network, outputs: 1, subNetworks };
        const y = normals(rows.n, seed + 9);
        const f = Array.from({ length: rows.n }, (_, i) => plainOutput(network, row(rows, i))[0]!);
        const norms = network.subNetworks.reduce((sum, sub) => sum + plainPathNorm(sub), 0);
        const squared = f.reduce((sum, value, i) => sum + (value - y[i]!) ** 2 / 2, 0);
        const found = networkObjective(network, { rows, y, loss: lossNamed('squared'), beta });
        expectClose([found], [squared + beta * norms], SUMMATION);
        const signs = y.map((value) => (value < 0 ? -1 : 1));
        const logistic = f.reduce((sum, value, i) => sum + Math.log1p(Math.exp(-signs[i]! * value)), 0);
        expectClose(
          [networkObjective(network, { rows, y: signs, loss: lossNamed('logistic'), beta })],
          [logistic + beta * norms],
          SUMMATION,
        );
      }),
      fixed(80),
    );
  });
});

describe('reconstructNetwork', () => {
  it('has the predictor and the group norms of any coefficients of a gated program', () => {
    fc.assert(
      fc.property(programSpecArbitrary, (spec) => {
        const program = randomProgram({ ...spec, formulation: 'gated' });
        const coefficients = new Map(
          Array.from(
            { length: groupCount(program) },
            (_, g) => [g, normals(groupDims(program), spec.seed + g)] as const,
          ),
        );
        const network = reconstructNetwork(program, coefficients);
        const f = predictorOf(program, coefficients);
        expectClose(forward(network, program.rows), f, SUMMATION, 1 + 10 * largest(f));
        expectClose(network.subNetworks.map(pathNorm), [...coefficients.values()].map(norm2), SUMMATION);
        expect(network).toMatchObject({ kind: 'gated', inputs: spec.d });
        if (program.patterns.length > 0) expect(network.depth).toBe(spec.depth);
      }),
      fixed(60),
    );
  });

  it('takes the witnesses of ReLU patterns to the networks they are the weights of', () => {
    fc.assert(
      fc.property(programSpecArbitrary, (spec) => {
        const program = randomProgram({ ...spec, formulation: 'relu' });
        const coefficients = new Map(
          Array.from({ length: groupCount(program) }, (_, g) => {
            return [g, witnessOf(patternOfGroup(program, g).gates)] as const;
          }),
        );
        const network = reconstructNetwork(program, coefficients);
        const f = predictorOf(program, coefficients);
        const size = [...coefficients.values()].reduce((sum, z) => sum + norm2(z), 1) * norm2(program.rows.X);
        expectClose(forward(network, program.rows), f, SUMMATION, size);
        expectClose(network.subNetworks.map(pathNorm), [...coefficients.values()].map(norm2), SUMMATION);
        network.subNetworks.forEach(({ gates, output, first, inner, channel }, g) => {
          expect(channel).toBe(outputOfGroup(program, g));
          expect(gates).toBeUndefined();
          expect(Math.sign(output[0]!)).toBe(signOfGroup(program, g));
          expectClose([norm2(Float64Array.from(first, norm2))], [Math.abs(output[0]!)], SUMMATION); // balanced
          // Every unit feeds one unit above it, with weight ±1.
          for (const layer of inner) {
            layer[0]!.forEach((_, j) => {
              expect(layer.reduce((sum, weights) => sum + Math.abs(weights[j]!), 0)).toBe(1);
            });
          }
        });
      }),
      fixed(60),
    );
  });
});
