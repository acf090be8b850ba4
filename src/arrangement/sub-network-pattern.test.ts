import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import {
  fixed,
  gatedRowsArbitrary,
  integerRows,
  normalRows,
  normals,
} from '../../test/fixtures/random-program.js';
import { denseGroup, witnessOf } from '../../test/oracles/dense-group.js';
import { fista } from '../../test/oracles/fista.js';
import { FISTA_STEP, ORACLE_OBJECTIVE, SOLVER_GAP, SUMMATION } from '../../test/tolerances.js';
import { lossNamed } from '../loss/index.js';
import type { ConvexProgram } from '../program/convex-program.js';
import { solveProgram } from '../solver/solve-program.js';
import { activeCount, isActive } from './pattern.js';
import {
  groupKey,
  isSilent,
  unimpliedRows,
  preactivation,
  realisedPattern,
  type GateWeights,
  type Rows,
  type SubNetworkPattern,
} from './sub-network-pattern.js';

const small = gatedRowsArbitrary({ maxN: 40, maxD: 4 });

/** A and B of theory §2 written out from the masks and signs of a pattern. */
function writtenOut({ X, n, d }: Rows, pattern: SubNetworkPattern): { A: number[][]; B: number[][] } {
  const row = (i: number, factors: readonly number[]): number[] =>
    factors.flatMap((factor) => Array.from(X.subarray(i * d, (i + 1) * d), (value) => factor * value + 0));
  const A: number[][] = [];
  const B: number[][] = [];
  for (let i = 0; i < n; i++) {
    A.push(
      row(
        i,
        pattern.leaves.map(({ sign, mask }) => (isActive(mask, i) ? sign : 0)),
      ),
    );
    for (const unit of pattern.units) {
      const factors = new Array<number>(pattern.leaves.length).fill(0);
      for (const { leaf, sign, mask } of unit.terms) {
        if (!mask || isActive(mask, i)) factors[leaf]! += isActive(unit.pattern, i) ? sign : -sign;
      }
      B.push(row(i, factors));
    }
  }
  return { A, B };
}

describe('preactivation', () => {
  it('is X·w', () => {
    const rows = { X: Float64Array.of(1, 2, 3, 4, 5, 6), n: 3, d: 2 };
    expect([...preactivation(rows, Float64Array.of(10, -1))]).toEqual([8, 26, 44]);
    expect([...preactivation({ X: new Float64Array(0), n: 0, d: 2 }, Float64Array.of(1, 1))]).toEqual([]);
  });
});

describe('realisedPattern', () => {
  it('describes the operator and the cone of the definitions', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const { A, B } = writtenOut(rows, realisedPattern(rows, gates));
        const dense = denseGroup(rows, gates);
        expectClose(A.flat(), dense.A.flat(), 0);
        expectClose(B.flat(), dense.B.flat(), 0);
      }),
      fixed(150),
    );
  });

  it('reproduces the network that the gates are the weights of', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const { A, B } = writtenOut(rows, realisedPattern(rows, gates));
        // z_p is w_p times the sizes of the weights above it: then A z is the network, and z lies in the cone.
        const z = witnessOf(gates);
        let values = gates.first.map((w) => preactivation(rows, w).map((value) => Math.max(0, value)));
        for (const layer of gates.inner ?? []) {
          const below = values;
          values = layer.map((weights, u) =>
            Float64Array.from({ length: rows.n }, (_, i) =>
              Math.max(
                0,
                weights.reduce((sum, w, j) => sum + below[u * weights.length + j]![i]! * w, 0),
              ),
            ),
          );
        }
        const out = values[0]!;
        const image = A.map((row) => row.reduce((sum, value, t) => sum + value * z[t]!, 0));
        expectClose(image, out, SUMMATION, 100);
        for (const row of B) {
          const slack = row.reduce((sum, value, t) => sum + value * z[t]!, 0);
          expect(slack).toBeGreaterThanOrEqual(-100 * SUMMATION);
        }
      }),
      fixed(100),
    );
  });
});

/** The same tree with the children of every unit in another order, together with what is below them; scaled. */
function turned({ first, inner = [] }: GateWeights, turn: number): GateWeights {
  // The new order of each layer, from the top.
  let order = [0];
  const layers: Float64Array[][] = [];
  for (const layer of inner.toReversed()) {
    const m = layer[0]!.length;
    const children = (u: number): number[] => Array.from({ length: m }, (_, j) => u * m + ((j + turn) % m));
    layers.unshift(
      order.map((u) => Float64Array.from(children(u), (child) => 2 * layer[u]![child - u * m]!)),
    );
    order = order.flatMap(children);
  }
  return { first: order.map((p) => first[p]!.map((value) => 4 * value)), inner: layers };
}

