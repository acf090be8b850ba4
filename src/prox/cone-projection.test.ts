import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { denseCone } from '../../test/fixtures/dense-cone.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { projectByFaces, projectByQuadprog, unitRows } from '../../test/oracles/cone.js';
import { times, type Matrix } from '../../test/oracles/dense-group.js';
import { DIFFERENCE_STEP, FEASIBILITY, JACOBIAN, MOREAU, PROJECTION } from '../../test/tolerances.js';
import { dot, norm2 } from '../linalg/vector.js';
import { ConeProjection } from './cone-projection.js';

/** Cold projection onto {z : Bz ≥ 0}: the point and the norm that was returned. */
function project(B: Matrix, x: Float64Array, stopBelow = 0): { z: Float64Array; norm: number } {
  return projectWith(new ConeProjection(denseCone(B, x.length)), x, stopBelow);
}

function projectWith(
  projection: ConeProjection,
  x: Float64Array,
  stopBelow = 0,
): { z: Float64Array; norm: number } {
  const z = new Float64Array(x.length).fill(NaN);
  const norm = projection.project(z, x, new Float64Array(projection.cone.count), stopBelow);
  return { z, norm };
}

function matrix(count: number, dims: number, seed: number): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from(normals(dims, 100 * seed + i)));
}

/** Small integers: repeated, opposite, dependent and zero constraints; equalities and the cone {0} are common. */
function integerMatrix(count: number, dims: number, seed: number): number[][] {
  return matrix(count, dims, seed).map((row) => row.map((value) => Math.round(value) + 0));
}

interface Instance {
  readonly B: number[][];
  readonly x: Float64Array;
  readonly seed: number;
}

const generic: fc.Arbitrary<Instance> = fc
  .record({ dims: fc.integer({ min: 1, max: 7 }), count: fc.nat(24), seed: fc.nat(1e6) })
  .map(({ dims, count, seed }) => ({ B: matrix(count, dims, seed), x: normals(dims, seed + 7), seed }));

/** Cones with an interior, so that most projections are not 0: constraints all flipped to contain one point. */
const solid: fc.Arbitrary<Instance> = generic.map(({ B, x, seed }) => {
  const inside = normals(x.length, seed + 8);
  return { B: B.map((row) => (times([row], inside)[0]! < 0 ? row.map((value) => -value) : row)), x, seed };
});

const degenerate: fc.Arbitrary<Instance> = fc
  .record({ dims: fc.integer({ min: 1, max: 4 }), count: fc.nat(9), seed: fc.nat(1e6), round: fc.boolean() })
  .map(({ dims, count, seed, round }) => ({
    B: integerMatrix(count, dims, seed),
    x: normals(dims, seed + 7).map((value) => (round ? Math.round(2 * value) : value)),
    seed,
  }));

const any = fc.oneof(generic, solid, degenerate);

/** Checks Moreau's decomposition, which characterises the projection completely, from B alone. */
function expectMoreau(B: Matrix, x: Float64Array, z: Float64Array, norm: number): void {
  const length = norm2(x);
  expectClose([norm], [norm2(z)], MOREAU, length);
  for (const slack of times(unitRows(B), z)) expect(slack).toBeGreaterThanOrEqual(-FEASIBILITY * length);
  const rest = x.map((value, t) => value - z[t]!);
  expect(Math.abs(dot(z, rest))).toBeLessThanOrEqual(MOREAU * length ** 2);
}

