import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals } from '../../test/fixtures/random-program.js';
import {
  DIFFERENCE_STEP,
  FENCHEL_YOUNG,
  FEW_ROUNDINGS,
  FINITE_DIFFERENCE,
  WEAK_INEQUALITY,
} from '../../test/tolerances.js';
import { dot } from '../linalg/vector.js';
import { lossNamed, type Loss, type LossName } from './index.js';

const names = ['squared', 'logistic'] satisfies LossName[];

/** Predictions, targets of the kind the loss takes, and a dual vector in the domain of its conjugate. */
function instance(name: LossName, seed: number): { f: Float64Array; y: Float64Array; v: Float64Array } {
  const n = 6;
  const f = normals(n, seed).map((value) => 3 * value);
  const y = normals(n, seed + 1).map((value) => (name === 'logistic' ? (value < 0 ? -1 : 1) : value));
  const v = normals(n, seed + 2).map((value, i) =>
    name === 'logistic' ? -y[i]! / (1 + Math.exp(value)) : value,
  );
  return { f, y, v };
}

function gradient(loss: Loss, f: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(f.length);
  loss.gradientInto(out, f, y);
  return out;
}

function curvature(loss: Loss, f: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(f.length);
  loss.curvatureInto(out, f, y);
  return out;
}

/** Size of the terms of the Fenchel–Young inequality. */
function termSize(loss: Loss, f: Float64Array, y: Float64Array, v: Float64Array): number {
  return 1 + loss.value(f, y) + f.reduce((sum, value, i) => sum + Math.abs(v[i]! * value) + v[i]! ** 2, 0);
}

describe.each(names)('%s loss', (name) => {
  const loss = lossNamed(name);

  it('goes by its name', () => {
    expect(loss.name).toBe(name);
  });

  it('has the gradient of its value and the curvature of its gradient (central differences, 10 points)', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { f, y } = instance(name, 3 * seed);
      f.forEach((_, i) => {
        const shifted = (by: number): Float64Array => f.map((value, k) => (k === i ? value + by : value));
        const above = shifted(DIFFERENCE_STEP);
        const below = shifted(-DIFFERENCE_STEP);
        const slope = (loss.value(above, y) - loss.value(below, y)) / (2 * DIFFERENCE_STEP);
        expectClose([gradient(loss, f, y)[i]!], [slope], FINITE_DIFFERENCE, 1 + loss.value(f, y));
        const bend = (gradient(loss, above, y)[i]! - gradient(loss, below, y)[i]!) / (2 * DIFFERENCE_STEP);
        expectClose([curvature(loss, f, y)[i]!], [bend], FINITE_DIFFERENCE, 1);
      });
    }
  });

  it('obeys Fenchel–Young: 𝓛(f) + 𝓛*(v) ≥ ⟨f, v⟩', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const { f, y, v } = instance(name, seed);
        const gap = loss.value(f, y) + loss.conjugate(v, y) - dot(f, v);
        expect(gap).toBeGreaterThanOrEqual(-WEAK_INEQUALITY * termSize(loss, f, y, v));
      }),
      fixed(300),
    );
  });

  it('attains it at v = ∇𝓛(f)', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { f, y } = instance(name, seed);
      const v = gradient(loss, f, y);
      const sum = loss.value(f, y) + loss.conjugate(v, y);
      expectClose([sum], [dot(f, v)], FENCHEL_YOUNG, termSize(loss, f, y, v));
    }
  });

  it('is bent at most by its curvature bound, and reaches it', () => {
    const y = Float64Array.of(1, -1);
    for (let value = -40; value <= 40; value += 1 / 16) {
      for (const bend of curvature(loss, new Float64Array(2).fill(value), y)) {
        expect(bend).toBeGreaterThanOrEqual(0);
        expect(bend).toBeLessThanOrEqual(loss.curvatureBound);
      }
    }
    expectClose(curvature(loss, new Float64Array(2), y), [loss.curvatureBound, loss.curvatureBound], 0);
  });

  it('is a plain sum over rows', () => {
    const { f, y, v } = instance(name, 4);
    const rows = Array.from(f, (_, i) => [f, y, v].map((a) => a.subarray(i, i + 1)));
    const value = rows.reduce((sum, [fi, yi]) => sum + loss.value(fi!, yi!), 0);
    const conjugate = rows.reduce((sum, [, yi, vi]) => sum + loss.conjugate(vi!, yi!), 0);
    expectClose([loss.value(f, y)], [value], 10 * FEW_ROUNDINGS);
    expectClose([loss.conjugate(v, y)], [conjugate], 10 * FEW_ROUNDINGS);
    const empty = new Float64Array(0);
    expect(loss.value(empty, empty)).toBe(0);
    expect(loss.conjugate(empty, empty)).toBe(0);
  });

  it('has 0 and every scaled gradient in the domain of its conjugate', () => {
    for (const f of [-800, -40, -1, 0, 1, 40, 800]) {
      for (const y of [-1, 1]) {
        const v = gradient(loss, Float64Array.of(f), Float64Array.of(y));
        for (const scale of [0, 1e-300, 0.5, 1 - 2 ** -53, 1]) {
          const conjugate = loss.conjugate(
            v.map((value) => scale * value),
            Float64Array.of(y),
          );
          expect(conjugate).toBeLessThan(Infinity);
        }
      }
    }
  });
});

