import { describe, expect, it } from 'vitest';
import type { Prices } from '../../src/certificate/pricing.js';
import { norm2 } from '../../src/linalg/vector.js';
import { predictorLength } from '../../src/program/convex-program.js';
import { normals, randomProgram } from '../fixtures/random-program.js';
import { price, pricerOf } from '../fixtures/price.js';

const groupsOf = (violators: Prices['violators']): number[] =>
  violators.map(({ group }) => group).sort((a, b) => a - b);

describe.each(['gated', 'relu'] as const)('safe screening, %s', (formulation) => {
  it.each([
    ['squared', 2],
    ['softmax', 2],
    ['logistic', 3],
  ] as const)('finds what pricing every group finds: %s, depth %i', (loss, depth) => {
    const program = randomProgram({
      seed: 5,
      n: 40,
      d: 4,
      depth,
      loss,
      formulation,
      betaRatio: 0.6,
      draws: 300,
    });
    const pricer = pricerOf(program);
    const v = new Float64Array(predictorLength(program));
    program.loss.gradientInto(v, new Float64Array(v.length), program.y);
    const noise = normals(v.length, 9);
    const size = norm2(v) / norm2(noise);
    for (let step = 0; step < 12; step++) {
      // Smaller and smaller moves about a v, as at the end of a solve.
      const moved = v.map((value, i) => value + 0.3 ** step * size * noise[(i + step) % noise.length]!);
      const { largest, violators } = pricer.priceNow(moved);
      const fresh = price(program, moved);
      // As sets: warm projections round differently, and some supports are equal.
      expect(groupsOf(violators)).toEqual(groupsOf(fresh.violators));
      if (fresh.violators.length > 0) expect(largest).toBeGreaterThanOrEqual(fresh.violators[0]!.support);
      expect(largest).toBeLessThanOrEqual(Math.max(program.beta, fresh.largest * (1 + 1e-9)));
    }
    expect(pricer.counts.screened).toBeGreaterThan(program.patterns.length);
  });
});
