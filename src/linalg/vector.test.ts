import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import { FEW_ROUNDINGS, SUBNORMAL, SUMMATION } from '../../test/tolerances.js';
import { axpy, axpyAt, dot, dotAt, norm2, rowProductsInto } from './vector.js';

function plainDot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

describe('dot and dotAt', () => {
  it('equal the plain loop at every tail size', () => {
    for (let n = 0; n <= 9; n++) {
      const a = normals(n, n);
      const b = normals(n, n + 100);
      const size = Math.sqrt(plainDot(a, a) * plainDot(b, b));
      expectClose([dot(a, b)], [plainDot(a, b)], SUMMATION, size);
      const long = Float64Array.of(NaN, NaN, ...a, NaN);
      const other = Float64Array.of(NaN, ...b, NaN);
      expectClose([dotAt(long, 2, other, 1, n)], [plainDot(a, b)], SUMMATION, size);
    }
  });
});

describe('rowProductsInto', () => {
  it('sums each row in ascending order, at every tail size, and writes nothing else', () => {
    for (let count = 0; count <= 9; count++) {
      for (const d of [0, 1, 3, 6]) {
        const values = normals(count * d + 2, count);
        const z = normals(d + 1, d);
        const out = new Float64Array(count + 2).fill(7);
        rowProductsInto(out, { values, count, d }, z, { out: 1, z: 1 });
        const expected = Array.from({ length: count }, (_, i) =>
          plainDot(values.slice(i * d, (i + 1) * d), z.slice(1)),
        );
        expect([...out]).toEqual([7, ...expected, 7]);
      }
    }
  });
});

describe('axpy and axpyAt', () => {
  it('change exactly the slice named', () => {
    const y = Float64Array.of(1, 2, 3, 4, 5);
    axpyAt(y, 1, 10, Float64Array.of(9, 1, 2, 3, 9), 1, 3);
    expect([...y]).toEqual([1, 12, 23, 34, 5]);
    axpyAt(y, 0, 1, y, 0, 0);
    expect([...y]).toEqual([1, 12, 23, 34, 5]);
    axpy(y, -1, Float64Array.of(1, 12, 23, 34, 5));
    expect([...y]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('norm2', () => {
  it('is 0 for an empty and a zero vector, and passes what is not finite through', () => {
    expect(norm2(new Float64Array(0))).toBe(0);
    expect(norm2(Float64Array.of(0, -0))).toBe(0);
    expect(norm2(Float64Array.of(1, -Infinity))).toBe(Infinity);
    expect(norm2(Float64Array.of(1, NaN, Infinity))).toBeNaN();
  });

  it('is homogeneous over the whole range of float64', () => {
    const a = Float64Array.of(3, -4, 12);
    for (const exponent of [-320, -300, -200, -160, -141, -140, -9, 0, 9, 139, 141, 160, 200, 300, 306]) {
      const unit = Number(`1e${exponent}`);
      // A subnormal unit is itself rounded: compare with what was stored.
      const scaled = a.map((value) => value * unit);
      const expected = exponent < -300 ? Math.hypot(...scaled) : 13 * unit;
      expectClose([norm2(scaled)], [expected], exponent < -300 ? SUBNORMAL : 4 * FEW_ROUNDINGS);
    }
  });

  it('obeys the triangle inequality and Cauchy–Schwarz', () => {
    const vector = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(vector, vector, (p, q) => {
        const a = Float64Array.from(p);
        const b = Float64Array.from(q);
        const sum = a.map((value, i) => value + b[i]!);
        const most = norm2(a) + norm2(b);
        expect(norm2(sum)).toBeLessThanOrEqual(most * (1 + SUMMATION));
        expect(Math.abs(dot(a, b))).toBeLessThanOrEqual(
          norm2(a) * norm2(b) * (1 + SUMMATION) + Number.MIN_VALUE,
        );
      }),
      fixed(200),
    );
  });
});
