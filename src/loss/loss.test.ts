import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals, targetOf } from '../../test/fixtures/random-program.js';
import {
  DIFFERENCE_STEP,
  FENCHEL_YOUNG,
  FEW_ROUNDINGS,
  FINITE_DIFFERENCE,
  WEAK_INEQUALITY,
} from '../../test/tolerances.js';
import { dot } from '../linalg/vector.js';
import { lossNamed, type Loss, type LossName } from './index.js';

const EPSILON = 0.25;
const DELTA = 0.75;
const K = 3;

const names = ['squared', 'logistic', 'squared-hinge', 'huber', 'absolute', 'softmax'] satisfies LossName[];

function lossOf(name: LossName): Loss {
  return lossNamed(name, { huberDelta: DELTA, epsilon: EPSILON });
}

/** Predictions, targets of the kind the loss takes, and a dual vector in the domain of its conjugate. */
function instance(name: LossName, seed: number): { f: Float64Array; y: Float64Array; v: Float64Array } {
  const n = 6;
  const outputs = name === 'softmax' ? K : 1;
  const f = normals(n * outputs, seed).map((value) => 3 * value);
  const y = normals(n, seed + 1).map((value) => targetOf(name, value));
  // In the domain and not on its boundary: between two (sub)gradients, or anything for the squared loss.
  const free = normals(n * outputs, seed + 2).map((value) => 3 * value);
  const v = free.slice();
  if (name !== 'squared') {
    const loss = lossOf(name);
    const other = gradient(loss, f, y);
    gradient(loss, free, y).forEach((value, i) => (v[i] = 0.3 * value + 0.5 * other[i]!));
    loss.roundIntoDomain?.(v, y);
  }
  return { f, y, v };
}

function gradient(loss: Loss, f: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(f.length);
  loss.gradientInto(out, f, y);
  return out;
}

/** ∇²𝓛(f)·w. */
function bent(loss: Loss, f: Float64Array, y: Float64Array, w: Float64Array): Float64Array {
  if (loss.kind !== 'smooth') throw new Error(`${loss.name} has no curvature`);
  const out = new Float64Array(f.length);
  loss.curvature(f, y).multiplyInto(out, w);
  return out;
}

function curvature(loss: Loss, f: Float64Array, y: Float64Array): Float64Array {
  return bent(loss, f, y, new Float64Array(f.length).fill(1));
}

/** Size of the terms of the Fenchel–Young inequality. */
function termSize(loss: Loss, f: Float64Array, y: Float64Array, v: Float64Array): number {
  return 1 + loss.value(f, y) + f.reduce((sum, value, i) => sum + Math.abs(v[i]! * value) + v[i]! ** 2, 0);
}

/** Distance of f to the nearest place where the gradient is not smooth. */
function distanceToKink(name: LossName, f: Float64Array, y: Float64Array): number {
  const kinkOf = (value: number, target: number): number => {
    if (name === 'squared-hinge') return Math.abs(target * value - 1);
    if (name === 'huber') return Math.abs(Math.abs(value - target) - DELTA);
    return name === 'absolute' ? Math.abs(Math.abs(value - target) - EPSILON) : Infinity;
  };
  return Math.min(...f.map((value, i) => kinkOf(value, y[i]!)));
}

const rowsOf = (values: Float64Array, n: number, i: number): Float64Array =>
  values.filter((_, at) => at % n === i);

