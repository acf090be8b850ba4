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
import { denseGroup } from '../../test/oracles/dense-group.js';
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
        const { first, second } = gates;
        const { A, B } = writtenOut(rows, realisedPattern(rows, gates));
        // z_j = w_1j |w_2j|: then A z is (Σ_j (X w_1j)₊ w_2j)₊, and z lies in the cone.
        const z = first.flatMap((w, j) => Array.from(w, (value) => value * Math.abs(second?.[j] ?? 1)));
        const hidden = first.map((w) => preactivation(rows, w).map((value) => Math.max(0, value)));
        const out = Array.from({ length: rows.n }, (_, i) =>
          second
            ? Math.max(
                0,
                hidden.reduce((sum, h, j) => sum + h[i]! * second[j]!, 0),
              )
            : hidden[0]![i]!,
        );
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

describe('groupKey', () => {
  it('ignores the order of the neurons and their scale', () => {
    fc.assert(
      fc.property(small, fc.nat(5), ({ rows, gates }, turn) => {
        const order = gates.first.map((_, j) => (j + turn) % gates.first.length);
        const permuted = {
          first: order.map((j) => gates.first[j]!.map((value) => 4 * value)),
          ...(gates.second ? { second: Float64Array.from(order, (j) => gates.second![j]!) } : {}),
        };
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
        second: normals(2, 3 * seed + 2),
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
    ].map((second) => groupKey(realisedPattern(rows, { first, second })));
    expect(new Set(keys).size).toBe(4);
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
    const negative = { first: [Float64Array.of(1)], second: Float64Array.of(-1) };
    expect(isSilent(realisedPattern(rows, negative))).toBe(true);
  });
});

describe('unimpliedRows', () => {
  it('are the candidates with active neurons of both signs', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1, 1, 1, -1, -1), n: 4, d: 2 };
    const gates = {
      first: [Float64Array.of(2, -1), Float64Array.of(-1, 2)],
      second: Float64Array.of(1, -1),
    };
    const upper = realisedPattern(rows, gates).units[2]!;
    expect([...unimpliedRows(upper, Int32Array.of(0, 1, 2, 3))]).toEqual([2]);
    expect([...unimpliedRows(upper, Int32Array.of(0, 1, 3))]).toEqual([]);
  });

  it('leave out only constraints that follow from those of the lower units', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const pattern = realisedPattern(rows, gates);
        const candidates = Int32Array.from({ length: rows.n }, (_, i) => i);
        for (const unit of pattern.units.slice(pattern.leaves.length)) {
          const mixed = new Set(unimpliedRows(unit, candidates));
          for (let i = 0; i < rows.n; i++) {
            const zero = rows.X.subarray(i * rows.d, (i + 1) * rows.d).every((value) => value === 0);
            if (mixed.has(i) || zero) continue;
            // An active leaf has x_i·z_j ≥ 0, so the sum of the terms has the sign they share.
            const wanted = isActive(unit.pattern, i) ? 1 : -1;
            for (const { sign, mask } of unit.terms) {
              if (!mask || isActive(mask, i)) expect(sign).toBe(wanted);
            }
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
    const pattern = realisedPattern(rows, { first: [one, one], second: Float64Array.of(2, -1) });
    expect(activeCount(pattern.units[2]!.pattern)).toBe(40);
    expect(unimpliedRows(pattern.units[2]!, Int32Array.of(0, 33, 39))).toEqual(Int32Array.of(0, 33, 39));
  });
});

describe('a second-layer unit exactly on its hyperplane', () => {
  // Its state is not the one the signs of its inputs force, so the constraints there do not follow from those below.
  it.each([
    { name: 'one neuron', gates: { first: [Float64Array.of(0, -1)], second: Float64Array.of(-1) } },
    {
      name: 'two equal neurons',
      gates: { first: [Float64Array.of(0, 1), Float64Array.of(0, 1)], second: Float64Array.of(-1, -1) },
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
