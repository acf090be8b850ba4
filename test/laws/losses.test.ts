import { describe, expect, it } from 'vitest';
import { lossNamed } from '../../src/loss/index.js';
import { networkObjective } from '../../src/network/objective.js';
import { reconstructNetwork } from '../../src/network/reconstruct.js';
import { betaMax } from '../../src/path/beta-max.js';
import { predictorLength, type ConvexProgram, type Formulation } from '../../src/program/convex-program.js';
import { solveProgram } from '../../src/solver/solve-program.js';
import { expectClose } from '../fixtures/close.js';
import { LOSSES, randomProgram } from '../fixtures/random-program.js';
import { LAW_GAP, LAW_ROUNDING, LOSS_GAP, NETWORK_OBJECTIVE } from '../tolerances.js';

const combinations = (['gated', 'relu'] satisfies Formulation[]).flatMap((formulation) =>
  [2, 3].flatMap((depth) => LOSSES.map((loss) => ({ formulation, depth, loss }))),
);

describe.each(combinations)('$loss loss, $formulation, depth $depth', (kind) => {
  it.each([
    { n: 30, d: 3, draws: 20, share: 0.1 },
    { n: 60, d: 4, draws: 30, share: 0.01 },
    { n: 200, d: 5, draws: 50, share: 0.1 },
  ])('closes its gap: n = $n, d = $d, $draws patterns, β = $share β_max', async ({ share, ...size }) => {
    const base = randomProgram({ ...kind, ...size, seed: 5, betaRatio: 1, epsilon: 0.1 });
    const program = { ...base, beta: share * betaMax(base) };
    const { status, relativeGap, coefficients, objective } = await solveProgram(program, {
      tolerance: LOSS_GAP,
    });
    expect(status).toBe('optimal');
    expect(relativeGap).toBeLessThanOrEqual(LOSS_GAP);
    const network = reconstructNetwork(program, coefficients);
    expectClose([networkObjective(network, program)], [objective], NETWORK_OBJECTIVE);
  });

  it('gives the zero network from β_max on', async () => {
    const base = randomProgram({ ...kind, n: 30, d: 3, draws: 20, seed: 6, betaRatio: 1, epsilon: 0.5 });
    for (const factor of [1, 1.01, 1e4]) {
      const program = { ...base, beta: factor * betaMax(base) };
      const { objective, relativeGap, coefficients } = await solveProgram(program, { tolerance: LAW_GAP });
      expect(coefficients.size).toBe(0);
      expect(objective).toBe(program.loss.value(new Float64Array(predictorLength(program)), program.y));
      expect(relativeGap).toBeLessThanOrEqual(LAW_ROUNDING);
    }
  });
});

describe.each(['gated', 'relu'] as const)('losses that are another one in disguise, %s', (formulation) => {
  const size = { formulation, depth: 2, n: 40, d: 4, draws: 25, seed: 9, betaRatio: 0.05 };
  const optimum = async (program: ConvexProgram): Promise<number> => {
    const { objective, status } = await solveProgram(program, { tolerance: LAW_GAP });
    expect(status).toBe('optimal');
    return objective;
  };

  it('softmax of two classes is logistic at the same β', async () => {
    // Only f₁ − f₀ counts, and z in f₁ costs as much as −z in f₀, or half of it in both: the same norm.
    const logistic = randomProgram({ ...size, loss: 'logistic' });
    const softmax = { ...logistic, loss: lossNamed('softmax'), outputs: 2, y: logistic.y.map((y) => (y + 1) / 2) }; // prettier-ignore
    expectClose([betaMax(softmax)], [betaMax(logistic)], LAW_ROUNDING);
    expectClose([await optimum(softmax)], [await optimum(logistic)], 2 * LAW_GAP);
  });

  it('Huber with a large δ is squared', async () => {
    const squared = randomProgram({ ...size, loss: 'squared' });
    const huber = { ...squared, loss: lossNamed('huber', { huberDelta: 1e6 }) };
    expectClose([await optimum(huber)], [await optimum(squared)], 2 * LAW_GAP);
  });

  it('Huber with a small δ is δ times absolute, but for ½δ² a row', async () => {
    const delta = 1e-4;
    const absolute = randomProgram({ ...size, loss: 'absolute' });
    const huber = { ...absolute, beta: delta * absolute.beta, loss: lossNamed('huber', { huberDelta: delta }) }; // prettier-ignore
    const scaled = (await optimum(huber)) / delta;
    const reference = await optimum(absolute);
    expect(scaled).toBeLessThanOrEqual(reference * (1 + 2 * LAW_GAP));
    expect(scaled).toBeGreaterThanOrEqual(reference - 40 * (delta / 2) - 2 * LAW_GAP * reference);
  });

  it('ε-insensitive with a large ε is solved by the zero network', async () => {
    const program = randomProgram({ ...size, loss: 'absolute', epsilon: 100 });
    expect(betaMax(program)).toBe(0);
    expect(await optimum({ ...program, beta: 1e-3 })).toBe(0);
  });
});
