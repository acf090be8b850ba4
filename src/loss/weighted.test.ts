import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, normals, randomProgram, targetOf } from '../../test/fixtures/random-program.js';
import {
  DIFFERENCE_STEP,
  FENCHEL_YOUNG,
  FEW_ROUNDINGS,
  FINITE_DIFFERENCE,
  WEAK_INEQUALITY,
} from '../../test/tolerances.js';
import { patternsOfGates } from '../arrangement/pattern-source.js';
import { dot } from '../linalg/vector.js';
import { solveProgram } from '../solver/solve-program.js';
import { lossNamed, withWeights } from './index.js';
import type { SmoothLoss } from './loss.js';
import { weightedLoss } from './weighted.js';

const n = 6;
const names = ['squared', 'logistic', 'softmax'] as const;

function plain(name: (typeof names)[number]): SmoothLoss {
  const loss = lossNamed(name);
  if (loss.kind !== 'smooth') throw new Error('not smooth');
  return loss;
}

function instance(
  name: (typeof names)[number],
  seed: number,
): { f: Float64Array; y: Float64Array; weights: Float64Array } {
  const outputs = name === 'softmax' ? 3 : 1;
  return {
    f: normals(n * outputs, seed).map((value) => 3 * value),
    y: normals(n, seed + 1).map((value) => targetOf(name, value)),
    weights: normals(n, seed + 2).map((value) => 10 ** value),
  };
}

function gradient(loss: SmoothLoss, f: Float64Array, y: Float64Array): Float64Array {
  const out = new Float64Array(f.length);
  loss.gradientInto(out, f, y);
  return out;
}

function size(loss: SmoothLoss, f: Float64Array, y: Float64Array, v: Float64Array): number {
  return 1 + loss.value(f, y) + f.reduce((sum, value, i) => sum + Math.abs(v[i]! * value) + v[i]! ** 2, 0);
}