describe('groupKey', () => {
  it('ignores the order of the neurons and their scale', () => {
    fc.assert(
      fc.property(small, fc.nat(5), ({ rows, gates }, turn) => {
        const permuted = turned(gates, turn);
        expect(groupKey(realisedPattern(rows, permuted))).toBe(groupKey(realisedPattern(rows, gates)));
      }),
      fixed(100),
    );
  });

  it('is the same only for groups with the same operator up to the order of the neurons', () => {
    const rows = normalRows(5, 2, 3);
    const byKey = new Map<string, string>();
    for (let seed = 0; seed < 400; seed++) {
      const gates = {
        first: [normals(2, 3 * seed), normals(2, 3 * seed + 1)],
        inner: [[normals(2, 3 * seed + 2)]],
      };
      const { A } = denseGroup(rows, gates);
      // The operator's blocks of the two leaves as text, sorted: the same for either order of the neurons.
      const sorted = [0, 1]
        .map((j) => A.map((row) => row.slice(2 * j, 2 * j + 2).join()).join(';'))
        .sort()
        .join('|');
      const key = groupKey(realisedPattern(rows, gates));
      expect(byKey.get(key) ?? sorted).toBe(sorted);
      byKey.set(key, sorted);
    }
    expect(byKey.size).toBeGreaterThan(20);
  });

  it('tells the signs and the second-layer patterns apart', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1, -1, -1), n: 4, d: 2 };
    const first = [Float64Array.of(2, -1), Float64Array.of(-1, 2)];
    const keys = [
      Float64Array.of(1, 1),
      Float64Array.of(1, -1),
      Float64Array.of(-1, 1),
      Float64Array.of(0.2, -3), // as (1, −1), but off where both neurons are on
    ].map((second) => groupKey(realisedPattern(rows, { first, inner: [[second]] })));
    expect(new Set(keys).size).toBe(4);
  });
});

describe('groupKey of a tree', () => {
  const rows: Rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1, -1, 2), n: 4, d: 2 };
  const a = Float64Array.of(1, 0);
  const b = Float64Array.of(0, 1);
  const c = Float64Array.of(1, 1);
  const off = Float64Array.of(-1, -4);
  const one = Float64Array.of(1, 1);
  const key = (first: Float64Array[], second: Float64Array[], third: Float64Array): string =>
    groupKey(realisedPattern(rows, { first, inner: [second, [third]] }));

  it('moves sub-trees as a whole: not leaves between them, nor signs from one to the other', () => {
    const minus = Float64Array.of(1, -1);
    const plain = key([a, b, c, b], [minus, one], one);
    expect(key([b, c, b, a], [one, Float64Array.of(-1, 1)], one)).toBe(plain);
    expect(key([a, c, b, b], [minus, one], one)).not.toBe(plain);
    expect(key([a, b, c, b], [one, minus], one)).not.toBe(plain);
    expect(key([a, b, c, b], [minus, one], minus)).not.toBe(plain);
  });

  it('does not look below a unit that contributes to no row', () => {
    // The second-layer unit is off everywhere, or has nothing active below it: its leaves are zero in every optimum.
    const live = [a, b] as const;
    const negative = Float64Array.of(-1, -2);
    const keys = [
      key([...live, c, a], [one, negative], one),
      key([...live, c, c], [one, negative], Float64Array.of(1, -3)),
      key([...live, off, off], [one, one], one),
      key([off, off, ...live], [negative, one], Float64Array.of(-1, 1)),
    ];
    expect(new Set(keys).size).toBe(1);
    expect(key([...live, c, a], [one, one], one)).not.toBe(keys[0]);
    expect(
      isSilent(realisedPattern(rows, { first: [...live, ...live], inner: [[negative, negative], [one]] })),
    ).toBe(true);
  });
});

describe('a tree with a dead second-layer unit', () => {
  it('is the same program as one with any other unit there', async () => {
    const rows = normalRows(9, 2, 12);
    const live = [normals(2, 3), normals(2, 4)];
    const inner = [[Float64Array.of(1, -0.4), Float64Array.of(-1, -1)], [Float64Array.of(1, 1)]];
    const objectives: number[] = [];
    for (const seed of [1, 2, 3]) {
      const program: ConvexProgram = {
        rows,
        y: normals(9, 8),
        loss: lossNamed('squared'),
        outputs: 1,
        beta: 0.05,
        formulation: 'relu',
        depth: 4,
        patterns: [
          realisedPattern(rows, { first: [...live, normals(2, seed), normals(2, seed + 9)], inner }),
        ],
      };
      const { objective, coefficients } = await solveProgram(program, { tolerance: SOLVER_GAP });
      objectives.push(objective);
      for (const z of coefficients.values()) expectClose(z.subarray(4), [0, 0, 0, 0], SUMMATION, 1);
    }
    expectClose(objectives, [objectives[0]!, objectives[0]!, objectives[0]!], ORACLE_OBJECTIVE);
  });
});

