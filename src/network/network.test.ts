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
import { FEW_ROUNDINGS, SUMMATION } from '../../test/tolerances.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import { lossNamed } from '../loss/index.js';
import { groupCount, groupDims, predictorOf, signOfGroup } from '../program/convex-program.js';
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
function plainOutput({ subNetworks }: ParallelNetwork, x: ArrayLike<number>): number {
  let f = 0;
  for (const { first, second, output, gates } of subNetworks) {
    const hidden = first.map((w, j) =>
      gates ? step(inner(gates.first[j]!, x)) * inner(w, x) : relu(inner(w, x)),
    );
    if (!second) {
      f += output * hidden[0]!;
      continue;
    }
    const upper = inner(hidden, second);
    if (!gates) f += output * relu(upper);
    else {
      const gate = inner(
        gates.first.map((g) => relu(inner(g, x))),
        gates.second!,
      );
      f += output * step(gate) * upper;
    }
  }
  return f;
}

/** φ by enumerating every path from an input to the output. */
function plainPathNorm({ first, second, output }: SubNetwork): number {
  let squares = 0;
  first.forEach((w, j) => {
    for (const weight of w) squares += (weight * (second?.[j] ?? 1) * output) ** 2;
  });
  return Math.sqrt(squares);
}

const networks = fc
  .record({
    kind: fc.constantFrom('relu' as const, 'gated' as const),
    depth: fc.constantFrom(2 as const, 3 as const),
    d: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 4 }),
    count: fc.nat(6),
    seed: fc.nat(1e6),
  })
  .map(({ kind, depth, d, width, count, seed }) => {
    const m = depth === 2 ? 1 : width;
    const layer = (base: number) => ({
      first: Array.from({ length: m }, (_, j) => normals(d, base + j)),
      ...(depth === 3 ? { second: normals(m, base + 20) } : {}),
    });
    const subNetworks = Array.from({ length: count }, (_, k): SubNetwork => {
      const base = seed + 100 * k;
      const gates = kind === 'gated' ? { gates: layer(base + 40) } : {};
      return { ...layer(base), output: normals(1, base + 30)[0]!, ...gates };
    });
    const network: ParallelNetwork = { kind, depth, inputs: d, subNetworks };
    return { network, rows: normalRows(9, d, seed + 1), seed };
  });

/** Same function, same path norm: units multiplied by positive factors that the next layer divides by. */
function rescaled(network: ParallelNetwork, seed: number): ParallelNetwork {
  const factors = normals(50, seed).map((value) => Math.exp(2 * value));
  return {
    ...network,
    subNetworks: network.subNetworks.map((subNetwork, k) => {
      const { first, second, output } = subNetwork;
      const b = factors[k]!;
      const by = (j: number): number => factors[10 + 4 * k + j]!;
      return {
        ...subNetwork,
        first: first.map((w, j) => w.map((value) => by(j) * value)),
        ...(second
          ? { second: second.map((value, j) => (b * value) / by(j)), output: output / b }
          : { output: output / by(0) }),
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
      fc.property(networks, ({ network, rows }) => {
        const expected = Array.from({ length: rows.n }, (_, i) => plainOutput(network, row(rows, i)));
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
      subNetworks: [{ first, second: Float64Array.of(1, -1), output: -5 }],
    };
    // Hidden layer: (2, 0), (0, 3), (0, 0); second layer 2, −3 → 0, 0.
    expect([...forward(deep, rows)].map((value) => value + 0)).toEqual([-10, 0, 0]);
    const gate = { first: [Float64Array.of(-1, 0)] };
    const gated: ParallelNetwork = {
      kind: 'gated',
      depth: 2,
      inputs: 2,
      subNetworks: [{ first: [first[0]!], output: 3, gates: gate }],
    };
    // The gate is shut on row 1, on its hyperplane on row 2 (open), open on row 3, whatever the sign of the value.
    expect([...forward(gated, rows)]).toEqual([0, -3, -3]);
    // On row 1 both gates of this one are exactly on their hyperplanes: open.
    const edge = { first: [Float64Array.of(0, 1)], second: Float64Array.of(1) };
    const upper = { first: [first[0]!], second: Float64Array.of(1), output: 3, gates: edge };
    expect([...forward({ ...gated, depth: 3, subNetworks: [upper] }, rows)]).toEqual([6, -3, 0]);
  });

  it('of no sub-networks is 0', () => {
    const rows = normalRows(4, 2, 1);
    expect([...forward({ kind: 'relu', depth: 2, inputs: 2, subNetworks: [] }, rows)]).toEqual([0, 0, 0, 0]);
  });
});

describe('positive rescaling of layers', () => {
  it('changes neither the outputs nor the path norms', () => {
    fc.assert(
      fc.property(networks, ({ network, rows, seed }) => {
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
      fc.property(networks, ({ network }) => {
        for (const subNetwork of network.subNetworks) {
          expectClose([pathNorm(subNetwork)], [plainPathNorm(subNetwork)], SUMMATION);
        }
      }),
      fixed(100),
    );
    const first = [Float64Array.of(3, 0), Float64Array.of(0, 1)];
    expect(pathNorm({ first: [first[0]!], output: -2 })).toBe(6);
    expectClose([pathNorm({ first, second: Float64Array.of(1, -4), output: 2 })], [10], FEW_ROUNDINGS);
  });
});

describe('networkObjective', () => {
  it('is the loss of the outputs plus β times the path norms', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom(0, 0.3, 7), ({ network, rows, seed }, beta) => {
        const y = normals(rows.n, seed + 9);
        const f = Array.from({ length: rows.n }, (_, i) => plainOutput(network, row(rows, i)));
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
            const { first, second } = program.patterns[g >> 1]!.gates;
            const z = first.flatMap((w, j) => Array.from(w, (value) => value * Math.abs(second?.[j] ?? 1)));
            return [g, Float64Array.from(z)] as const;
          }),
        );
        const network = reconstructNetwork(program, coefficients);
        const f = predictorOf(program, coefficients);
        const size = [...coefficients.values()].reduce((sum, z) => sum + norm2(z), 1) * norm2(program.rows.X);
        expectClose(forward(network, program.rows), f, SUMMATION, size);
        expectClose(network.subNetworks.map(pathNorm), [...coefficients.values()].map(norm2), SUMMATION);
        network.subNetworks.forEach(({ gates, output, first, second }, g) => {
          expect(gates).toBeUndefined();
          expect(Math.sign(output)).toBe(signOfGroup(program, g));
          expectClose([norm2(Float64Array.from(first, norm2))], [Math.abs(output)], SUMMATION); // balanced
          expect(second?.every((weight) => Math.abs(weight) === 1) ?? true).toBe(true);
        });
      }),
      fixed(60),
    );
  });
});