describe('logistic loss at its extremes', () => {
  const loss = lossNamed('logistic');
  const plus = Float64Array.of(1);

  it('is finite, decreasing in y·f, and linear where the classification is very wrong', () => {
    let last = Infinity;
    let lastSlope = -Infinity;
    for (const f of [-800, -745, -710, -100, -37, -1, 0, 1, 36, 37, 100, 700]) {
      const value = loss.value(Float64Array.of(f), plus);
      const slope = gradient(loss, Float64Array.of(f), plus)[0]!;
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(last);
      expect(slope).toBeGreaterThanOrEqual(Math.max(-1, lastSlope));
      expect(slope).toBeLessThan(0);
      last = value;
      lastSlope = slope;
    }
    expect(loss.value(Float64Array.of(-800), plus)).toBe(800);
    expect(loss.value(Float64Array.of(800), plus)).toBe(0);
    expect(loss.value(Float64Array.of(800), Float64Array.of(-1))).toBe(800);
    expect(gradient(loss, Float64Array.of(-800), plus)[0]).toBe(-1);
    expect(curvature(loss, Float64Array.of(-800), plus)[0]).toBe(0);
  });

  it('keeps relative precision of a tiny gradient and curvature', () => {
    const tiny = Math.exp(-300);
    expectClose([gradient(loss, Float64Array.of(300), plus)[0]!], [-tiny], 2 * FEW_ROUNDINGS);
    expectClose(curvature(loss, Float64Array.of(300), plus), [tiny], 2 * FEW_ROUNDINGS);
    expectClose(curvature(loss, Float64Array.of(-300), plus), [tiny], 2 * FEW_ROUNDINGS);
  });

  it('has minus the entropy as conjugate: 0 at the ends, −log 2 in the middle, +∞ outside', () => {
    const at = (p: number, y = 1): number => loss.conjugate(Float64Array.of(-y * p), Float64Array.of(y));
    for (const y of [-1, 1]) {
      expect(Math.abs(at(0, y))).toBe(0);
      expect(Math.abs(at(1, y))).toBe(0);
      expectClose([at(0.5, y)], [-Math.log(2)], FEW_ROUNDINGS);
      expect(at(1 + 2 ** -52, y)).toBe(Infinity);
      expect(at(-Number.MIN_VALUE, y)).toBe(Infinity);
      expect(at(NaN, y)).toBe(Infinity);
    }
    expectClose([at(1e-300)], [1e-300 * (Math.log(1e-300) - 1)], FEW_ROUNDINGS);
    expect(at(1 - 2 ** -53)).toBeLessThan(0);
  });
});

describe('squared loss', () => {
  it('is hand-solved on two rows', () => {
    const loss = lossNamed('squared');
    const y = Float64Array.of(1, -2);
    expect(loss.value(Float64Array.of(3, 0), y)).toBe(4);
    expect([...gradient(loss, Float64Array.of(3, 0), y)]).toEqual([2, 2]);
    expect(loss.conjugate(Float64Array.of(2, 2), y)).toBe(2);
  });
});