describe.each(names)('%s loss', (name) => {
  const loss = lossOf(name);

  it('goes by its name', () => {
    expect(loss.name).toBe(name);
  });

  it('has the gradient of its value (central differences, 20 points)', () => {
    let checked = 0;
    for (let seed = 0; checked < 20; seed++) {
      const { f, y } = instance(name, 3 * seed);
      if (distanceToKink(name, f, y) <= 2 * DIFFERENCE_STEP) continue;
      checked++;
      f.forEach((_, i) => {
        const shifted = (by: number): Float64Array => f.map((value, k) => (k === i ? value + by : value));
        const rise = loss.value(shifted(DIFFERENCE_STEP), y) - loss.value(shifted(-DIFFERENCE_STEP), y);
        const slope = rise / (2 * DIFFERENCE_STEP);
        expectClose([gradient(loss, f, y)[i]!], [slope], FINITE_DIFFERENCE, 1 + loss.value(f, y));
      });
    }
  });

  it('obeys Fenchel–Young: 𝓛(f) + 𝓛*(v) ≥ ⟨f, v⟩', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const { f, y, v } = instance(name, seed);
        expect(loss.conjugate(v, y)).toBeLessThan(Infinity);
        const gap = loss.value(f, y) + loss.conjugate(v, y) - dot(f, v);
        expect(gap).toBeGreaterThanOrEqual(-WEAK_INEQUALITY * termSize(loss, f, y, v));
      }),
      fixed(300),
    );
  });

  it('attains it at v = ∇𝓛(f)', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { f, y } = instance(name, seed);
      const v = gradient(loss, f, y);
      const sum = loss.value(f, y) + loss.conjugate(v, y);
      expectClose([sum], [dot(f, v)], FENCHEL_YOUNG, termSize(loss, f, y, v));
    }
  });

  it('is a plain sum over rows', () => {
    const { f, y, v } = instance(name, 4);
    const rows = Array.from(y, (_, i) => [f, y, v].map((a) => rowsOf(a, y.length, i)));
    const value = rows.reduce((sum, [fi, yi]) => sum + loss.value(fi!, yi!), 0);
    const conjugate = rows.reduce((sum, [, yi, vi]) => sum + loss.conjugate(vi!, yi!), 0);
    expectClose([loss.value(f, y)], [value], 10 * FEW_ROUNDINGS);
    expectClose([loss.conjugate(v, y)], [conjugate], 10 * FEW_ROUNDINGS);
    const empty = new Float64Array(0);
    expect(loss.value(empty, empty)).toBe(0);
    expect(loss.conjugate(empty, empty)).toBe(0);
  });

  it('has 0 and every scaled gradient in the domain of its conjugate, at any outputs', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { f, y } = instance(name, seed);
      const v = gradient(
        loss,
        f.map((value) => 10 ** (seed % 4) * value),
        y,
      );
      expect(loss.conjugate(v, y)).toBeLessThan(Infinity);
      for (const scale of [0, 1e-300, 1e-9, 1 / 3, 1 - 2 ** -53, 1]) {
        const scaled = v.map((value) => scale * value);
        loss.roundIntoDomain?.(scaled, y);
        expect(loss.conjugate(scaled, y)).toBeLessThan(Infinity);
        scaled.forEach((value, i) => {
          expect(Math.abs(value - scale * v[i]!)).toBeLessThanOrEqual(
            4 * K * (2 ** -53 * scale + Number.MIN_VALUE),
          );
        });
      }
    }
  });

  it.each([-1e3, -700, 700, 1e3])('is finite at outputs of %d, and so are its derivatives', (size) => {
    const { f, y } = instance(name, 8);
    const far = f.map((value, i) => (i % 2 === 0 ? size : value));
    const v = gradient(loss, far, y);
    for (const number of [loss.value(far, y), loss.conjugate(v, y), ...v]) {
      expect(Number.isFinite(number)).toBe(true);
    }
    expectClose(
      [loss.value(far, y) + loss.conjugate(v, y)],
      [dot(far, v)],
      FENCHEL_YOUNG,
      termSize(loss, far, y, v),
    );
    if (loss.kind === 'smooth') expect(bent(loss, far, y, far).every(Number.isFinite)).toBe(true);
  });
});

