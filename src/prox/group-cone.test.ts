import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, expectClose } from '../../test/fixtures/close.js';
import { fixed, gatedRowsArbitrary, normals } from '../../test/fixtures/random-program.js';
import { projectByQuadprog, unitRows } from '../../test/oracles/cone.js';
import { denseGroup, times, witnessOf } from '../../test/oracles/dense-group.js';
import { FEW_ROUNDINGS, PROJECTION, SUMMATION } from '../../test/tolerances.js';
import { realisedPattern, type GateWeights, type Rows } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import { GroupCone, relativeViolation } from './group-cone.js';
import { rowGeometry } from './row-geometry.js';

function coneOf(rows: Rows, gates: GateWeights): GroupCone {
  return new GroupCone(rowGeometry(rows), realisedPattern(rows, gates));
}

function normalsOf(cone: GroupCone): Float64Array[] {
  return Array.from({ length: cone.count }, (_, i) => {
    const out = new Float64Array(cone.dims).fill(NaN);
    cone.normalInto(out, i);
    return out;
  });
}

const small = gatedRowsArbitrary({ maxN: 40, maxD: 4 });

describe('GroupCone', () => {
  it('has unit normals, and the same slacks by every way of asking', () => {
    fc.assert(
      fc.property(small, fc.nat(1e6), ({ rows, gates }, seed) => {
        const cone = coneOf(rows, gates);
        const z = normals(cone.dims, seed);
        const slack = new Float64Array(cone.count);
        cone.slackInto(slack, z);
        const b = normalsOf(cone);
        expectClose(b.map(norm2), new Float64Array(cone.count).fill(1), 10 * FEW_ROUNDINGS, 1);
        expectClose(
          slack,
          times(
            b.map((normal) => Array.from(normal)),
            z,
          ),
          SUMMATION,
          norm2(z),
        );
        expectClose(
          slack.map((_, i) => cone.slackAt(z, i)),
          slack,
          SUMMATION,
          norm2(z),
        );
      }),
      fixed(120),
    );
  });

  it('uses only constraints of the definition', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        const dense = unitRows(denseGroup(rows, gates).B);
        for (const normal of normalsOf(coneOf(rows, gates))) {
          expect(dense.some((row) => distance(row, normal) <= SUMMATION)).toBe(true);
        }
      }),
      fixed(60),
    );
  });

  it('leaves none out that matters: its points satisfy every constraint of the definition', () => {
    fc.assert(
      fc.property(gatedRowsArbitrary({ maxN: 12, maxD: 3 }), fc.nat(1e6), ({ rows, gates }, seed) => {
        const cone = coneOf(rows, gates);
        const b = normalsOf(cone).map((normal) => Array.from(normal));
        const z = b.length > 0 ? projectByQuadprog(b, normals(cone.dims, seed)) : normals(cone.dims, seed);
        for (const slack of times(unitRows(denseGroup(rows, gates).B), z)) {
          expect(slack).toBeGreaterThanOrEqual(-PROJECTION);
        }
      }),
      fixed(150),
    );
  });

  it('contains the weights that realise its patterns', () => {
    fc.assert(
      fc.property(small, ({ rows, gates }) => {
        expect(relativeViolation(coneOf(rows, gates), witnessOf(gates))).toBeLessThanOrEqual(SUMMATION);
      }),
      fixed(60),
    );
  });

  it('counts repeated rows once and zero rows never', () => {
    const X = Float64Array.of(1, 2, 1, 2, 0, 0, -1, -2);
    const gates = {
      first: [Float64Array.of(1, 0), Float64Array.of(0, 1)],
      inner: [[Float64Array.of(1, -1)]],
    };
    const rows = { X, n: 4, d: 2 };
    // Distinct rows (1, 2) and (−1, −2) for two neurons, and (1, 2) where both are on with opposite signs.
    const cone = coneOf(rows, gates);
    expect(cone.count).toBe(5);
    expect(coneOf(rows, { first: [gates.first[0]!] }).count).toBe(2);
    expect(() => {
      cone.normalInto(new Float64Array(4), 5);
    }).toThrow(RangeError);
  });

  it('has no constraint without rows', () => {
    const cone = coneOf({ X: new Float64Array(6), n: 3, d: 2 }, { first: [Float64Array.of(1, 1)] });
    expect(cone.count).toBe(0);
    expect(relativeViolation(cone, Float64Array.of(-1, 5))).toBe(0);
  });
});

describe('relativeViolation', () => {
  const cone = coneOf({ X: Float64Array.of(2, 0, 0, 3), n: 2, d: 2 }, { first: [Float64Array.of(1, 1)] });

  it('is 0 for a feasible point and for 0', () => {
    expect(relativeViolation(cone, Float64Array.of(1, 0))).toBe(0);
    expect(relativeViolation(cone, new Float64Array(2))).toBe(0);
  });

  it('is the worst slack in the units of the point, at any scale', () => {
    for (const unit of [1e-150, 1e-9, 1, 1e9, 1e150]) {
      const violation = relativeViolation(cone, Float64Array.of(-0.6 * unit, 0.8 * unit));
      expectClose([violation], [0.6], 4 * FEW_ROUNDINGS);
    }
  });
});
