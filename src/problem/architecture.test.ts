import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, largest } from '../../test/fixtures/close.js';
import { fixed, normalRows, normals } from '../../test/fixtures/random-program.js';
import { witnessOf } from '../../test/oracles/dense-group.js';
import { LAW_GAP, NETWORK_OBJECTIVE, SOLVER_GAP, SUMMATION } from '../../test/tolerances.js';
import { realisedPattern, type GateWeights } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import { lossNamed } from '../loss/index.js';
import { forward, pathNorm, type ParallelNetwork, type SubNetwork } from '../network/network.js';
import { networkObjective } from '../network/objective.js';
import { predictorOf, type ConvexProgram } from '../program/convex-program.js';
import { solveProgram } from '../solver/solve-program.js';
import { architectureOf, readWidths } from './architecture.js';
import type { SolveResult } from './result.js';
import { solve } from './solve.js';

const rows = normalRows(12, 3, 5);
const problem = {
  X: { values: rows.X, rows: rows.n, columns: rows.d },
  y: normals(rows.n, 6),
  beta: 0.05,
  tolerance: SOLVER_GAP,
  patterns: { sample: 40, seed: 1 },
} as const;

/** Units in each hidden layer, the same in every sub-network. */
function hiddenWidths({ first, inner }: SubNetwork): number[] {
  return [first, ...inner].map((layer) => layer.length);
}

function expectOwnObjective(result: SolveResult): void {
  expect(result.status).toBe('optimal');
  expect(result.subNetworks).toBeGreaterThan(0);
  expectClose([result.networkObjective], [result.objective], NETWORK_OBJECTIVE);
  const given = { rows, y: problem.y, loss: lossNamed('squared'), beta: problem.beta };
  expectClose([networkObjective(result.network, given)], [result.objective], NETWORK_OBJECTIVE);
}

describe('solve at depth 4 and more', () => {
  it.each([
    { depth: 4, widths: [2, 2], hidden: [4, 2, 1], tree: true },
    { depth: 4, widths: [3, 1], hidden: [3, 1, 1], tree: false },
    { depth: 5, widths: [2, 1, 2], hidden: [4, 2, 2, 1], tree: true },
    { depth: 6, widths: [1, 2, 1, 1, 2], hidden: [2, 2, 1, 1, 2], tree: true },
  ])('returns networks of the attained widths: depth $depth, widths $widths', async (kind) => {
    for (const formulation of ['relu', 'gated'] as const) {
      const { depth, widths } = kind;
      const result = await solve({ ...problem, depth, widths, formulation });
      expectOwnObjective(result);
      expect(result.network.depth).toBe(depth);
      for (const sub of result.network.subNetworks) expect(hiddenWidths(sub)).toEqual(kind.hidden);
      const { tree, attainedWidths, statement } = result.architecture;
      expect({ tree, attainedWidths }).toEqual({ tree: kind.tree, attainedWidths: kind.hidden });
      if (tree) expect(statement).toMatch(/tree.*lower bound for fully connected.*attained/);
      else expect(statement).toBeNull();
    }
  });

  it('decomposes gated trees into ReLU networks with the same outputs', async () => {
    const deep = { ...problem, depth: 4, widths: [2, 2], formulation: 'gated' as const };
    const result = await solve(deep, { decompose: true });
    const expected = forward(result.network, rows);
    const network = result.decomposition!.network;
    expect(network.kind).toBe('relu');
    expectClose(forward(network, rows), expected, NETWORK_OBJECTIVE, largest(expected));
  });
});

