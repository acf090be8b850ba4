import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { projectByFaces } from '../../test/oracles/cone.js';
import { PROJECTION, UNIT_LENGTH } from '../../test/tolerances.js';
import { ConeProjection } from './cone-projection.js';
import { DenseCone } from './dense-cone.js';

describe('DenseCone', () => {
  it('has the projections of its half-spaces, and support bounds above them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 7 }),
        fc.nat(1e6),
        (dims, count, seed) => {
          const normal = (i: number): Float64Array =>
            normals(dims, 1000 + seed + 7 * i).map((value) => 10 ** (i - 3) * value);
          const half = Array.from({ length: count }, (_, i) => normal(i));
          const cone = new DenseCone(dims, half);
          expect(cone).toMatchObject({ dims, count });
          const x = normals(dims, seed);
          const expected = projectByFaces(half.map((q) => Array.from(q)), x); // prettier-ignore
          const size = Math.hypot(...x);
          const slack = new Float64Array(count);
          const out = new Float64Array(dims);
          const projection = new ConeProjection(cone);
          const length = projection.project(out, x, slack);
          expectClose(out, expected, PROJECTION, size);
          expect(Math.abs(length - Math.hypot(...expected))).toBeLessThanOrEqual(PROJECTION * size);
          const bound = new ConeProjection(cone).supportBound(x, slack, 0);
          expect(bound).toBeGreaterThanOrEqual(Math.hypot(...expected) - UNIT_LENGTH * size);
          expect(bound - length).toBeLessThanOrEqual(PROJECTION * size);
          const q = new Float64Array(dims);
          cone.slackInto(slack, x);
          for (let i = 0; i < count; i++) {
            cone.normalInto(q, i);
            expect(Math.abs(Math.hypot(...q) - 1)).toBeLessThanOrEqual(UNIT_LENGTH);
            expect(cone.slackAt(x, i)).toBe(slack[i]);
            expect(slack[i]).toBeCloseTo(q.reduce((sum, value, t) => sum + value * x[t]!, 0), 12); // prettier-ignore
          }
        },
      ),
      fixed(200),
    );
  });
});