describe.each(names)('%s loss with weights', (name) => {
  it('has the gradient of its value and the curvature of its gradient (central differences)', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { f, y, weights } = instance(name, 5 * seed);
      const loss = weightedLoss(plain(name), weights);
      const w = normals(f.length, seed);
      const shifted = (by: number): Float64Array => f.map((value, i) => value + by * w[i]!);
      const [above, below] = [shifted(DIFFERENCE_STEP), shifted(-DIFFERENCE_STEP)];
      const slope = (loss.value(above, y) - loss.value(below, y)) / (2 * DIFFERENCE_STEP);
      expectClose([dot(gradient(loss, f, y), w)], [slope], FINITE_DIFFERENCE, 1 + loss.value(f, y));
      const low = gradient(loss, below, y);
      const bend = gradient(loss, above, y).map((value, i) => (value - low[i]!) / (2 * DIFFERENCE_STEP));
      const product = new Float64Array(f.length);
      const curvature = loss.curvature(f, y);
      curvature.multiplyInto(product, w);
      expectClose(product, bend, FINITE_DIFFERENCE, 100);
      if (curvature.diagonal)
        expectClose(
          curvature.diagonal.map((value, i) => value * w[i]!),
          product,
          10 * FEW_ROUNDINGS,
        );
      expect(dot(product, w)).toBeLessThanOrEqual(loss.curvatureBound * dot(w, w));
      const outputs = f.length / n;
      const fromBlocks = new Float64Array(f.length);
      for (let k = 0; k < outputs; k++) {
        for (let l = 0; l < outputs; l++) {
          const { left, right, sign } = curvature.block(k, l);
          for (let i = 0; i < n; i++) fromBlocks[k * n + i]! += sign * left[i]! * right[i]! * w[l * n + i]!;
        }
      }
      expectClose(fromBlocks, product, 10 * FEW_ROUNDINGS, 100);
    }
  });

  it('obeys Fenchel–Young, and attains it at its gradient, at any size of outputs', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: -2, max: 3 }), (seed, power) => {
        const { f: plainOutputs, y, weights } = instance(name, seed);
        const f = plainOutputs.map((value) => 10 ** power * value);
        const loss = weightedLoss(plain(name), weights);
        const v = gradient(loss, f, y);
        const attained = loss.value(f, y) + loss.conjugate(v, y);
        expectClose([attained], [dot(f, v)], FENCHEL_YOUNG, size(loss, f, y, v));
        const other = instance(name, seed + 7).f;
        const left = loss.value(other, y) + loss.conjugate(v, y) - dot(other, v);
        expect(left).toBeGreaterThanOrEqual(-WEAK_INEQUALITY * size(loss, other, y, v));
      }),
      fixed(200),
    );
  });

  it('has every scaled gradient in the domain of its conjugate', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { f, y, weights } = instance(name, seed);
      const loss = weightedLoss(plain(name), weights);
      const v = gradient(
        loss,
        f.map((value) => 10 ** (seed % 4) * value),
        y,
      );
      for (const scale of [0, 1e-300, 1e-9, 1 / 3, 1 - 2 ** -53, 1]) {
        expect(
          loss.conjugate(
            v.map((value) => scale * value),
            y,
          ),
        ).toBeLessThan(Infinity);
      }
    }
  });

  it('is repeated rows where the weights are whole', () => {
    const { f, y } = instance(name, 3);
    const weights = Float64Array.of(1, 3, 2, 1, 5, 1);
    const copies = [...weights].flatMap((count, i) => new Array<number>(count).fill(i));
    const outputs = f.length / n;
    const repeated = (values: Float64Array, blocks: number): Float64Array =>
      Float64Array.from(
        Array.from({ length: blocks }, (_, k) => copies.map((i) => values[k * n + i]!)).flat(),
      );
    const loss = weightedLoss(plain(name), weights);
    const [many, targets] = [repeated(f, outputs), repeated(y, 1)];
    expectClose([loss.value(f, y)], [plain(name).value(many, targets)], 10 * FEW_ROUNDINGS);
    const v = gradient(plain(name), many, targets);
    const conjugate = loss.conjugate(gradient(loss, f, y), y);
    expectClose([conjugate], [plain(name).conjugate(v, targets)], 100 * FEW_ROUNDINGS, 1);
  });

  it.each(['relu', 'gated'] as const)(
    'whole weights have the certified optimum of repeated rows (%s)',
    async (formulation) => {
      const base = randomProgram({
        seed: 11,
        n: 14,
        d: 3,
        depth: 2,
        draws: 12,
        loss: name,
        formulation,
        betaRatio: 0.1,
      });
      const { X, d } = base.rows as { X: Float64Array; d: number };
      const counts = Float64Array.from({ length: 14 }, (_, i) => 1 + (i % 3));
      const copies = [...counts].flatMap((count, i) => new Array<number>(count).fill(i));
      const rows = {
        X: Float64Array.from(copies.flatMap((i) => [...X.subarray(i * d, (i + 1) * d)])),
        n: copies.length,
        d,
      };
      const gates = base.patterns.map((pattern) => pattern.gates.first[0]!);
      const options = { tolerance: 1e-9, maxIterations: 200 };
      const weighted = await solveProgram({ ...base, loss: withWeights(base.loss, counts) }, options);
      const repeated = await solveProgram(
        {
          ...base,
          rows,
          y: Float64Array.from(copies, (i) => base.y[i]!),
          patterns: patternsOfGates(rows, gates).patterns,
        },
        options,
      );
      for (const solution of [weighted, repeated]) expect(solution.relativeGap).toBeLessThanOrEqual(1e-9);
      // Each bound holds for the other's optimum too.
      const slack = 1e-12 * repeated.objective;
      expect(weighted.dualBound).toBeLessThanOrEqual(repeated.objective + slack);
      expect(repeated.dualBound).toBeLessThanOrEqual(weighted.objective + slack);
      const unweighted = await solveProgram(base, options);
      expect(Math.abs(unweighted.objective - weighted.objective)).toBeGreaterThan(1e-3 * weighted.objective);
    },
  );
});

describe('domain of the weighted conjugate', () => {
  it('is not mended where it is left by more than roundings', () => {
    const loss = weightedLoss(plain('logistic'), Float64Array.of(0.3));
    const at = (v: number): number => loss.conjugate(Float64Array.of(v), Float64Array.of(1));
    expect(at(-0.3)).toBeLessThan(Infinity);
    expect(at(-0.3 * (1 + 1e-12))).toBe(Infinity);
    expect(at(1e-300)).toBe(Infinity);
  });

  it('refuses losses with kinks', () => {
    expect(() => withWeights(lossNamed('huber'), Float64Array.of(1))).toThrow(/takes no weights/);
  });
});
