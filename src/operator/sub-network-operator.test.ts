import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, gatedRowsArbitrary, normals } from '../../test/fixtures/random-program.js';
import { denseGroup, times, transposedTimes } from '../../test/oracles/dense-group.js';
import { SUMMATION } from '../../test/tolerances.js';
import { realisedPattern } from '../arrangement/sub-network-pattern.js';
import { dot, norm2 } from '../linalg/vector.js';
import { addForward, adjointInto } from './sub-network-operator.js';

/** Both depths; n runs over several words of a pattern. */
const instances = fc.tuple(gatedRowsArbitrary({ maxN: 70, maxD: 5 }), fc.nat(1e6));

describe('addForward', () => {
  it('adds alpha times the dense matrix times z', () => {
    fc.assert(
      fc.property(instances, fc.constantFrom(1, -1, 0.25), ([{ rows, gates }, seed], alpha) => {
        const z = normals(gates.first.length * rows.d, seed);
        const start = normals(rows.n, seed + 1);
        const out = Float64Array.from(start);
        addForward(out, rows, realisedPattern(rows, gates), z, alpha);
        const image = times(denseGroup(rows, gates).A, z);
        expectClose(
          out,
          start.map((value, i) => value + alpha * image[i]!),
          SUMMATION,
          10,
        );
      }),
      fixed(120),
    );
  });
});

describe('adjointInto', () => {
  it('is the transposed dense matrix times v, whatever was in out', () => {
    fc.assert(
      fc.property(instances, ([{ rows, gates }, seed]) => {
        const v = normals(rows.n, seed);
        const out = new Float64Array(gates.first.length * rows.d).fill(NaN);
        adjointInto(out, rows, realisedPattern(rows, gates), v);
        expectClose(out, transposedTimes(denseGroup(rows, gates).A, v), SUMMATION, 100);
      }),
      fixed(120),
    );
  });

  it('is the adjoint: ⟨Az, v⟩ = ⟨z, Aᵀv⟩', () => {
    fc.assert(
      fc.property(instances, ([{ rows, gates }, seed]) => {
        const pattern = realisedPattern(rows, gates);
        const z = normals(gates.first.length * rows.d, seed);
        const v = normals(rows.n, seed + 1);
        const image = new Float64Array(rows.n);
        addForward(image, rows, pattern, z, 1);
        const adjoint = new Float64Array(z.length);
        adjointInto(adjoint, rows, pattern, v);
        const size = norm2(image) * norm2(v) + norm2(z) * norm2(adjoint);
        expect(Math.abs(dot(image, v) - dot(z, adjoint))).toBeLessThanOrEqual(SUMMATION * size);
      }),
      fixed(120),
    );
  });
});