describe.each(['squared', 'logistic', 'softmax'] as const)('%s loss, smooth', (name) => {
  const loss = lossOf(name);

  it('has the curvature of its gradient (central differences, 10 points)', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { f, y } = instance(name, 3 * seed);
      const w = normals(f.length, seed);
      const shifted = (by: number): Float64Array => f.map((value, i) => value + by * w[i]!);
      const above = gradient(loss, shifted(DIFFERENCE_STEP), y);
      const below = gradient(loss, shifted(-DIFFERENCE_STEP), y);
      const bend = above.map((value, i) => (value - below[i]!) / (2 * DIFFERENCE_STEP));
      expectClose(bent(loss, f, y, w), bend, FINITE_DIFFERENCE, 1);
    }
  });

  it('has blocks that are the entries of its curvature, and a diagonal where it says so', () => {
    const { f, y } = instance(name, 5);
    if (loss.kind !== 'smooth') throw new Error('not smooth');
    const n = y.length;
    const bend = loss.curvature(f, y);
    const outputs = f.length / n;
    for (let k = 0; k < outputs; k++) {
      const unit = new Float64Array(f.length).fill(1, k * n, (k + 1) * n);
      const column = bent(loss, f, y, unit);
      for (let l = 0; l < outputs; l++) {
        const { left, right, sign } = bend.block(l, k);
        expectClose(
          left.map((value, i) => sign * value * right[i]!),
          column.subarray(l * n, (l + 1) * n),
          10 * FEW_ROUNDINGS,
          1,
        );
      }
      if (bend.diagonal) expectClose(bend.diagonal, column, FEW_ROUNDINGS);
    }
  });

  it('is bent at most by its curvature bound, and reaches it', () => {
    const y = Float64Array.of(name === 'softmax' ? 0 : 1);
    const quotient = (f: Float64Array, w: Float64Array): number => dot(w, bent(loss, f, y, w)) / dot(w, w);
    const outputs = name === 'softmax' ? K : 1;
    for (let seed = 0; seed < 300; seed++) {
      const f = normals(outputs, seed).map((value) => 10 * value);
      const share = quotient(f, normals(outputs, seed + 1));
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(loss.curvatureBound * (1 + FEW_ROUNDINGS));
    }
    // Two classes of probability ½ each.
    const f = name === 'softmax' ? Float64Array.of(0, 0, -800) : Float64Array.of(0);
    const w = name === 'softmax' ? Float64Array.of(1, -1, 0) : Float64Array.of(1);
    expectClose([quotient(f, w)], [loss.curvatureBound], FEW_ROUNDINGS);
  });
});

describe.each(['squared-hinge', 'huber', 'absolute'] as const)('%s loss, piecewise', (name) => {
  const loss = lossOf(name);
  if (loss.kind !== 'piecewise') throw new Error('not piecewise');

  const prox = (a: number, tau: number, y: number): number => a - tau * loss.proxGradient(a, tau, y);

  it('has a prox whose gradient is a subgradient there: Fenchel–Young with equality', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { f, y } = instance(name, seed);
      for (const tau of [1e-3, 0.5, 1, 40]) {
        const v = f.map((a, i) => loss.proxGradient(a, tau, y[i]!));
        const x = f.map((a, i) => prox(a, tau, y[i]!));
        const sum = loss.value(x, y) + loss.conjugate(v, y);
        expectClose([sum], [dot(x, v)], FENCHEL_YOUNG, (1 + tau) * termSize(loss, x, y, v));
      }
    }
  });

  it('has the slope of its prox (central differences away from kinks)', () => {
    const slopes = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const { f, y } = instance(name, seed);
      const tau = 0.5 + (seed % 3);
      f.forEach((a, i) => {
        const [below, here, above] = [-1, 0, 1].map((step) =>
          loss.proxSlope(a + 2 * step * DIFFERENCE_STEP, tau, y[i]!),
        );
        if (below !== above) return;
        const rise = prox(a + DIFFERENCE_STEP, tau, y[i]!) - prox(a - DIFFERENCE_STEP, tau, y[i]!);
        expectClose([here!], [rise / (2 * DIFFERENCE_STEP)], FINITE_DIFFERENCE, 1);
        slopes.add(here!);
      });
    }
    expect(slopes.size).toBeGreaterThan(1);
  });
});