describe('ConeProjection', () => {
  it('agrees with quadprog on cones with an interior', () => {
    fc.assert(
      fc.property(solid, ({ B, x }) => {
        const { z, norm } = project(B, x);
        const expected = projectByQuadprog(B.length > 0 ? B : [[...x]], x);
        expectClose(z, B.length > 0 ? expected : x, PROJECTION, norm2(x));
        expectMoreau(B, x, z, norm);
      }),
      fixed(400),
    );
  });

  it('agrees with the exhaustive search over faces on degenerate cones', () => {
    fc.assert(
      fc.property(degenerate, ({ B, x }) => {
        const { z, norm } = project(B, x);
        expectClose(z, projectByFaces(B, x), PROJECTION, norm2(x));
        expectMoreau(B, x, z, norm);
      }),
      fixed(600),
    );
  });

  it('splits x into Π_K(x) and Π_{K°}(x), orthogonal to each other (Moreau)', () => {
    fc.assert(
      fc.property(any, ({ B, x }) => {
        const { z, norm } = project(B, x);
        expectMoreau(B, x, z, norm);
        // x − z lies in the polar cone, so it projects to 0; and z stays where it is.
        const rest = x.map((value, t) => value - z[t]!);
        expect(project(B, rest).norm).toBeLessThanOrEqual(PROJECTION * norm2(x));
        expectClose(project(B, z).z, z, PROJECTION, norm2(x));
      }),
      fixed(300),
    );
  });

  it('is positively homogeneous, and blind to the length of the constraints', () => {
    fc.assert(
      fc.property(any, fc.constantFrom(1e-9, 0.3, 1e9), fc.constantFrom(1e-9, 7, 1e9), ({ B, x }, a, b) => {
        const { z } = project(B, x);
        const scaled = project(
          B.map((row, i) => row.map((value) => (i % 2 === 0 ? b : 1) * value)),
          x.map((value) => a * value),
        );
        expectClose(
          scaled.z,
          z.map((value) => a * value),
          PROJECTION,
          a * norm2(x),
        );
      }),
      fixed(200),
    );
  });

  it('gives the same answer warm as cold, wherever it was before', () => {
    fc.assert(
      fc.property(
        any,
        fc.array(fc.tuple(fc.nat(1e6), fc.boolean()), { maxLength: 8 }),
        ({ B, x }, visits) => {
          const projection = new ConeProjection(denseCone(B, x.length));
          for (const [seed, early] of visits) {
            const elsewhere = normals(x.length, seed);
            projectWith(projection, elsewhere, early ? norm2(elsewhere) / 2 : 0);
          }
          const { z, norm } = projectWith(projection, x);
          expectClose(z, project(B, x).z, PROJECTION, norm2(x));
          expectMoreau(B, x, z, norm);
        },
      ),
      fixed(300),
    );
  });

  it('stops early with an upper bound on the true norm that is ≤ stopBelow, else gives the projection', () => {
    fc.assert(
      fc.property(
        any,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.boolean(),
        ({ B, x, seed }, share, warm) => {
          const truth = project(B, x);
          const stopBelow = share * norm2(x);
          const projection = new ConeProjection(denseCone(B, x.length));
          if (warm) projectWith(projection, normals(x.length, seed + 3));
          const { z, norm } = projectWith(projection, x, stopBelow);
          expect(norm).toBeGreaterThanOrEqual(truth.norm - MOREAU * norm2(x));
          if (truth.norm > stopBelow * (1 + PROJECTION)) {
            expectClose(z, truth.z, PROJECTION, norm2(x));
            expectClose([norm], [truth.norm], PROJECTION);
          } else if (truth.norm < stopBelow * (1 - PROJECTION)) {
            expect(norm).toBeLessThanOrEqual(stopBelow);
          }
        },
      ),
      fixed(300),
    );
  });

  it('sends the polar cone to 0 and leaves the cone as it is', () => {
    fc.assert(
      fc.property(any, ({ B, x, seed }) => {
        const weights = normals(B.length, seed + 5).map(Math.abs);
        const polar = x.map((_, t) => -B.reduce((sum, row, i) => sum + weights[i]! * row[t]!, 0));
        expect(project(B, polar).norm).toBeLessThanOrEqual(PROJECTION * norm2(polar));
        if (times(B, x).every((slack) => slack >= 0)) expect([...project(B, x).z]).toEqual([...x]);
        expect(project(B, new Float64Array(x.length)).norm).toBe(0);
      }),
      fixed(200),
    );
  });

  it('is non-expansive', () => {
    fc.assert(
      fc.property(any, ({ B, x, seed }) => {
        const other = normals(x.length, seed + 11);
        const a = project(B, x).z;
        const b = project(B, other).z;
        const apart = norm2(x.map((value, t) => value - other[t]!));
        expect(norm2(a.map((value, t) => value - b[t]!))).toBeLessThanOrEqual(apart * (1 + PROJECTION));
      }),
      fixed(100),
    );
  });

  it('has I − QQᵀ as its Jacobian wherever it is differentiable', () => {
    fc.assert(
      fc.property(solid, ({ B, x, seed }) => {
        const direction = normals(x.length, seed + 13);
        const moved = (step: number): Float64Array => x.map((value, t) => value + step * direction[t]!);
        const projection = new ConeProjection(denseCone(B, x.length));
        const { z } = projectWith(projection, x);
        const expected = Float64Array.from(direction);
        projection.qr.removeSpanFrom(expected);
        const ahead = project(B, moved(DIFFERENCE_STEP)).z;
        const behind = project(B, moved(-DIFFERENCE_STEP)).z;
        const slope = ahead.map((value, t) => (value - behind[t]!) / (2 * DIFFERENCE_STEP));
        // On a kink the two one-sided differences disagree: nothing to check there.
        const bend = ahead.map((value, t) => (value + behind[t]! - 2 * z[t]!) / DIFFERENCE_STEP);
        fc.pre(norm2(bend) <= JACOBIAN);
        expectClose(slope, expected, JACOBIAN, norm2(direction));
      }),
      fixed(150),
    );
  });
});

describe('ConeProjection on degenerate cones solved by hand', () => {
  const x = Float64Array.of(3, 4, -5);

  it.each([
    { name: 'no constraint', B: [], z: [3, 4, -5] },
    { name: 'an equality from opposite constraints', B: [[1, 0, 0], [-1, 0, 0]], z: [0, 4, -5] }, // prettier-ignore
    { name: 'the cone {0}', B: [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]], z: [0, 0, 0] }, // prettier-ignore
    { name: 'equalities in every coordinate', B: [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], z: [0, 0, 0] }, // prettier-ignore
    { name: 'one constraint many times', B: [[0, 0, 1], [0, 0, 2], [0, 0, 1], [0, 0, 1e-9]], z: [3, 4, 0] }, // prettier-ignore
    { name: 'a plane from three constraints of rank two', B: [[1, 0, 0], [0, 1, 0], [-1, -1, 0]], z: [0, 0, -5] }, // prettier-ignore
    { name: 'a redundant constraint', B: [[0, 0, 1], [0, 1, 1], [1, 1, 1]], z: [3, 4, 0] }, // prettier-ignore
  ])('$name', ({ B, z }) => {
    for (const unit of [1e-9, 1, 1e9]) {
      const { z: found } = project(
        B,
        x.map((value) => unit * value),
      );
      expectClose(
        found,
        z.map((value) => unit * value),
        PROJECTION,
        unit,
      );
    }
  });

  it('is 0 at once when no more directions are free', () => {
    const B = matrix(30, 3, 1);
    const { z, norm } = project([...B, ...B.map((row) => row.map((value) => -value))], x);
    expect([...z]).toEqual([0, 0, 0]);
    expect(norm).toBe(0);
  });
});
