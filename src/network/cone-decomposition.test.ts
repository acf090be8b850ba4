import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, largest } from '../../test/fixtures/close.js';
import { fixed, normals, programSpecArbitrary, randomProgram } from '../../test/fixtures/random-program.js';
import { LAW_GAP, LAW_ROUNDING, NETWORK_OBJECTIVE, PROJECTION } from '../../test/tolerances.js';
import { realisedPattern, type Rows } from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import { norm2 } from '../linalg/vector.js';
import { lossNamed } from '../loss/index.js';
import {
  groupDims,
  patternOfGroup,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import { GroupCone, relativeViolation } from '../prox/group-cone.js';
import { rowGeometry } from '../prox/row-geometry.js';
import { solve } from '../problem/solve.js';
import { solveProgram } from '../solver/solve-program.js';
import { decomposeToRelu } from './cone-decomposition.js';
import { forward, pathNorm, type ParallelNetwork } from './network.js';
import { networkObjective } from './objective.js';
import { hiddenLayers, reconstructNetwork } from './reconstruct.js';

/** Group of every sub-network of a decomposition. */
function groupsOf(program: ConvexProgram, coefficients: GroupCoefficients): number[] {
  return [...coefficients].flatMap(([group, v]) =>
    decomposeToRelu(program, new Map([[group, v]])).subNetworks.map(() => group),
  );
}

function expectDecomposition(program: ConvexProgram, coefficients: GroupCoefficients): void {
  const { rows, beta } = program;
  const gated = reconstructNetwork(program, coefficients);
  const relu = decomposeToRelu(program, coefficients);
  const norms = (network: ParallelNetwork): number =>
    network.subNetworks.reduce((sum, subNetwork) => sum + pathNorm(subNetwork), 0);
  const size = norms(relu) * norm2(rows.X) + Number.MIN_VALUE;
  expect(relu).toMatchObject({ kind: 'relu', depth: gated.depth, inputs: gated.inputs });
  expect(relu.subNetworks.length).toBeLessThanOrEqual(2 * coefficients.size);
  const expected = forward(gated, rows);
  expectClose(forward(relu, rows), expected, PROJECTION, size);

  const owners = groupsOf(program, coefficients);
  expect(owners.length).toBe(relu.subNetworks.length);
  const pieces = relu.subNetworks.map((subNetwork, k) => {
    const { first, output, gates } = subNetwork;
    expect(gates).toBeUndefined();
    const z = Float64Array.from(first.flatMap((w) => Array.from(w, (value) => value * Math.abs(output[0]!))));
    // Relative to v: a piece that is only the rounding of u = v + w points anywhere.
    const cone = new GroupCone(rowGeometry(rows), patternOfGroup(program, owners[k]!));
    const violation = relativeViolation(cone, z) * norm2(z);
    expect(violation).toBeLessThanOrEqual(PROJECTION * norm2(coefficients.get(owners[k]!)!));
    return { ...subNetwork, gates: hiddenLayers(patternOfGroup(program, owners[k]!).gates) };
  });
  // In their cones the pieces are on exactly where the gates are: the gated forward of the pieces is the ReLU one.
  expectClose(forward({ ...relu, kind: 'gated', subNetworks: pieces }, rows), expected, PROJECTION, size);

  const rise = networkObjective(relu, program) - networkObjective(gated, program);
  const growth = beta * (norms(relu) - norms(gated));
  expectClose([rise], [growth], NETWORK_OBJECTIVE, networkObjective(relu, program));
  expect(growth).toBeGreaterThanOrEqual(-LAW_ROUNDING * beta * norms(gated));
}

const gatedPrograms = programSpecArbitrary.map((spec) => randomProgram({ ...spec, formulation: 'gated' }));

function identityProgram(y: readonly number[]): ConvexProgram {
  const rows: Rows = { X: Float64Array.of(1, 0, 0, 1), n: 2, d: 2 };
  return {
    rows,
    y: Float64Array.from(y),
    loss: lossNamed('squared'),
    outputs: 1,
    beta: 0.1,
    formulation: 'gated',
    depth: 2,
    patterns: [realisedPattern(rows, { first: [Float64Array.of(1, 1)] })],
  };
}

describe('decomposeToRelu', () => {
  it('of a solution: same outputs, pieces in their cones, objective up by β · growth of the path norms', async () => {
    await fc.assert(
      fc.asyncProperty(gatedPrograms, async (program) => {
        const { coefficients } = await solveProgram(program, { tolerance: LAW_GAP });
        expectDecomposition(program, coefficients);
      }),
      fixed(80),
    );
  });

  it('of any coefficients, at any scale', () => {
    fc.assert(
      fc.property(gatedPrograms, fc.constantFrom(1e-20, 1, 1e20), fc.nat(1e6), (program, unit, seed) => {
        const coefficients = new Map(
          program.patterns.map((_, g) => [
            g,
            normals(groupDims(program), seed + g).map((value) => unit * value),
          ]),
        );
        expectDecomposition(program, coefficients);
      }),
      fixed(80),
    );
  });

  it('leaves a vector that lies in its cone as it is', () => {
    const program = identityProgram([1, 2]);
    const { subNetworks } = decomposeToRelu(program, new Map([[0, Float64Array.of(3, 4)]]));
    expect(subNetworks.length).toBe(1);
    expectClose(subNetworks[0]!.first[0]!, [3 / Math.sqrt(5), 4 / Math.sqrt(5)], LAW_ROUNDING);
    expectClose(subNetworks[0]!.output, [Math.sqrt(5)], LAW_ROUNDING);
  });

  it('splits a vector at the cone, with the shortest pieces', () => {
    const program = identityProgram([1, -1]);
    const v = new Map([[0, Float64Array.of(3, -4)]]);
    expectDecomposition(program, v);
    expectClose(decomposeToRelu(program, v).subNetworks.map(pathNorm), [3, 4], LAW_ROUNDING);
  });

  it.each([
    { name: 'in the plane', coefficients: [-3, -4] },
    { name: 'on an edge', coefficients: [-3, 0] },
    // u = v + w is exactly 0 here: dividing by its norm gave NaN weights.
    { name: 'without any rounding', coefficients: [-0.08372742958209647, -0.2791153175890263] },
  ])('of a vector opposite to its cone needs one negative piece, $name', ({ coefficients }) => {
    const program = identityProgram([-1, -1]);
    const v = Float64Array.from(coefficients);
    const relu = decomposeToRelu(program, new Map([[0, v]]));
    expect(largest(forward(relu, program.rows))).toBeGreaterThan(0);
    expectClose(forward(relu, program.rows), coefficients, PROJECTION);
    for (const { first, output } of relu.subNetworks) {
      expect([...first[0]!, ...output].every(Number.isFinite)).toBe(true);
    }
    expectClose([relu.subNetworks.reduce((sum, sub) => sum + pathNorm(sub), 0)], [norm2(v)], PROJECTION);
  });

  it('of a solution in one dimension with a negative weight', async () => {
    const rows: Rows = { X: Float64Array.of(1, 2), n: 2, d: 1 };
    const patterns = [realisedPattern(rows, { first: [Float64Array.of(1)] })];
    const program: ConvexProgram = { ...identityProgram([]), rows, patterns, y: Float64Array.of(-1, -2) };
    const { coefficients } = await solveProgram(program, { tolerance: LAW_GAP });
    const relu = decomposeToRelu(program, coefficients);
    expectClose(forward(relu, rows), forward(reconstructNetwork(program, coefficients), rows), PROJECTION);
  });

  it.each([
    { name: 'opposite rows', X: [[1, 0], [-1, 0]], gate: [0, 1], v: [1, 0] }, // prettier-ignore
    { name: 'opposite rows of unequal length', X: [[3, 1], [-6, -2]], gate: [-1, 3], v: [0.3, 1] }, // prettier-ignore
    { name: 'opposite rows among others', X: [[1, 2, 3], [-1, -2, -3], [1, 0, 0]], gate: [3, 0, -1], v: [1, 1, 1] }, // prettier-ignore
    { name: 'rows that enclose the gate', X: [[1, 0, 0], [-1, 1, 0], [0, -1, 0]], gate: [0, 0, 1], v: [1, -2, 3] }, // prettier-ignore
  ])('refuses a pattern whose cone has no interior: $name', ({ X, gate, v }) => {
    const rows: Rows = { X: Float64Array.from(X.flat()), n: X.length, d: gate.length };
    const patterns = [realisedPattern(rows, { first: [Float64Array.from(gate)] })];
    const program: ConvexProgram = { ...identityProgram([]), rows, patterns, y: new Float64Array(X.length) };
    let error: unknown = null;
    try {
      decomposeToRelu(program, new Map([[0, Float64Array.from(v)]]));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RelucentError);
    expect(error).toMatchObject({ code: 'unsupported', where: 'group 0' });
    expect((error as RelucentError).message).toMatch(/interior.*formulation "relu"/);
    expect((error as RelucentError).message).not.toMatch(/[\n\r]/);
  });
});

describe('solve with decompose', () => {
  const X = [
    [1, 0],
    [0, 1],
  ];

  it('gives a ReLU network with the gated outputs, finite weights and the change it reports', async () => {
    for (let seed = 0; seed < 20; seed++) {
      // Both entries negative: the opposite of the gate's cone, where one of the two pieces vanishes.
      const y = Array.from(normals(2, seed), (value) => (seed % 2 === 0 ? -Math.abs(value) : value));
      const problem = { X, y, beta: 0.01, formulation: 'gated' as const, patterns: { gates: [[1, 1]] } };
      const result = await solve(problem, { decompose: true });
      const { network, networkObjective: found, change } = result.decomposition!;
      const rows: Rows = { X: Float64Array.from(X.flat()), n: 2, d: 2 };
      expectClose(forward(network, rows), forward(result.network, rows), PROJECTION, largest(y));
      expect(change).toBe(found - result.objective);
      expect(change).toBeGreaterThanOrEqual(-NETWORK_OBJECTIVE * result.objective);
    }
  });

  it('is null where it was not asked for, and in the ReLU formulation', async () => {
    const problem = { X, y: [1, -1], beta: 0.01, patterns: { gates: [[1, 1]] } };
    expect((await solve({ ...problem, formulation: 'gated' })).decomposition).toBeNull();
    expect((await solve(problem, { decompose: true })).decomposition).toBeNull();
  });
});