/** v that are just outside the domain, and at its ends, for a row of target y. */
describe.each([
  { name: 'logistic', y: 1, ends: [[-1], [0]], outside: [[-1 - 2 ** -52], [Number.MIN_VALUE], [NaN]] },
  { name: 'logistic', y: -1, ends: [[1], [0]], outside: [[1 + 2 ** -52], [-Number.MIN_VALUE]] },
  { name: 'squared-hinge', y: 1, ends: [[0], [-1e100]], outside: [[Number.MIN_VALUE], [1], [NaN]] },
  { name: 'squared-hinge', y: -1, ends: [[0], [1e100]], outside: [[-Number.MIN_VALUE]] },
  {
    name: 'huber',
    y: 3,
    ends: [[-DELTA], [DELTA]],
    outside: [[-DELTA - 2 ** -53], [DELTA + 2 ** -53], [NaN]],
  },
  { name: 'absolute', y: 3, ends: [[-1], [1]], outside: [[1 + 2 ** -52], [-1 - 2 ** -52], [NaN]] },
  {
    name: 'softmax',
    y: 1,
    ends: [
      [0, 0, 0],
      [0, -1, 1],
      [0.25, -0.5, 0.25],
    ],
    outside: [
      [0.25, -0.5, 0.25 + 2 ** -54],
      [-0.25, 0, 0.25],
      [1, -1 - 2 ** -52, 2 ** -52],
      [0, 0.5, -0.5],
      [0, NaN, 0],
    ],
  },
] satisfies { name: LossName; y: number; ends: number[][]; outside: number[][] }[])(
  'domain of the conjugate of $name at y = $y',
  ({ name, y, ends, outside }) => {
    // prettier-ignore
    const at = (v: readonly number[]): number =>
    lossOf(name).conjugate(Float64Array.from(v), Float64Array.of(y));

    it('holds its ends, and nothing beyond', () => {
      for (const v of ends) expect(at(v)).toBeLessThan(Infinity);
      for (const v of outside) expect(at(v)).toBe(Infinity);
    });

    it('is not mended where it is left by more than roundings', () => {
      const loss = lossOf(name);
      const far = { softmax: [-0.25, 0, 0.25], other: [y > 0 ? 5 : -5] }[
        name === 'softmax' ? 'softmax' : 'other'
      ];
      const v = Float64Array.from(far);
      loss.roundIntoDomain?.(v, Float64Array.of(y));
      expect([...v]).toEqual(far);
    });
  },
);

