import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf, momentsOf } from './moments.js';

describe('momentsOf', () => {
  it('is exact on a hand-solved column', () => {
    expect(momentsOf(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toEqual({ mean: 5, scale: 2 });
  });

  it('keeps its accuracy beside a large offset and in extreme units', () => {
    const offset = momentsOf(Float64Array.of(1e12 - 1, 1e12, 1e12 + 1));
    expect(offset.mean).toBe(1e12);
    expect(offset.scale).toBeCloseTo(Math.sqrt(2 / 3), 12);
    for (const unit of [1e-140, 1e-12, 1e12, 1e150]) {
      const { mean, scale } = momentsOf(Float64Array.of(0, unit / 2, unit));
      expect(mean / unit).toBeCloseTo(0.5, 14);
      expect(scale / unit).toBeCloseTo(Math.sqrt(1 / 6), 14);
    }
  });

  it('does not drift over many rows', () => {
    const values = Float64Array.from({ length: 99_999 }, (_, i) => 1e12 + (i % 3) - 1);
    expect(momentsOf(values).mean).toBeCloseTo(1e12, 3);
  });

  it('sees no spread in rounding noise', () => {
    expect(momentsOf(Float64Array.of(0.3, 0.1 + 0.2, 0.3)).scale).toBe(0);
    expect(momentsOf(Float64Array.of(7, 7, 7)).scale).toBe(0);
    expect(momentsOf(Float64Array.of(0, 1e-300)).scale).toBe(0);
  });

  it('follows shifts and units', () => {
    const column = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(
        column,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -40, max: 40 }),
        (values, shift, power) => {
          const unit = 2 ** power;
          const base = momentsOf(Float64Array.from(values));
          const moved = momentsOf(Float64Array.from(values, (value) => (value + shift) * unit));
          expect(moved.mean / unit).toBeCloseTo(base.mean + shift, 9);
          expect(moved.scale / unit).toBeCloseTo(base.scale, 9);
        },
      ),
    );
  });
});

it('medianOf takes the middle, or the midpoint of two', () => {
  expect(medianOf(Float64Array.of(3, 1, 2))).toBe(2);
  expect(medianOf(Float64Array.of(10, 9, -1, 1))).toBe(5);
  expect(medianOf(Float64Array.of(1e308, 1e308))).toBe(1e308);
  expect(medianOf(new Float64Array())).toBe(0);
});