describe('isSilent', () => {
  it('holds exactly for sub-networks whose operator is zero', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const zeroRow = Array.from({ length: rows.n }, (_, i) =>
          rows.X.subarray(i * rows.d, (i + 1) * rows.d),
        ).some((row) => row.every((value) => value === 0));
        const zeroOperator = denseGroup(rows, gates)
          .A.flat()
          .every((value) => value === 0);
        if (!zeroRow) expect(isSilent(realisedPattern(rows, gates))).toBe(zeroOperator);
        else if (isSilent(realisedPattern(rows, gates))) expect(zeroOperator).toBe(true);
      }),
      fixed(200),
    );
  });

  it('holds for a neuron that is off everywhere and for a negative output layer', () => {
    const rows = { X: Float64Array.of(1, 2), n: 2, d: 1 };
    expect(isSilent(realisedPattern(rows, { first: [Float64Array.of(-1)] }))).toBe(true);
    expect(isSilent(realisedPattern(rows, { first: [Float64Array.of(1)] }))).toBe(false);
    const negative = { first: [Float64Array.of(1)], inner: [[Float64Array.of(-1)]] };
    expect(isSilent(realisedPattern(rows, negative))).toBe(true);
  });
});

/** Numbers of the units that each unit of a tree reads, none for the first layer. */
function childNumbers({ first, inner = [] }: GateWeights): number[][] {
  const children: number[][] = first.map(() => []);
  let start = 0;
  for (const layer of inner) {
    const next = children.length;
    layer.forEach((weights, u) => {
      children.push(Array.from(weights, (_, j) => start + u * weights.length + j));
    });
    start = next;
  }
  return children;
}

describe('unimpliedRows', () => {
  it('are the candidates with active neurons of both signs', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1, -1, -1), n: 4, d: 2 };
    const gates = {
      first: [Float64Array.of(2, -1), Float64Array.of(-1, 2)],
      inner: [[Float64Array.of(1, -1)]],
    };
    const upper = realisedPattern(rows, gates).units[2]!;
    expect([...unimpliedRows(upper, Int32Array.of(0, 1, 2, 3))]).toEqual([2]);
    expect([...unimpliedRows(upper, Int32Array.of(0, 1, 3))]).toEqual([]);
  });

  it('leave out only constraints that are sums of those of the children', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const { units, leaves } = realisedPattern(rows, gates);
        const { B } = denseGroup(rows, gates);
        const constraint = (unit: number, i: number): readonly number[] => B[i * units.length + unit]!;
        const childrenOf = childNumbers(gates);
        const candidates = Int32Array.from({ length: rows.n }, (_, i) => i);
        for (let k = leaves.length; k < units.length; k++) {
          const kept = new Set(unimpliedRows(units[k]!, candidates));
          for (const i of candidates) {
            if (kept.has(i)) continue;
            const active = childrenOf[k]!.filter((child) => isActive(units[child]!.pattern, i));
            const sum = constraint(k, i).map((_, t) =>
              active.reduce((total, child) => total + constraint(child, i)[t]!, 0),
            );
            expectClose(constraint(k, i), sum, 0);
          }
        }
      }),
      fixed(200),
    );
  });

  it('is every row with two neurons of opposite sign that are always on', () => {
    const rows = integerRows(40, 1, 3);
    rows.X.fill(1);
    const one = Float64Array.of(1);
    const pattern = realisedPattern(rows, { first: [one, one], inner: [[Float64Array.of(2, -1)]] });
    expect(activeCount(pattern.units[2]!.pattern)).toBe(40);
    expect(unimpliedRows(pattern.units[2]!, Int32Array.of(0, 33, 39))).toEqual(Int32Array.of(0, 33, 39));
  });
});

describe('a second-layer unit exactly on its hyperplane', () => {
  // Its state is not the one the signs of its inputs force, so the constraints there do not follow from those below.
  it.each([
    { name: 'one neuron', gates: { first: [Float64Array.of(0, -1)], inner: [[Float64Array.of(-1)]] } },
    {
      name: 'two equal neurons',
      gates: { first: [Float64Array.of(0, 1), Float64Array.of(0, 1)], inner: [[Float64Array.of(-1, -1)]] },
    },
  ])('keeps its constraints: $name', async ({ gates }) => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1), n: 3, d: 2 };
    const program: ConvexProgram = {
      rows,
      y: Float64Array.of(-1, 0, 0),
      loss: lossNamed('squared'),
      outputs: 1,
      beta: 0.1,
      formulation: 'relu',
      depth: 3,
      patterns: [realisedPattern(rows, gates)],
    };
    // Only the zero network is left: ½‖y‖². Without the constraints the objective was 0.1314 and 0.0682.
    const { objective, dualBound } = await solveProgram(program, { tolerance: SOLVER_GAP });
    const reference = fista(program, { step: FISTA_STEP, maxIterations: 20_000 });
    expectClose([objective, dualBound, reference.objective], [0.5, 0.5, 0.5], ORACLE_OBJECTIVE);
  });
});