describe('losses solved by hand', () => {
  it.each([
    { name: 'squared', y: [1, -2], f: [3, 0], value: 4, slope: [2, 2], conjugate: 2 },
    { name: 'squared-hinge', y: [1, -1], f: [0.5, 0.5], value: 0.25 + 2.25, slope: [-1, 3], conjugate: 0.25 - 1 + 2.25 - 3 }, // prettier-ignore
    // Residuals ½ ≤ δ = ¾ < 2: ⅛ + ¾·2 − ½·(¾)².
    { name: 'huber', y: [1, 1], f: [1.5, -1], value: 0.125 + 1.5 - 0.28125, slope: [0.5, -0.75], conjugate: 0.125 + 0.5 + 0.28125 - 0.75 }, // prettier-ignore
    { name: 'absolute', y: [1, 1, 1], f: [1.2, 3, -1], value: 1.75 + 1.75, slope: [0, 1, -1], conjugate: 1.25 + (0.25 - 1) }, // prettier-ignore
  ] as const)('$name', ({ name, y, f, value, slope, conjugate }) => {
    const loss = lossOf(name);
    expectClose([loss.value(Float64Array.from(f), Float64Array.from(y))], [value], FEW_ROUNDINGS);
    expect([...gradient(loss, Float64Array.from(f), Float64Array.from(y))]).toEqual([...slope]);
    expectClose(
      [loss.conjugate(Float64Array.from(slope), Float64Array.from(y))],
      [conjugate],
      FEW_ROUNDINGS,
      1,
    );
  });

  it('softmax of probabilities ½, ¼, ¼ of two rows, output-major', () => {
    const loss = lossOf('softmax');
    const log2 = Math.log(2);
    const f = Float64Array.of(log2, 0, 0, log2, 0, 0);
    const y = Float64Array.of(0, 2);
    expectClose([loss.value(f, y)], [log2 + 2 * log2], FEW_ROUNDINGS);
    expectClose(gradient(loss, f, y), [-1 / 2, 1 / 4, 1 / 4, 1 / 2, 1 / 4, -3 / 4], FEW_ROUNDINGS);
    // Minus the entropy, 3/2 log 2, of either row.
    const v = Float64Array.of(-1 / 2, 1 / 4, 1 / 4, 1 / 2, 1 / 4, -3 / 4);
    expectClose([loss.conjugate(v, y)], [-3 * log2], FEW_ROUNDINGS);
  });

  it('softmax of two classes is the logistic loss of the difference of its outputs', () => {
    const f = normals(12, 3).map((value) => 5 * value);
    const labels = Float64Array.of(0, 1, 1, 0, 1, 0);
    const difference = f.subarray(0, 6).map((value, i) => f[6 + i]! - value);
    const signs = labels.map((label) => 2 * label - 1);
    const value = lossOf('logistic').value(difference, signs);
    expectClose([lossOf('softmax').value(f, labels)], [value], 10 * FEW_ROUNDINGS);
    const slope = gradient(lossOf('softmax'), f, labels);
    expectClose(slope.subarray(6), gradient(lossOf('logistic'), difference, signs), 10 * FEW_ROUNDINGS);
  });

  it('Huber with a large δ is the squared loss; ε-insensitive with a large ε is 0', () => {
    const { f, y } = instance('squared', 1);
    const huber = lossNamed('huber', { huberDelta: 1e6 });
    expectClose([huber.value(f, y)], [lossOf('squared').value(f, y)], FEW_ROUNDINGS * 10);
    expect(gradient(huber, f, y)).toEqual(gradient(lossOf('squared'), f, y));
    expect(lossNamed('absolute', { epsilon: 1e3 }).value(f, y)).toBe(0);
  });
});

describe('softmax loss at its extremes', () => {
  const loss = lossOf('softmax');

  it('keeps relative precision where it is tiny', () => {
    const f = Float64Array.of(300, 0, 0);
    const y = Float64Array.of(0);
    const tiny = Math.exp(-300);
    expectClose([loss.value(f, y)], [2 * tiny], 4 * FEW_ROUNDINGS);
    expectClose(gradient(loss, f, y), [-2 * tiny, tiny, tiny], 4 * FEW_ROUNDINGS);
    expectClose([loss.value(Float64Array.of(0, 800, 0), y)], [800], 0);
    expectClose(gradient(loss, Float64Array.of(-800, 0, 0), y), [-1, 0.5, 0.5], 0);
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

  it('has minus the entropy as conjugate: 0 at the ends, −log 2 in the middle', () => {
    const at = (p: number, y = 1): number => loss.conjugate(Float64Array.of(-y * p), Float64Array.of(y));
    for (const y of [-1, 1]) {
      expect(Math.abs(at(0, y))).toBe(0);
      expect(Math.abs(at(1, y))).toBe(0);
      expectClose([at(0.5, y)], [-Math.log(2)], FEW_ROUNDINGS);
    }
    expectClose([at(1e-300)], [1e-300 * (Math.log(1e-300) - 1)], FEW_ROUNDINGS);
    expect(at(1 - 2 ** -53)).toBeLessThan(0);
  });
});
