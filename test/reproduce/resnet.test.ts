import { describe, expect, it } from 'vitest';
import { objectiveOf, type Objective } from '../../reproduce/baseline/objective.js';
import { loadTensorFlow } from '../../reproduce/baseline/tensorflow.js';
import { resnet } from '../../reproduce/resnet/experiment.js';
import type { Trials } from '../../reproduce/resnet/trials.js';
import { residualModel, residualNetwork, type ResidualShape } from '../../reproduce/resnet/residual-model.js';
import { expand, forwardResidual, residualPathNorms } from '../../reproduce/resnet/residual.js';
import { forward, pathNorm } from '../../src/network/network.js';
import { normalGenerator } from '../../src/random.js';
import { quickRun } from './quick-run.js';

const shapes: readonly ResidualShape[] = [
  { inputs: 2, branches: 1, block: 1, units: 4 },
  { inputs: 3, branches: 2, block: 3, units: 2 },
];
const n = 6;

function rowsFor(inputs: number) {
  const normal = normalGenerator(3);
  const X = Float64Array.from({ length: n * inputs }, () => Math.fround(normal()));
  return {
    rows: { X, n, d: inputs },
    targets: Float64Array.from({ length: n }, () => Math.fround(normal())),
  };
}

describe('residual networks', () => {
  it.each(shapes)('are their expansion, in outputs and in path norms: $inputs $branches', async (shape) => {
    const tf = await loadTensorFlow();
    const model = residualModel(shape, 0.3);
    const [weights] = model.weights(model.variables(tf, [7]), 1);
    const residual = residualNetwork(shape, weights!);
    const network = expand(residual);
    const { rows } = rowsFor(shape.inputs);
    const own = forwardResidual(residual, rows);
    expect(Math.max(...own.map(Math.abs))).toBeGreaterThan(0.01);
    forward(network, rows).forEach((value, i) => {
      expect(value).toBeCloseTo(own[i]!, 12);
    });
    const norms = residualPathNorms(residual);
    expect(network.subNetworks).toHaveLength(shape.branches * shape.units);
    network.subNetworks.forEach((subNetwork, k) => {
      expect(subNetwork.first).toHaveLength(shape.block + 2);
      expect(pathNorm(subNetwork)).toBeCloseTo(norms[k]!, 12);
    });
  });

  it.each(shapes)(
    'are trained on (1) of the expansion, all trials at once: $inputs $branches',
    async (shape) => {
      const tf = await loadTensorFlow();
      const objective: Objective = { loss: 'squared', beta: 0.3, penalty: 'path-norm' };
      const model = residualModel(shape, objective.beta);
      const data = rowsFor(shape.inputs);
      const seeds = [0, 1, 2];
      const variables = model.variables(tf, seeds);
      const weights = model.weights(variables, seeds.length);
      const X = tf.tensor2d(Float32Array.from(data.rows.X), [n, shape.inputs]);
      const targets = tf.tensor2d(Float32Array.from(data.targets), [n, 1]);
      const { value: total, grads } = tf.variableGrads(
        () => model.value(tf)(variables, X, targets, 1).asScalar(),
        variables,
      );
      const expected = weights.reduce(
        (sum, one) => sum + objectiveOf(model.network(one), data, objective),
        0,
      );
      expect(total.dataSync()[0]! / expected).toBeCloseTo(1, 5);
      // Central differences in float64 along single weights of the second trial.
      variables.forEach((variable, k) => {
        const found = grads[variable.name]!.dataSync();
        const own = weights[1]!.layers[k]!;
        for (let at = 0; at < own.length; at += 2) {
          const along = (step: number): number => {
            const layers = weights[1]!.layers.map(
              (values) => Float64Array.from(values) as unknown as Float32Array,
            );
            layers[k]![at]! += step;
            return objectiveOf(model.network({ layers }), data, objective);
          };
          const slope = (along(1e-6) - along(-1e-6)) / 2e-6;
          expect(Math.abs(found[own.length + at]! - slope)).toBeLessThan(1e-3 * (1 + Math.abs(slope)));
        }
      });
    },
  );
});

it('resnet: no trial is below the certificate, and more residual networks come closer', async () => {
  const { outcome } = await quickRun(resnet);
  const { trials } = outcome.numbers as unknown as { readonly trials: readonly Trials[] };
  const medians = [1, 5].map((branches) => {
    const best = trials.find((one) => one.branches === branches)!.trials.map((trial) => trial.best);
    expect(best).toHaveLength(5);
    return best.sort((a, b) => a - b)[2]!;
  });
  expect(medians[1]).toBeLessThan(0.95 * medians[0]!);
});