describe('the width of the last hidden layer', () => {
  it.each([
    { depth: 2, widths: [] },
    { depth: 3, widths: [2] },
    { depth: 4, widths: [2, 2] },
  ])('m is β/√m with copies: depth $depth', async ({ depth, widths }) => {
    for (const formulation of ['relu', 'gated'] as const) {
      const wide = await solve(
        { ...problem, depth, widths: [...widths, 3], formulation },
        { decompose: true },
      );
      expectOwnObjective(wide);
      for (const sub of wide.network.subNetworks) expect(sub.output.length).toBe(3);
      const narrow = await solve({
        ...problem,
        depth,
        widths,
        formulation,
        beta: problem.beta / Math.sqrt(3),
      });
      expect(wide.objective).toBe(narrow.objective);
      const expected = forward(narrow.network, rows);
      expectClose(forward(wide.network, rows), expected, SUMMATION, largest(expected));
      const { decomposition } = wide;
      expect(decomposition === null).toBe(formulation === 'relu');
      if (decomposition) {
        expect(decomposition.network.subNetworks[0]!.output.length).toBe(3);
        expect(decomposition.change).toBeGreaterThanOrEqual(-NETWORK_OBJECTIVE * wide.objective);
      }
    }
  });
});

/** The tree that a fully connected sub-network computes the same function as: lower units once for each unit above. */
function unrolled({ first, inner }: SubNetwork): GateWeights {
  const layers: Float64Array[][] = [];
  let units = [0];
  for (const layer of inner.toReversed()) {
    layers.unshift(units.map((u) => layer[u]!));
    units = units.flatMap((u) => Array.from(layer[u]!, (_, j) => j));
  }
  return { first: units.map((u) => first[u]!), inner: layers };
}

describe('the bound for fully connected sub-networks', () => {
  const drawn = fc.record({ seed: fc.nat(1e6), widths: fc.constantFrom([2, 2], [3, 2], [2, 2, 2], [2, 3]) });

  it('they are points of the program on their unrolled patterns, so its optimum is not above their objective', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ seed, widths }) => {
        const sizes = [...widths, 1];
        const sub: SubNetwork = {
          first: Array.from({ length: sizes[0]! }, (_, j) => normals(rows.d, seed + j)),
          inner: sizes
            .slice(1)
            .map((m, l) => Array.from({ length: m }, (_, u) => normals(sizes[l]!, seed + 10 + 10 * l + u))),
          output: Float64Array.of(1),
          channel: 0,
        };
        const depth = sizes.length + 1;
        const network: ParallelNetwork = {
          kind: 'relu',
          depth,
          inputs: rows.d,
          outputs: 1,
          subNetworks: [sub],
        };
        const gates = unrolled(sub);
        const program: ConvexProgram = {
          rows,
          y: problem.y,
          loss: lossNamed('squared'),
          outputs: 1,
          beta: problem.beta,
          formulation: 'relu',
          depth,
          patterns: [realisedPattern(rows, gates)],
        };
        const z = witnessOf(gates);
        expectClose([norm2(z)], [pathNorm(sub)], SUMMATION);
        const f = forward(network, rows);
        expectClose(predictorOf(program, new Map([[0, z]])), f, SUMMATION, 1 + largest(f));
        const { objective } = await solveProgram(program, { tolerance: LAW_GAP });
        expect(objective).toBeLessThanOrEqual(networkObjective(network, program) * (1 + LAW_GAP));
      }),
      fixed(30),
    );
  });
});

describe('readWidths and architectureOf', () => {
  it('take the last of L − 1 widths for the last hidden layer', () => {
    expect(readWidths(2, [])).toEqual({ widths: [], lastWidth: 1 });
    expect(readWidths(2, [3])).toEqual({ widths: [], lastWidth: 3 });
    expect(readWidths(4, [4, 64])).toEqual({ widths: [4, 64], lastWidth: 1 });
    expect(readWidths(4, [4, 2, 7])).toEqual({ widths: [4, 2], lastWidth: 7 });
    expect(architectureOf(4, { widths: [4, 2], lastWidth: 7 })).toEqual({
      depth: 4,
      widths: [4, 2],
      lastWidth: 7,
      tree: true,
      attainedWidths: [8, 2, 7],
      statement: expect.stringMatching(
        /widths 4, 2, 7 too; .*attained by fully connected ones of widths 8, 2, 7/,
      ) as string,
    });
    expect(architectureOf(2, { widths: [], lastWidth: 1 })).toMatchObject({
      attainedWidths: [1],
      tree: false,
    });
  });
});
