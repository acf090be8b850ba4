import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { denseCone } from '../../test/fixtures/dense-cone.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { projectByFaces, projectByQuadprog, unitRows } from '../../test/oracles/cone.js';
import { times, type Matrix } from '../../test/oracles/dense-group.js';
import {
  DIFFERENCE_STEP,
  FEASIBILITY,
  FEW_ROUNDINGS,
  JACOBIAN,
  MOREAU,
  PROJECTION,
} from '../../test/tolerances.js';
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

/** Cold upper bound on ‖Π_K(x)‖ for K = {z : Bz ≥ 0}. */
function supportBound(B: Matrix, x: Float64Array, stopBelow = 0): number {
  const projection = new ConeProjection(denseCone(B, x.length));
  return projection.supportBound(x, new Float64Array(projection.cone.count), stopBelow);
}

/** Entries as whole numbers times 2^−shift, exactly. */
const SHIFT = 1074n;
function exact(value: number): bigint {
  let whole = value;
  let shift = SHIFT;
  for (; !Number.isInteger(whole); shift--) whole *= 2;
  return BigInt(whole) << shift;
}

function determinant(m: readonly (readonly bigint[])[]): bigint {
  if (m.length === 0) return 1n;
  return m[0]!.reduce((sum, value, c) => {
    const minor = m.slice(1).map((row) => row.filter((_, t) => t !== c));
    return sum + (c % 2 === 0 ? value : -value) * determinant(minor);
  }, 0n);
}

/**
 * Whether bound ≥ ‖Π_K(x)‖, decided without rounding for few constraints. Π_K(x) is the longest of the feasible
 * projections of x onto the subspaces where independent constraints S hold with equality, D·z = D·x − B_Sᵀ adj(G) B_S x
 * with G = B_S B_Sᵀ and D = det G.
 */
function isUpperBound(bound: number, B: Matrix, x: Float64Array): boolean {
  const b = unitRows(B).map((row) => row.map(exact));
  const point = Array.from(x, exact);
  const inner = (p: readonly bigint[], q: readonly bigint[]): bigint =>
    p.reduce((sum, value, t) => sum + value * q[t]!, 0n);
  const limit = exact(bound);
  for (let set = 0; set < 2 ** b.length; set++) {
    const active = b.filter((_, i) => (set >> i) & 1);
    const gram = active.map((p) => active.map((q) => inner(p, q)));
    const D = determinant(gram);
    if (D <= 0n) continue;
    const z = point.map((value) => D * value);
    active.forEach((normal, c) => {
      const swapped = gram.map((row, r) =>
        row.map((value, t) => (t === c ? inner(active[r]!, point) : value)),
      );
      const weight = determinant(swapped);
      normal.forEach((value, t) => (z[t]! -= weight * value));
    });
    if (b.every((normal) => inner(normal, z) >= 0n) && inner(z, z) > (D * limit) ** 2n) return false;
  }
  return true;
}

describe('ConeProjection on ill-conditioned cones', () => {
  it('reconsiders constraints refused earlier: none stays violated', () => {
    // The projection used to violate a constraint by 0.0037 ‖x‖.
    const B = [
      [-0.6579352515126943, 0.3144400301834116, 3.3942605875242853],
      [0.023634441993950032, -0.2144792040356745, -3.35252168051113],
      [-0.011817220961717069, 0.107239601990096, 1.67626084032812],
      [0.6579306428986136, -0.314358888858974, -0.7803325246882674],
    ];
    const x = Float64Array.of(-0.01155107778411733, 0.10283402076822193, -1.2753005067062058);
    const { z } = project(B, x);
    for (const slack of times(unitRows(B), z)) expect(slack).toBeGreaterThanOrEqual(-PROJECTION * norm2(x));
  });

  it('bounds the support value from above where two normals are opposite to ten digits', () => {
    const B = [
      [-0.9114954005570103, 0.2705436834033652, -0.30981002264929236],
      [0.9114954005995072, -0.2705436832344608, 0.3098100226717586],
    ];
    const x = Float64Array.of(-0.28094036159436303, -0.06935619531481194, -0.32720783811241005);
    const bound = supportBound(B, x);
    expect(bound).toBeGreaterThanOrEqual(0.21195436356661226);
    expect(isUpperBound(0.2119543635, B, x)).toBe(false);
    expect(isUpperBound(0.21195436357, B, x)).toBe(true);
  });

  it('bounds the support value from above on nearly opposite and nearly equal normals, without exception', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3 }),
        fc.integer({ min: 2, max: 4 }),
        fc.double({ min: -16, max: -1, noNaN: true }),
        fc.nat(1e6),
        fc.boolean(),
        (dims, count, digits, seed, early) => {
          const [base, ...noise] = matrix(count, dims, seed);
          const B = [
            base!,
            ...noise.map((row, i) =>
              row.map((value, t) => (i % 2 === 0 ? -1 : 1) * base![t]! + 10 ** digits * value),
            ),
          ];
          const x = normals(dims, seed + 50);
          const bound = supportBound(B, x, early ? 0.7 * norm2(x) : 0);
          expect(bound).toBeLessThanOrEqual(norm2(x) * (1 + PROJECTION));
          expect(isUpperBound(bound, B, x)).toBe(true);
        },
      ),
      fixed(300),
    );
  });

  it('bounds the support value closely at any scale, wherever the projection was before', () => {
    fc.assert(
      fc.property(solid, fc.constantFrom(1e-30, 1e-9, 1, 1e9, 1e30), fc.nat(1e6), ({ B, x }, unit, seed) => {
        const { norm } = project(B, x);
        const projection = new ConeProjection(denseCone(B, x.length));
        const slack = new Float64Array(projection.cone.count);
        // Multipliers of a point of another size used to leave their rounding in those of the next one.
        projectWith(
          projection,
          normals(x.length, seed).map((value) => value / unit),
        );
        const bound = projection.supportBound(
          x.map((value) => unit * value),
          slack,
          0,
        );
        expectClose([bound], [unit * norm], PROJECTION, unit * norm2(x));
      }),
      fixed(300),
    );
  });

  it.each([1e-170, 1e-80, 1, 1e80, 1e160])('projects vectors whose squares leave the range: %f', (unit) => {
    const { z, norm } = project([[1, 0]], Float64Array.of(-3 * unit, 4 * unit));
    expect(z[0]!).toBe(0);
    expectClose([z[1]!, norm], [4 * unit, 4 * unit], 4 * FEW_ROUNDINGS);
  });
});
