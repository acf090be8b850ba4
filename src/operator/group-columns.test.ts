import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, gatedRowsArbitrary, normals } from '../../test/fixtures/random-program.js';
import { denseGroup, times, transposedTimes } from '../../test/oracles/dense-group.js';
import { SUMMATION } from '../../test/tolerances.js';
import { realisedPattern, type GateWeights, type Rows } from '../arrangement/sub-network-pattern.js';
import { javascriptKernel } from '../kernel/javascript/javascript-kernel.js';
import type { MaskedColumns } from '../kernel/kernel.js';
import { dot, norm2 } from '../linalg/vector.js';
import { columnsOf } from './group-columns.js';

/** Both depths; n runs over several words of a pattern. */
const instances = fc.tuple(gatedRowsArbitrary({ maxN: 70, maxD: 5 }), fc.nat(1e6));

const columnsOfOne = (rows: Rows, gates: GateWeights): MaskedColumns =>
  columnsOf([{ pattern: realisedPattern(rows, gates), output: 0, sign: 1 }]);

describe('addForward of the columns of a group', () => {
  it('adds alpha times the dense matrix times z', () => {
    fc.assert(
      fc.property(instances, fc.constantFrom(1, -1, 0.25), ([{ rows, gates }, seed], alpha) => {
        const z = normals(gates.first.length * rows.d, seed);
        const start = normals(rows.n, seed + 1);
        const out = Float64Array.from(start);
        const columns = columnsOfOne(rows, gates);
        const scales = Array.from(columns.scales, (scale) => alpha * scale);
        javascriptKernel.workspace(rows).addForward(out, { ...columns, scales }, z);
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

describe('adjointInto of the columns of a group', () => {
  it('is the transposed dense matrix times v, whatever was in out', () => {
    fc.assert(
      fc.property(instances, ([{ rows, gates }, seed]) => {
        const v = normals(rows.n, seed);
        const out = new Float64Array(gates.first.length * rows.d).fill(NaN);
        javascriptKernel.workspace(rows).adjointInto(out, columnsOfOne(rows, gates), v);
        expectClose(out, transposedTimes(denseGroup(rows, gates).A, v), SUMMATION, 100);
      }),
      fixed(120),
    );
  });

  it('is the adjoint: ⟨Az, v⟩ = ⟨z, Aᵀv⟩', () => {
    fc.assert(
      fc.property(instances, ([{ rows, gates }, seed]) => {
        const workspace = javascriptKernel.workspace(rows);
        const columns = columnsOfOne(rows, gates);
        const z = normals(gates.first.length * rows.d, seed);
        const v = normals(rows.n, seed + 1);
        const image = new Float64Array(rows.n);
        workspace.addForward(image, columns, z);
        const adjoint = new Float64Array(z.length);
        workspace.adjointInto(adjoint, columns, v);
        const size = norm2(image) * norm2(v) + norm2(z) * norm2(adjoint);
        expect(Math.abs(dot(image, v) - dot(z, adjoint))).toBeLessThanOrEqual(SUMMATION * size);
      }),
      fixed(120),
    );
  });
});
