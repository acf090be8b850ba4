import { describe, expect, it } from 'vitest';
import { descend } from '../../reproduce/baseline/descend.js';
import { batchObjective, objectiveOf, type Objective } from '../../reproduce/baseline/objective.js';
import { initialWeights, networkOf, type Shape } from '../../reproduce/baseline/shape.js';
import { loadTensorFlow } from '../../reproduce/baseline/tensorflow.js';
import { normalGenerator } from '../../src/random.js';

const n = 7;
const inputs = 3;

const shapes: readonly Shape[] = [
  { inputs, widths: [1], subNetworks: 4, outputs: 1 },
  { inputs, widths: [3, 1], subNetworks: 2, outputs: 1 },
  { inputs, widths: [2, 3], subNetworks: 2, outputs: 2 },
  { inputs, widths: [2, 2, 2], subNetworks: 1, outputs: 3 },
];

/** Data of n rows with the targets of a loss. */
function dataFor(loss: Objective['loss'], outputs: number) {
  const normal = normalGenerator(9);
  const X = Float64Array.from({ length: n * inputs }, () => Math.fround(normal()));
  const targets = Float64Array.from({ length: n * outputs }, (_, at) => {
    if (loss === 'logistic' || loss === 'squared-hinge') return normal() > 0 ? 1 : -1;
    if (loss !== 'softmax') return Math.fround(normal());
    return (at % n) % outputs === Math.floor(at / n) ? 1 : 0;
  });
  return { rows: { X, n, d: inputs }, targets };
}

describe('the objective that baselines descend', () => {
  const cases = shapes.flatMap((shape) =>
    (['squared', 'logistic', 'squared-hinge', 'huber', 'absolute', 'softmax'] as const)
      .filter((loss) => loss !== 'softmax' || shape.outputs > 1)
      .flatMap((loss) =>
        (['path-norm', 'weight-decay'] as const).map((penalty) => ({
          shape,
          objective: { loss, beta: 0.3, penalty },
        })),
      ),
  );

  it.each(cases)(
    'is (1) as the library evaluates it, and so is its derivative: $shape $objective',
    async ({ shape, objective }) => {
      const tf = await loadTensorFlow();
      const data = dataFor(objective.loss, shape.outputs);
      const weights = initialWeights(shape, 5);
      const value = objectiveOf(networkOf(shape, weights), data, objective);
      const groups = shape.subNetworks * shape.outputs;
      const sizes = [inputs, ...shape.widths];
      const tensors = weights.layers.map((layer, l) =>
        tf.tensor(
          layer,
          l === 0 ? [inputs, groups * (shape.widths[0] ?? 1)] : [groups, sizes[l] ?? 1, shape.widths[l] ?? 1],
        ),
      );
      const X = tf.tensor2d(Float32Array.from(data.rows.X), [n, inputs]);
      const targets = tf.transpose(tf.tensor2d(Float32Array.from(data.targets), [shape.outputs, n]));
      const f = batchObjective(tf, shape, objective);
      expect((f(tensors, X, targets, 1).dataSync()[0] ?? 0) / value).toBeCloseTo(1, 5);
      const gradients = tf.grads((...layers) => f(layers, X, targets, 1))(tensors);
      // Central differences in float64 along single weights.
      weights.layers.forEach((layer, l) => {
        const found = gradients[l]?.dataSync() ?? [];
        for (let at = 0; at < layer.length; at += 2) {
          const along = (step: number): number => {
            const moved = weights.layers.map(
              (values) => Float64Array.from(values) as unknown as Float32Array,
            );
            moved[l]![at]! += step;
            return objectiveOf(networkOf(shape, { layers: moved }), data, objective);
          };
          const slope = (along(1e-6) - along(-1e-6)) / 2e-6;
          expect(Math.abs((found[at] ?? NaN) - slope)).toBeLessThan(1e-3 * (1 + Math.abs(slope)));
        }
      });
    },
  );
});

describe('trials', () => {
  const shape: Shape = { inputs, widths: [2, 1], subNetworks: 3, outputs: 2 };
  const objective: Objective = { loss: 'squared', beta: 0.05, penalty: 'path-norm' };
  const data = dataFor('squared', 2);
  const descent = { optimiser: 'adam', rate: 0.02, iterations: 30, every: 10, schedule: 'falling' } as const;

  it('are the same together as alone, and twice', async () => {
    const together = await descend(data, shape, objective, descent, [0, 1, 2]);
    const again = await descend(data, shape, objective, descent, [0, 1, 2]);
    expect(again).toEqual(together);
    const alone = await descend(data, shape, objective, descent, [1]);
    alone[0]!.curve.forEach(({ objective: value }, at) => {
      expect(value / together[1]!.curve[at]!.objective).toBeCloseTo(1, 4);
    });
  });

  it('descend, in full and in small batches, by both optimisers', async () => {
    for (const optimiser of ['sgd', 'adam'] as const) {
      for (const batch of [n, 3]) {
        const [trial] = await descend(
          data,
          shape,
          objective,
          { ...descent, optimiser, batch, iterations: 200 },
          [4],
        );
        expect(trial!.best).toBeLessThan(0.8 * trial!.curve[0]!.objective);
        expect(objectiveOf(trial!.network, data, objective)).toBe(trial!.best);
      }
    }
  });

  it('that diverge are infinite, and keep what they began with', async () => {
    const [trial] = await descend(data, shape, objective, { ...descent, optimiser: 'sgd', rate: 1e6 }, [0]);
    expect(trial!.curve.at(-1)!.objective).toBe(Infinity);
    expect(trial!.best).toBe(trial!.curve[0]!.objective);
  });

  it('have a β of their own where asked, in one pass', async () => {
    for (const penalty of ['path-norm', 'weight-decay'] as const) {
      const betas = [0.01, 1];
      const together = await descend(data, shape, { ...objective, penalty }, descent, [3, 3], { betas });
      for (const [t, beta] of betas.entries()) {
        const [alone] = await descend(data, shape, { ...objective, penalty, beta }, descent, [3]);
        expect(together[t]!.best / alone!.best).toBeCloseTo(1, 4);
      }
    }
  });

  it('tell every point of their curves, of which the steps may be chosen', async () => {
    const heard: { trial: number; iteration: number; objective: number }[] = [];
    const trials = await descend(
      data,
      shape,
      objective,
      { ...descent, every: (iteration) => iteration < 3 || iteration === 7 },
      [0, 1],
      {
        onPoint: (trial, point, network) => {
          heard.push({ trial, ...point });
          expect(objectiveOf(network, data, objective)).toBe(point.objective);
        },
      },
    );
    expect(trials[0]!.curve.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 7, 30]);
    trials.forEach(({ curve }, trial) => {
      expect(heard.filter((point) => point.trial === trial)).toEqual(
        curve.map((point) => ({ trial, ...point })),
      );
    });
  });

  it('stop between two points of the curve', async () => {
    const controller = new AbortController();
    const running = descend(data, shape, objective, { ...descent, iterations: 1e9, every: 1e9 }, [0], {
      signal: controller.signal,
    });
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 50);
    await expect(running).rejects.toThrow('enough');
  });

  it('stop at a signal', async () => {
    await expect(
      descend(data, shape, objective, descent, [0], { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});
