import { describe, expect, it } from 'vitest';
import { certify, type CertifyProblem } from '../../src/certify/certify.js';
import { lossNamed } from '../../src/loss/index.js';
import type { ParallelNetwork } from '../../src/network/network.js';
import { networkObjective } from '../../src/network/objective.js';
import { solve } from '../../src/problem/solve.js';
import { gradientDescent } from '../fixtures/gradient-descent.js';
import { randomNetwork } from '../fixtures/random-network.js';
import { LOSSES, normalRows, normals, targetOf } from '../fixtures/random-program.js';
import { CERTIFY_GAP, NETWORK_OBJECTIVE, WEAK_DUALITY } from '../tolerances.js';

const N = 7;
const D = 2;
/** Hidden widths, the last hidden layer included. [2, 2, 1] is fully connected but no tree. */
const widths = [[1], [3], [2, 1], [2, 2], [2, 1, 1], [1, 2, 1]];
const cases = LOSSES.flatMap((loss) => widths.map((hidden) => ({ loss, hidden })));

function problemOf(
  loss: (typeof LOSSES)[number],
  seed: number,
): CertifyProblem & { readonly y: Float64Array } {
  const { X } = normalRows(N, D, seed);
  const y = normals(N, seed + 1).map((value) => targetOf(loss, value));
  // Every class occurs.
  if (loss === 'softmax') y.set([0, 1, 2]);
  else if (loss === 'logistic' || loss === 'squared-hinge') y.set([-1, 1]);
  return {
    X: { values: X, rows: N, columns: D },
    y,
    beta: 0.2,
    loss,
    tolerance: CERTIFY_GAP,
    maxRegions: 5000,
  };
}

/** Random networks of a family at several sizes, in all combinations of narrower sub-networks. */
function networksOf(hidden: readonly number[], outputs: number): ParallelNetwork[] {
  return Array.from({ length: 60 }, (_, k) => {
    const narrow = hidden.map((m, l) => Math.max(1, m - ((k >> l) & 1)));
    const network = randomNetwork({
      kind: 'relu',
      widths: narrow,
      d: D,
      outputs,
      count: 1 + (k % 5),
      seed: 977 * k,
    });
    const size = [0.02, 0.1, 0.4, 1, 3][k % 5]!;
    return {
      ...network,
      subNetworks: network.subNetworks.map((s) => ({
        ...s,
        output: s.output.map((weight) => size * weight),
      })),
    };
  });
}

describe.each(cases)('$loss loss, hidden widths $hidden', ({ loss, hidden }) => {
  const outputs = loss === 'softmax' ? 3 : 1;
  const problem = problemOf(loss, 40 + hidden.length);
  const { values: X } = problem.X as { values: Float64Array };
  const data = { rows: { X, n: N, d: D }, y: problem.y, loss: lossNamed(loss), beta: problem.beta };
  const objectiveOf = (network: ParallelNetwork): number => networkObjective(network, data);

  it('no network of the family is below the dual bound: random ones, trained ones, our own', async () => {
    const start = randomNetwork({ kind: 'relu', widths: hidden, d: D, outputs, count: 3, seed: 5 });
    const trained = gradientDescent(start, objectiveOf, 150);
    const result = await certify(trained, problem);
    const { dualBound, objective, distance, bestObjective } = result;
    expect(objective).toBe(objectiveOf(trained));
    expect(objective).toBeLessThan(objectiveOf(start));
    expect(result.loss + result.penalty).toBe(objective);
    expect(dualBound).not.toBeNull();
    for (const network of [start, trained, ...networksOf(hidden, outputs)]) {
      expect(objectiveOf(network) * (1 + WEAK_DUALITY)).toBeGreaterThanOrEqual(dualBound!);
    }
    expect(bestObjective).toBeLessThanOrEqual(objective);
    expect(distance.atLeast).toBeLessThanOrEqual(distance.atMost!);
    if (result.proven) expect(bestObjective - dualBound!).toBeLessThanOrEqual(CERTIFY_GAP * bestObjective);
  });

  // The certificate of a solution is the same code for all losses.
  it.skipIf(loss !== 'squared' && loss !== 'softmax')(
    'our own solution is at most the tolerance from the optimum',
    async () => {
      const own = await solve({ ...problem, depth: hidden.length + 1, widths: hidden, patterns: 'all' });
      const result = await certify(
        own.network,
        own.subNetworks === 0 ? { ...problem, widths: hidden } : problem,
      );
      expect(result.objective / own.networkObjective).toBeCloseTo(1, 12);
      expect(result.architecture.attainedWidths).toEqual(own.architecture.attainedWidths);
      expect(result.distance.atMost).toBeLessThanOrEqual(own.gap + NETWORK_OBJECTIVE * own.objective);
      if (own.status === 'optimal')
        expect(result.distance.relativeAtMost).toBeLessThanOrEqual(1.01 * CERTIFY_GAP);
    },
  );
});
